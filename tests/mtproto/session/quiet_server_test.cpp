#include <catch2/catch.hpp>

#include "client.hpp"

using namespace mtproto;
using namespace support;

namespace {

const auto update = words({0xdddd0001});

std::vector<MessageId> asked_states(const std::vector<Heard>& heard) {
  std::vector<MessageId> out;
  for (const auto& it : those(heard, MsgsStateReq::id)) {
    const auto about = read_service<MsgsStateReq>(it.body)->msg_ids;
    out.insert(out.end(), about.begin(), about.end());
  }
  return out;
}

// The server's word on the one message that it was just asked about.
void tell_state(Client& client, const std::vector<Heard>& heard, std::uint8_t state) {
  const auto questions = those(heard, MsgsStateReq::id);
  REQUIRE(questions.size() == 1);
  client.tell(client.server.say(MsgsStateInfo{questions[0].id, {state}}));
}

std::size_t pings(const std::vector<Heard>& heard) {
  return those(heard, PingDelayDisconnect::id).size();
}

}  // namespace

TEST_CASE("silence after a call is answered by a ping and is death after fifteen seconds") {
  Client client;
  client.settle();
  client.call(ask);
  client.pass(4s);
  CHECK(pings(client.heard()) == 0);
  client.pass(1s);
  CHECK(pings(client.heard()) == 1);
  client.pass(5s);
  CHECK(pings(client.heard()) == 1);
  client.pass(4s);
  CHECK(client.events<Failed>().empty());
  CHECK(client.session.deadline() == client.now + 1s);
  client.pass(1s);
  const auto failed = client.events<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == boost::system::errc::timed_out);
}

TEST_CASE("a ping that nothing answers is death after fifteen seconds as well") {
  Client client;
  client.settle();
  client.pass(20s);
  client.heard();  // acknowledgements, which nobody answers
  client.pass(10s);
  CHECK(pings(client.heard()) == 1);
  client.pass(14s);
  CHECK(client.events<Failed>().empty());
  client.pass(1s);
  CHECK(client.events<Failed>().size() == 1);
}

TEST_CASE("any byte in return says that the link is alive") {
  Client client;
  client.settle();
  client.call(ask);
  for (int i = 0; i < 10; ++i) {
    client.pass(4s);
    client.tell(client.server.say(update));
    for (const auto& ping : those(client.heard(), PingDelayDisconnect::id)) {
      client.tell(client.server.say(Pong{ping.id, 0}));
    }
  }
  CHECK(client.events<Failed>().empty());
}

TEST_CASE("acknowledgements alone want no answer") {
  Client client;
  client.settle();
  client.tell(client.server.say(update));
  client.pass(20s);
  CHECK(those(client.heard(), MsgsAck::id).size() == 1);
  client.pass(9s);
  CHECK(client.heard().empty());
}

TEST_CASE("a large call is given the time that it needs to travel") {
  Client client;
  client.settle();
  tl::Bytes large(std::size_t{320} << 10);
  client.random.fill(large);  // nothing makes it smaller
  client.call(large);
  client.pass(34s);  // 16 KiB a second are not dead
  CHECK(client.events<Failed>().empty());
  client.pass(1s);
  CHECK(client.events<Failed>().size() == 1);
}

TEST_CASE("while the peer takes some of a large write the link is alive") {
  Client client;
  client.settle();
  client.call(ask);
  for (int i = 0; i < 20; ++i) {
    client.pass(10s);
    client.session.moved(client.now);
  }
  CHECK(client.events<Failed>().empty());
  client.pass(15s);
  CHECK(client.events<Failed>().size() == 1);
}

TEST_CASE("a machine that was stopped reads first and blames the server later") {
  Client client;
  client.settle();
  client.call(ask);
  client.pass(300s);
  CHECK(client.events<Failed>().empty());
  CHECK(pings(client.heard()) == 1);
  client.pass(15s);
  CHECK(client.events<Failed>().size() == 1);
}

TEST_CASE("a link that brings other things and no pong is dead in the end") {
  Client client;
  client.settle();
  std::size_t said = 0;
  for (int i = 0; i < 60; ++i) {
    client.pass(2s);
    client.tell(client.server.say(update));
    said += pings(client.heard());
  }
  CHECK(said == 3);
  CHECK(client.events<Failed>().size() == 1);
}

TEST_CASE("a call without a word about it is asked about, and sent again if it did not arrive") {
  Client client;
  client.settle();
  const auto first = client.call(ask);
  client.pass(4s);
  client.tell(client.server.say(update));
  CHECK(asked_states(client.heard()).empty());
  client.pass(1s);
  const auto heard = client.heard();
  CHECK(asked_states(heard) == std::vector{first.id});
  tell_state(client, heard, message_state::not_received);
  const auto again = client.heard();
  REQUIRE(again.size() == 1);
  CHECK(again[0].body == ask);
  CHECK(again[0].id != first.id);
}

TEST_CASE("a question about a call is repeated where its answer is lost") {
  Client client;
  client.settle();
  const auto first = client.call(ask);
  client.pass(5s);
  CHECK(asked_states(client.heard()) == std::vector{first.id});
  client.tell(client.server.say(update));
  client.pass(9s);
  client.tell(client.server.say(update));
  CHECK(asked_states(client.heard()).empty());
  client.pass(1s);
  CHECK(asked_states(client.heard()) == std::vector{first.id});
}

TEST_CASE("a call that arrived is waited for and its answer asked for") {
  Client client;
  client.settle();
  const auto first = client.call(ask);
  client.pass(5s);
  tell_state(client, client.heard(), message_state::received);
  client.pass(14s);
  client.tell(client.server.say(update));
  CHECK(those(client.heard(), MsgResendAnsReq::id).empty());
  client.pass(1s);
  const auto wanted = those(client.heard(), MsgResendAnsReq::id);
  REQUIRE(wanted.size() == 1);
  CHECK(read_service<MsgResendAnsReq>(wanted[0].body)->msg_ids == std::vector{first.id});
  client.tell(client.result(first.id, words({0xbbbb0001})));
  CHECK(client.answers().size() == 1);
}

TEST_CASE("nothing is asked about while nothing is read") {
  Client client;
  client.settle();
  client.call(ask);
  client.session.pause(true, client.now);
  client.pass(100s);
  CHECK(asked_states(client.heard()).empty());
  client.session.pause(false, client.now);
  client.pass(4s);
  CHECK(asked_states(client.heard()).empty());
  client.pass(1s);
  CHECK(asked_states(client.heard()).size() == 1);
}

TEST_CASE("a service call without an answer is said again") {
  Client client;
  client.settle();
  const auto ping = write_service(Ping{1});
  const auto first = client.call(ping, service());
  client.pass(5s);
  const auto again = those(client.heard(), Ping::id);
  REQUIRE(again.size() == 1);
  CHECK(again[0].id != first.id);
  client.tell(client.server.say(Pong{again[0].id, 1}));
  CHECK(client.answers().size() == 1);
}

TEST_CASE("a call with a number of its own is not asked about") {
  Client client;
  client.settle();
  SendOptions options;
  options.seqno = 3;
  client.call(ask, options);
  client.pass(5s);
  CHECK(asked_states(client.heard()).empty());
}

TEST_CASE("the server is told of a call that nobody waits for any more") {
  Client client;
  client.settle();
  const auto sent = client.call(ask);
  client.session.forget(client.request);
  const auto drops = those(client.heard(), RpcDropAnswer::id);
  REQUIRE(drops.size() == 1);
  CHECK(read_service<RpcDropAnswer>(drops[0].body)->req_msg_id == sent.id);
  CHECK(drops[0].seqno % 2 == 0);
  client.tell(client.result(drops[0].id, write_service(RpcAnswerDroppedRunning{})));
  client.tell(client.result(sent.id, words({0xbbbb0001})));
  CHECK(client.session.take_events().empty());
}

TEST_CASE("a drop that met a wrong salt is said again") {
  Client client;
  client.settle();
  const auto sent = client.call(ask);
  client.session.forget(client.request);
  const auto drop = those(client.heard(), RpcDropAnswer::id).at(0);
  client.tell(client.server.say(BadServerSalt{drop.id, 0, 48, 0x5a18}));
  const auto again = those(client.heard(), RpcDropAnswer::id);
  REQUIRE(again.size() == 1);
  CHECK(read_service<RpcDropAnswer>(again[0].body)->req_msg_id == sent.id);
  CHECK(again[0].head.salt == 0x5a18);
}

TEST_CASE("of a call that was never written and of a service call nothing is dropped") {
  Client client;
  client.settle();
  client.session.forget(client.send(ask));
  client.call(write_service(Ping{1}), service());
  client.session.forget(client.request);
  CHECK(client.heard().empty());
}

TEST_CASE("what was to come after a call still does when nobody waits for that call") {
  Client client;
  client.settle();
  const auto first = client.call(ask);
  const auto one = client.request;
  client.session.forget(one);
  client.heard();
  SendOptions options;
  options.after = {one};
  const auto second = client.call(words({0xaaaa0002}), options);
  tl::Reader in(second.body);
  CHECK(in.nat() == 0xcb9f372d);
  CHECK(MessageId(static_cast<std::uint64_t>(in.int64())) == first.id);
}

TEST_CASE("the making of a key is told") {
  Client client{SessionState{}};
  client.connect();
  CHECK(client.events<KeyExchangeBegun>().size() == 1);
  Client with_key;
  with_key.connect();
  CHECK(with_key.events<KeyExchangeBegun>().empty());
}

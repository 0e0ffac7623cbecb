#include <catch2/catch.hpp>

#include "client.hpp"
#include "mtproto/message/gzip.hpp"

using namespace mtproto;
using namespace support;

TEST_CASE("an answer that nobody waits for is acknowledged and dropped") {
  Client client;
  client.settle();
  client.tell(client.result(MessageId(0x1234567800000000), reply));
  CHECK(client.session.take_events().empty());
  const auto id = client.server.last;
  client.pass(20s);
  const auto acks = those(client.heard(), MsgsAck::id);
  REQUIRE(acks.size() == 1);
  const auto named = read_service<MsgsAck>(acks[0].body)->msg_ids;
  CHECK(std::find(named.begin(), named.end(), id) != named.end());
  CHECK(acks[0].seqno % 2 == 0);
}

TEST_CASE("a forgotten request's answer makes no event") {
  Client client;
  client.settle();
  const auto heard = client.call(ask);
  client.session.forget(client.request);
  CHECK(client.session.in_flight() == 0);
  client.tell(client.result(heard.id, reply));
  CHECK(client.session.take_events().empty());
}

TEST_CASE("acknowledgements go along with the next call") {
  Client client;
  client.settle();
  client.send(ask);
  const auto heard = client.heard();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].constructor() == MsgsAck::id);
  CHECK(read_service<MsgsAck>(heard[0].body)->msg_ids.size() == 2);
}

TEST_CASE("more than sixteen acknowledgements are not kept waiting") {
  Client client;
  client.settle();
  client.pass(20s);
  client.heard();
  for (int i = 0; i < 16; ++i) client.tell(client.server.say(words({9, 9})));
  CHECK(client.heard().empty());
  client.tell(client.server.say(words({9, 9})));
  const auto acks = client.heard();
  REQUIRE(acks.size() == 1);
  CHECK(read_service<MsgsAck>(acks[0].body)->msg_ids.size() == 17);
}

TEST_CASE("the deadline is when acknowledgements are due") {
  Client client;
  client.settle();
  CHECK(client.session.deadline() == client.now + 20s);
}

TEST_CASE("a duplicate is acknowledged and carried no further") {
  Client client;
  client.settle();
  const auto update = words({0xdddd0001});
  const auto packet = client.server.say(update);
  client.tell(packet);
  CHECK(client.events<Pushed>().size() == 1);
  client.pass(20s);
  client.heard();
  client.tell(client.server.say_as(client.server.last, 5, update));
  CHECK(client.session.take_events().empty());
  client.pass(20s);
  CHECK(those(client.heard(), MsgsAck::id).size() == 1);
}

TEST_CASE("an awaited answer older than all that is remembered is taken") {
  Client client;
  client.settle();
  const auto call = client.call(words({0xaaaa0009, 1}));
  const auto late = client.result(call.id, words({0xbbbb0009}));
  for (std::uint32_t i = 0; i < 2000; ++i) {
    client.tell(client.server.say(words({0xdddd0001, i})));
    client.heard();
  }
  client.session.take_events();
  client.tell(late);
  CHECK(client.answers().size() == 1);
  client.tell(late);
  CHECK(client.session.take_events().empty());
}

TEST_CASE("a container of answers is laid flat") {
  Client client;
  client.settle();
  client.send(words({1, 1}));
  client.send(words({2, 2}));
  const auto heard = client.heard();
  client.tell(client.server.say_together({write_rpc_result(heard[1].id, words({11})),
                                          write_rpc_result(heard[2].id, words({22})),
                                          words({0xdddd0001})}));
  const auto events = client.session.take_events();
  CHECK(of_kind<Answer>(events).size() == 2);
  CHECK(of_kind<Pushed>(events).size() == 1);
}

TEST_CASE("an update of no content is passed on and not acknowledged") {
  Client client;
  client.settle();
  client.pass(20s);
  client.heard();
  client.tell(client.server.say(tl::ByteView(words({0xdddd0001})), false));
  CHECK(client.events<Pushed>().size() == 1);
  client.pass(20s);
  CHECK(those(client.heard(), MsgsAck::id).empty());
}

TEST_CASE("a ping of the caller's is answered by its pong") {
  Client client;
  client.settle();
  const auto heard = client.call(write_service(Ping{5}), service());
  CHECK(heard.seqno % 2 == 0);
  client.tell(client.server.say(Pong{heard.id, 5}));
  const auto answers = client.answers();
  REQUIRE(answers.size() == 1);
  CHECK(read_service<Pong>(answers[0].body)->ping_id == 5);
}

TEST_CASE("salts, states and destroyed sessions answer the request that asked") {
  Client client;
  client.settle();
  const auto salts = client.call(write_service(GetFutureSalts{2}), service());
  client.tell(client.server.say(FutureSalts{salts.id, 1'700'000'000, {{1, 2, 3}}}));
  CHECK(client.answers().size() == 1);
  const auto states = client.call(write_service(MsgsStateReq{{salts.id}}), service());
  client.tell(client.server.say(MsgsStateInfo{states.id, {4}}));
  CHECK(client.answers().size() == 1);
  client.call(write_service(DestroySession{SessionId(9)}), service());
  client.tell(client.server.say(DestroySessionNone{SessionId(8)}));
  CHECK(client.answers().empty());
  client.tell(client.server.say(DestroySessionOk{SessionId(9)}));
  CHECK(client.answers().size() == 1);
  client.call(write_service(DestroyAuthKey{}), service());
  client.tell(client.server.say(DestroyAuthKeyNone{}));
  CHECK(client.answers().size() == 1);
}

TEST_CASE("a result that is packed arrives unpacked") {
  Client client;
  client.settle();
  const auto heard = client.call(ask);
  Bytes answer(100'000, 0x42);
  const auto packed = pack_gzip(answer);
  REQUIRE(packed.has_value());
  client.tell(client.result(heard.id, *packed));
  const auto answers = client.answers();
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].body == answer);
}

TEST_CASE("a result that would unpack beyond the limit arrives as it is") {
  SessionOptions options;
  options.max_unpacked = 10'000;
  Client client(Client::with_key(), options);
  client.settle();
  const auto heard = client.call(ask);
  const auto packed = pack_gzip(Bytes(100'000, 0x42));
  client.tell(client.result(heard.id, *packed));
  const auto answers = client.answers();
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].body == *packed);
}

TEST_CASE("questions of the server's about messages are answered") {
  Client client;
  client.settle();
  const auto known = client.server.last;
  const MessageId newer(known.value() + (std::uint64_t{5} << 32));
  client.tell(client.server.say(MsgsStateReq{{known, newer}}));
  const auto question = client.server.last;
  const auto infos = those(client.heard(), MsgsStateInfo::id);
  REQUIRE(infos.size() == 1);
  const auto info = read_service<MsgsStateInfo>(infos[0].body);
  CHECK(info->req_msg_id == question);
  CHECK(info->info == Bytes{message_state::received, message_state::not_received_yet});

  const auto heard = client.call(ask);
  client.tell(client.server.say(MsgResendReq{{heard.id}}));
  const auto again = those(client.heard(), 0xaaaa0001);
  REQUIRE(again.size() == 1);
  CHECK(again[0].id > heard.id);
  client.tell(client.server.say(MsgResendReq{{MessageId(4)}}));
  CHECK(those(client.heard(), MsgsStateInfo::id).size() == 1);

  client.tell(client.server.say(MsgNewDetailedInfo{newer, 100, 0}));
  const auto resend = those(client.heard(), MsgResendReq::id);
  REQUIRE(resend.size() == 1);
  CHECK(read_service<MsgResendReq>(resend[0].body)->msg_ids == std::vector{newer});
  client.pass(20s);
  client.heard();
  client.tell(client.server.say(MsgDetailedInfo{heard.id, known, 100, 0}));
  client.pass(20s);
  const auto acks = those(client.heard(), MsgsAck::id);
  REQUIRE(acks.size() == 1);
  CHECK(read_service<MsgsAck>(acks[0].body)->msg_ids == std::vector{known});
}

TEST_CASE("content older than all that is remembered is not passed on and somebody is told once") {
  Client client;
  client.settle();
  const auto late = client.server.next_id(MessageKind::from_server);
  const auto later = client.server.next_id(MessageKind::from_server);
  for (int i = 0; i < 1100; ++i) client.tell(client.server.say(words({0xdddd0001})));
  client.session.take_events();
  client.heard();
  const auto content = client.server.sequence.next(true);
  client.tell(client.server.say_as(late, content, words({0xdddd0002})));
  client.tell(client.server.say_as(later, content, words({0xdddd0003})));
  const auto events = client.session.take_events();
  CHECK(of_kind<Pushed>(events).empty());
  CHECK(of_kind<SessionCreated>(events).size() == 1);
}

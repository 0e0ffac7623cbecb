#include <catch2/catch.hpp>
#include <map>

#include "client.hpp"
#include "mtproto/message/gzip.hpp"

using namespace mtproto;
using namespace support;

namespace {
const auto ask = words({0xaaaa0001, 1});
const auto reply = words({0xbbbb0001, 2});
SendOptions freely() {
  SendOptions options;
  options.repeat = Repeat::freely;
  return options;
}
SendOptions service() {
  SendOptions options;
  options.api = false;
  return options;
}
}  // namespace

TEST_CASE("a session with a key is ready at once and carries a call and its answer") {
  Client client;
  client.connect();
  REQUIRE(client.session.ready());
  const auto heard = client.call(ask);
  CHECK(heard.body == ask);
  CHECK(heard.seqno == 1);
  CHECK(heard.id.value() % 4 == 0);
  CHECK(heard.head.salt == 0x5a17);
  client.tell(client.result(heard.id, reply));
  const auto events = client.session.take_events();
  CHECK(of_kind<Ready>(events).size() == 1);
  const auto answers = of_kind<Answer>(events);
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].request == client.request);
  CHECK(answers[0].body == reply);
  CHECK(client.session.in_flight() == 0);
}

TEST_CASE("what is sent before there is a connection waits for one") {
  Client client;
  client.send(ask);
  CHECK(client.heard().empty());
  client.connect();
  CHECK(client.heard().size() == 1);
}

TEST_CASE("calls written in one wake-up share a container whose id is above theirs") {
  Client client;
  client.connect();
  client.send(words({1, 1}));
  client.send(words({2, 2}));
  client.send(words({3, 3}));
  const auto heard = client.heard();
  REQUIRE(heard.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(heard[i].container);
    CHECK(heard[i].seqno == 2 * i + 1);
    CHECK(heard[i].id < heard[i].head.id);
    if (i > 0) CHECK(heard[i - 1].id < heard[i].id);
  }
  CHECK(heard[0].head.seqno == 6);
  CHECK(client.session.state().last_seqno == 6);
}

TEST_CASE("no container holds more than 1024 messages") {
  Client client;
  client.connect();
  for (std::uint32_t i = 0; i < 1500; ++i) client.send(words({i + 5, i}));
  const auto heard = client.heard();
  REQUIRE(heard.size() == 1500);
  std::map<MessageId, int> packets;
  for (const auto& it : heard) ++packets[it.head.id];
  CHECK(packets.size() >= 2);
  for (const auto& [id, count] : packets) CHECK(count <= 1024);
}

TEST_CASE("a body of words beyond the limit is refused by name and never written") {
  Client client;
  client.connect();
  const auto big = client.send(Bytes(max_body + 4));
  const auto odd = client.send(Bytes(7));
  const auto refused = client.events<Refused>();
  REQUIRE(refused.size() == 2);
  CHECK(refused[0].request == big);
  CHECK(refused[0].why == errc::body_too_long);
  CHECK(refused[1].request == odd);
  CHECK(refused[1].why == errc::malformed_message);
  CHECK(client.heard().empty());
}

TEST_CASE("an answer that nobody waits for is acknowledged and dropped") {
  Client client;
  client.settle();
  client.tell(client.result(MessageId(0x1234567800000000), reply));
  CHECK(client.session.take_events().empty());
  const auto id = client.server.last;
  client.pass(20s);
  const auto acks = calls(client.heard(), MsgsAck::id);
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
  CHECK(calls(client.heard(), MsgsAck::id).size() == 1);
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
  CHECK(calls(client.heard(), MsgsAck::id).empty());
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

TEST_CASE("a request without an answer is over once written") {
  Client client;
  client.settle();
  auto options = service();
  options.answered = false;
  const auto heard = client.call(write_service(MsgsAck{{MessageId(1)}}), options);
  const auto written = client.events<Written>();
  REQUIRE(written.size() == 1);
  CHECK(written[0].request == client.request);
  CHECK(client.session.in_flight() == 0);
}

TEST_CASE("the prefix goes around calls until one of them was answered on the connection") {
  const auto prefix = words({0xda9b0d0d, 228});
  Client client;
  client.session.set_prefix(prefix);
  client.connect();
  auto wrapped = prefix;
  tl::append(wrapped, ask);
  const auto first = client.call(ask);
  CHECK(first.body == wrapped);
  CHECK(client.call(ask).body == wrapped);
  CHECK(client.call(write_service(Ping{1}), service()).body == write_service(Ping{1}));
  auto bare = SendOptions{};
  bare.bare = true;
  const auto own = client.call(ask, bare);
  CHECK(own.body == ask);
  client.tell(client.result(own.id, reply));
  CHECK(client.call(ask).body == wrapped);
  client.tell(client.result(first.id, reply));
  CHECK(client.call(ask).body == ask);

  client.session.set_prefix(prefix);
  CHECK(client.call(ask).body == wrapped);
  client.reconnect();
  CHECK(client.call(ask, freely()).body == wrapped);
}

TEST_CASE("a call after others names their ids, inside the prefix, and not those that are over") {
  Client client;
  client.session.set_prefix(words({0xda9b0d0d}));
  client.connect();
  const auto one = client.send(words({1, 1}));
  const auto two = client.send(words({2, 2}));
  SendOptions after;
  after.after = {one, two};
  client.send(ask, after);
  auto heard = client.heard();
  REQUIRE(heard.size() == 3);
  tl::Bytes expected;
  tl::Writer(expected)
      .nat(0xda9b0d0d)
      .nat(0x3dc4b4f0)
      .vector(2)
      .int64(static_cast<std::int64_t>(heard[0].id.value()))
      .int64(static_cast<std::int64_t>(heard[1].id.value()))
      .raw(ask);
  CHECK(heard[2].body == expected);
  client.tell(client.result(heard[0].id, reply));
  client.send(ask, after);
  expected.clear();
  tl::Writer(expected)
      .nat(0xcb9f372d)
      .int64(static_cast<std::int64_t>(heard[1].id.value()))
      .raw(ask);
  CHECK(client.heard().back().body == expected);
  client.tell(client.result(heard[1].id, reply));
  client.send(ask, after);
  CHECK(client.heard().back().body == ask);
}

TEST_CASE("a call that has to come after one sent again names its new id") {
  Client client;
  client.settle();
  const auto one = client.send(words({1, 1}));
  SendOptions after;
  after.after = {one};
  client.send(ask, after);
  const auto first = client.heard();
  client.tell(client.server.say(BadServerSalt{first.back().head.id, 0, 48, 0x77}));
  const auto second = client.heard();
  REQUIRE(second.size() >= 2);
  const auto& call = second.back();
  const auto& before = second[second.size() - 2];
  CHECK(before.body == words({1, 1}));
  tl::Bytes expected;
  tl::Writer(expected).nat(0xcb9f372d).int64(static_cast<std::int64_t>(before.id.value())).raw(ask);
  CHECK(call.body == expected);
  CHECK(call.head.salt == 0x77);
}

TEST_CASE("a large call is packed where that helps, and never a part of a file") {
  Client client;
  client.connect();
  Bytes body(4096, 0x41);
  client.send(body);
  tl::Bytes out;
  REQUIRE(client.session.take_output(out));
  CHECK(out.size() < 512);
  CHECK(client.server.hear(out).back().body == body);
  auto part = words({0xb304a621});
  part.resize(4096, 0x41);
  client.send(part);
  REQUIRE(client.session.take_output(out));
  CHECK(out.size() > 4096);
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

TEST_CASE("a quiet link is pinged, and one that stays silent has failed") {
  Client client;
  client.settle();
  client.pass(20s);
  client.heard();
  client.pass(10s);
  const auto pings = calls(client.heard(), PingDelayDisconnect::id);
  REQUIRE(pings.size() == 1);
  CHECK(read_service<PingDelayDisconnect>(pings[0].body)->disconnect_delay == 75);
  client.tell(client.server.say(Pong{pings[0].id, 0}));
  CHECK(client.session.take_events().empty());
  client.pass(64s);
  CHECK(client.events<Failed>().empty());
  client.pass(1s);
  const auto failed = client.events<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == boost::system::errc::timed_out);
  CHECK(!client.session.ready());
}

TEST_CASE("a busy link is pinged before the server's patience ends") {
  Client client;
  client.settle();
  int pings = 0;
  for (int i = 0; i < 14; ++i) {
    client.pass(5s);
    client.tell(client.server.say(words({0xdddd0001})));
    pings += static_cast<int>(calls(client.heard(), PingDelayDisconnect::id).size());
  }
  CHECK(pings == 1);
}

TEST_CASE("a paused link does not die of silence, and takes what piled up meanwhile") {
  Client client;
  client.settle();
  client.session.pause(true, client.now);
  const auto update = client.server.say(words({0xdddd0001}));
  client.pass(400s);
  CHECK(client.events<Failed>().empty());
  client.session.pause(false, client.now);
  client.tell(update);
  CHECK(client.events<Pushed>().size() == 1);
  client.pass(64s);
  CHECK(client.events<Failed>().empty());
}

TEST_CASE("what the server says in four bytes fails the connection by name") {
  const std::vector<std::pair<std::int32_t, errc>> codes = {{-404, errc::auth_key_not_found},
                                                            {-429, errc::transport_flood},
                                                            {-444, errc::wrong_data_centre},
                                                            {-403, errc::transport_error}};
  for (const auto& [code, why] : codes) {
    Client client;
    client.settle();
    tl::Bytes four;
    tl::Writer(four).int32(code);
    client.tell(client.server.frame(four));
    const auto failed = client.events<Failed>();
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].why == why);
    CHECK(failed[0].transport_code == code);
  }
}

TEST_CASE("the wrong session, a client's id, and a tampered packet fail the connection") {
  const auto failure = [](auto change) {
    Client client;
    client.settle();
    client.tell(change(client.server));
    const auto failed = client.events<Failed>();
    REQUIRE(failed.size() == 1);
    CHECK(client.heard().empty());
    return failed[0].why;
  };
  CHECK(failure([](Peer& server) {
          server.session = SessionId(1);
          return server.say(words({1}));
        }) == errc::wrong_session);
  CHECK(failure([](Peer& server) {
          return server.say_as(server.next_id(MessageKind::from_client), 1, words({1}));
        }) == errc::bad_message_id);
  CHECK(failure([](Peer& server) {
          auto bytes = server.say(words({1}));
          bytes.back() ^= 1;
          return bytes;
        }) == errc::bad_msg_key);
  CHECK(failure([](Peer& server) {
          server.key = fixed_key(8);
          return server.say(words({1}));
        }) == errc::wrong_auth_key);
  CHECK(failure([](Peer& server) {
          server.side = Side::client;  // our own packet sent back to us
          return server.say(words({1}));
        }) == errc::bad_msg_key);
  CHECK(failure([](Peer& server) {
          return server.say(words({msg_container_id, 1, 1, 0, 1, 8, msg_container_id, 0}));
        }) == errc::bad_container);
}

TEST_CASE("a message from the future fails, one from long ago is acknowledged and dropped") {
  Client client;
  client.settle();
  client.pass(20s);
  client.heard();
  const auto odd = [](UnixTime time) { return MessageId(message_id_at(time).value() | 3); };
  client.tell(client.server.say_as(odd(client.server.wall - 301s), 1, words({1})));
  CHECK(client.session.take_events().empty());
  client.pass(20s);
  CHECK(calls(client.heard(), MsgsAck::id).size() == 1);
  client.tell(client.server.say_as(odd(client.server.wall - 250s), 1, words({1})));
  CHECK(client.events<Pushed>().size() == 1);
  client.tell(client.server.say_as(odd(client.server.wall + 60s), 1, words({1})));
  const auto failed = client.events<Failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == errc::bad_message_time);
}

TEST_CASE("a packet above 256 KiB is opened as work, and later ones wait for it") {
  Client client;
  client.settle();
  const auto heard = client.call(ask);
  Bytes answer(300'000);
  ScriptedRandom(5).fill(answer);
  client.tell(client.result(heard.id, answer));
  client.tell(client.server.say(words({0xdddd0001})));
  CHECK(client.session.take_events().empty());
  auto work = client.session.take_work();
  REQUIRE(work.size() == 1);
  CHECK(client.session.take_work().empty());
  work[0]->run();
  client.session.done(std::move(work[0]), client.now);
  const auto events = client.session.take_events();
  REQUIRE(events.size() == 2);
  CHECK(std::get<Answer>(events[0]).body == answer);
  CHECK(std::holds_alternative<Pushed>(events[1]));
}

TEST_CASE("work that comes back after its connection went is dropped") {
  Client client;
  client.settle();
  const auto heard = client.call(ask);
  client.tell(client.result(heard.id, Bytes(300'000)));
  auto work = client.session.take_work();
  REQUIRE(work.size() == 1);
  client.reconnect();
  client.session.take_events();
  work[0]->run();
  client.session.done(std::move(work[0]), client.now);
  CHECK(client.session.take_events().empty());
}

TEST_CASE("questions of the server's about messages are answered") {
  Client client;
  client.settle();
  const auto known = client.server.last;
  const MessageId newer(known.value() + (std::uint64_t{5} << 32));
  client.tell(client.server.say(MsgsStateReq{{known, newer}}));
  const auto question = client.server.last;
  const auto infos = calls(client.heard(), MsgsStateInfo::id);
  REQUIRE(infos.size() == 1);
  const auto info = read_service<MsgsStateInfo>(infos[0].body);
  CHECK(info->req_msg_id == question);
  CHECK(info->info == Bytes{message_state::received, message_state::not_received_yet});

  const auto heard = client.call(ask);
  client.tell(client.server.say(MsgResendReq{{heard.id}}));
  const auto again = calls(client.heard(), 0xaaaa0001);
  REQUIRE(again.size() == 1);
  CHECK(again[0].id > heard.id);
  client.tell(client.server.say(MsgResendReq{{MessageId(4)}}));
  CHECK(calls(client.heard(), MsgsStateInfo::id).size() == 1);

  client.tell(client.server.say(MsgNewDetailedInfo{newer, 100, 0}));
  const auto resend = calls(client.heard(), MsgResendReq::id);
  REQUIRE(resend.size() == 1);
  CHECK(read_service<MsgResendReq>(resend[0].body)->msg_ids == std::vector{newer});
  client.pass(20s);
  client.heard();
  client.tell(client.server.say(MsgDetailedInfo{heard.id, known, 100, 0}));
  client.pass(20s);
  const auto acks = calls(client.heard(), MsgsAck::id);
  REQUIRE(acks.size() == 1);
  CHECK(read_service<MsgsAck>(acks[0].body)->msg_ids == std::vector{known});
}

TEST_CASE("a session's numbers go on where they stopped, or a fresh one is drawn") {
  auto state = Client::with_key();
  state.session = SessionId(42);
  state.last_seqno = 7;
  Client resumed(state);
  resumed.connect();
  const auto heard = resumed.call(ask);
  CHECK(heard.head.session == SessionId(42));
  CHECK(heard.seqno == 9);
  CHECK(resumed.session.state().last_seqno == 9);

  state.last_seqno = 0;
  Client fresh(state);
  CHECK(fresh.session.state().session != SessionId(42));
  CHECK(fresh.session.state().session.value() != 0);
  fresh.connect();
  CHECK(fresh.call(ask).seqno == 1);
}

TEST_CASE(
    "an explicit sequence number goes out exactly and its bad_msg_notification is the answer") {
  Client client;
  client.settle();
  SendOptions options;
  options.seqno = 1000;
  const auto heard = client.call(ask, options);
  CHECK(heard.seqno == 1000);
  CHECK(client.session.state().last_seqno == 1000);
  const auto session = client.session.state().session;
  client.tell(client.server.say(BadMsgNotification{heard.id, 1000, 33}));
  const auto answers = client.answers();
  REQUIRE(answers.size() == 1);
  CHECK(read_service<BadMsgNotification>(answers[0].body)->error_code == 33);
  CHECK(client.session.state().session == session);
  CHECK(client.call(ask).seqno < 1000);
}

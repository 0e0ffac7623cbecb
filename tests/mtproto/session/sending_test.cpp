#include <catch2/catch.hpp>
#include <map>

#include "client.hpp"

using namespace mtproto;
using namespace support;

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

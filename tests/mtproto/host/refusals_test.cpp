#include <catch2/catch.hpp>

#include "server.hpp"

using namespace mtproto;
using namespace support;

TEST_CASE("message ids out of bounds are 16, 17 and 18") {
  Server server;
  server.settle();
  const auto said = [&](MessageId id) {
    const auto got = notice(server.after(server.client.say_as(id, 1, ask)));
    CHECK(got.bad_msg_id == id);
    CHECK(server.events<Request>().empty());
    return got.error_code;
  };
  CHECK(said(MessageId(message_id_at(server.client.wall - 301s).value() & ~3ull)) == 16);
  CHECK(said(MessageId(message_id_at(server.client.wall + 31s).value() & ~3ull)) == 17);
  CHECK(said(MessageId((message_id_at(server.client.wall).value() & ~3ull) | 1)) == 18);
}

TEST_CASE("a container's id that was seen is 19") {
  Server server;
  server.settle();
  const auto inner = server.client.next_id(MessageKind::from_client);
  const auto outer = server.client.next_id(MessageKind::from_client);
  Bytes body;
  write_container(std::vector{InnerMessage{inner, 1, ask}}, body);
  server.after(server.client.say_as(outer, 2, body));
  CHECK(server.events<Request>().size() == 1);
  const auto got = notice(server.after(server.client.say_as(outer, 2, body)));
  CHECK(got.error_code == 19);
  CHECK(got.bad_msg_id == outer);
  CHECK(server.events<Request>().empty());
}

TEST_CASE("sequence numbers below and above what was seen are 32 and 33") {
  Server server;
  server.settle();
  const auto early = server.client.next_id(MessageKind::from_client);
  server.tell(server.client.say_as(server.client.next_id(MessageKind::from_client), 9, ask));
  CHECK(server.events<Request>().size() == 1);
  server.heard();
  const auto low = server.client.next_id(MessageKind::from_client);
  CHECK(notice(server.after(server.client.say_as(low, 7, ask))).error_code == 32);
  const auto same = server.client.next_id(MessageKind::from_client);
  CHECK(notice(server.after(server.client.say_as(same, 9, ask))).error_code == 32);
  CHECK(notice(server.after(server.client.say_as(early, 11, ask))).error_code == 33);
  CHECK(server.events<Request>().empty());
}

TEST_CASE("a call that does not count as content is 35") {
  Server server;
  server.settle();
  const auto even = server.client.next_id(MessageKind::from_client);
  CHECK(notice(server.after(server.client.say_as(even, 0, ask))).error_code == 35);
  CHECK(server.events<Request>().empty());
}

TEST_CASE("an acknowledgement that counts as content is 34 for a strict host only") {
  for (const bool strict : {true, false}) {
    HostOptions options;
    options.strict_seqno = strict;
    Server server(options);
    server.settle();
    const auto odd = server.client.next_id(MessageKind::from_client);
    const auto ack = server.after(server.client.say_as(odd, 1, write_service(MsgsAck{{odd}})));
    if (strict) {
      CHECK(notice(ack).error_code == 34);
    } else {
      CHECK(those(ack, BadMsgNotification::id).empty());
    }
  }
}

TEST_CASE("containers inside containers, too many messages, and ids above the container's are 64") {
  Server server;
  server.settle();
  Bytes nested;
  write_container({}, nested);
  CHECK(notice(server.after(server.client.say_together({nested}))).error_code == 64);
  CHECK(
      notice(server.after(server.client.say_together(std::vector<Bytes>(1025, ask)))).error_code ==
      64);
  const auto outer = server.client.next_id(MessageKind::from_client);
  const auto inner = server.client.next_id(MessageKind::from_client);
  Bytes body;
  write_container(std::vector{InnerMessage{inner, 1, ask}}, body);
  CHECK(notice(server.after(server.client.say_as(outer, 2, body))).error_code == 64);
  CHECK(server.events<Request>().empty());
  server.after(server.client.say_together(std::vector<Bytes>(1024, write_service(Ping{1})), false));
  CHECK(server.events<HostFailed>().empty());
}

TEST_CASE("a wrong salt is refused with the right one, and nothing is carried out") {
  Server server;
  server.client.salt = 1;
  const auto heard = server.after(server.client.say(ask));
  REQUIRE(heard.size() == 1);
  const auto bad = read_service<BadServerSalt>(heard[0].body);
  REQUIRE(bad.has_value());
  CHECK(bad->bad_msg_id == server.client.last);
  CHECK(bad->error_code == 48);
  CHECK(bad->new_server_salt == Server::salt);
  CHECK(server.events<Request>().empty());
}

TEST_CASE("a salt lasts half an hour and is taken half an hour more") {
  Server server;
  server.settle();
  server.pass(45min);
  const auto pong = server.after(server.client.say(Ping{1}));
  REQUIRE(those(pong, Pong::id).size() == 1);
  const auto next = pong[0].head.salt;
  CHECK(next != Server::salt);
  server.pass(16min);
  CHECK(those(server.after(server.client.say(Ping{1})), BadServerSalt::id).size() == 1);
  server.client.salt = next;
  CHECK(those(server.after(server.client.say(Ping{1})), Pong::id).size() == 1);
}

TEST_CASE("an unknown key, and one that has expired, get -404") {
  Server server;
  server.client.key = fixed_key(1234);
  CHECK(server.after(server.client.say(Ping{1})).empty());
  REQUIRE(server.client.plain.size() == 1);
  CHECK(server.client.plain[0] == words({static_cast<std::uint32_t>(-404)}));
  server.ring.add(server.client.key, Server::salt, server.now, 60);
  CHECK(those(server.after(server.client.say(Ping{1})), Pong::id).size() == 1);
  server.pass(60s);
  CHECK(server.after(server.client.say(Ping{1})).empty());
  CHECK(server.client.plain.size() == 2);
}

TEST_CASE("a tampered packet ends the connection without a word") {
  Server server;
  server.settle();
  auto bytes = server.client.say(ask);
  bytes.back() ^= 1;
  CHECK(server.after(bytes).empty());
  const auto failed = server.events<HostFailed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].why == errc::bad_msg_key);
}

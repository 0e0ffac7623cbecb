// Connections of plain HTTP: those that name one key share a session.
#include "server/account/accounts.hpp"

#include <catch2/catch.hpp>

#include "tests/server/connection/connection_world.hpp"

using namespace support;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

// A world with a key, and its session as an attribute.
struct Shop {
  World world;
  std::string session;

  explicit Shop(TestTelegram::Handler handler = nearest) : world(std::move(handler)) {
    world.ask(R"({"message":{"_cons":"ping","ping_id":1}})");
    const auto line = world.ask(R"({"session":{}})");
    session = line.substr(line.find("\"session\""));
    session.pop_back();
    world.connection->close();
    world.until([&] { return world.telegram.accepted == 1; });
  }

  std::shared_ptr<server::Connection> enter(RecordingSink& mail) {
    server::ConnectionSetup setup;
    setup.stateless = true;
    return server::make_connection(world.thread, mail, setup);
  }
  std::string answer(server::Connection& from, RecordingSink& mail, std::string_view json) {
    const auto n = mail.objects.size();
    world.send(from, json);
    world.until([&] { return mail.objects.size() > n; });
    return mail.objects.size() > n ? mail.objects[n] : "";
  }
  std::string ask_nearest(server::Connection& from, RecordingSink& mail) {
    return answer(from, mail, "{" + session + R"(,"message":{"_cons":"help.getNearestDc"}})");
  }
};

std::string session_id(const std::string& reply) {
  const auto at = reply.find("\"session_id\":");
  return reply.substr(at, reply.find(',', at) - at);
}

}  // namespace

TEST_CASE("Requests that name one key share one session and one connection") {
  Shop shop;
  RecordingSink one, two;
  const auto a = shop.enter(one), b = shop.enter(two);
  const auto first = shop.ask_nearest(*a, one), second = shop.ask_nearest(*b, two);
  CHECK(has(first, "nearestDc"));
  CHECK(has(second, "nearestDc"));
  CHECK(session_id(first) == session_id(second));
  CHECK(shop.world.telegram.accepted == 2);  // the shop's own, and theirs
  CHECK(shop.world.accounts.size() == 1);
  a->close();
  b->close();
}

TEST_CASE("A session is kept for those who come after the last has gone") {
  Shop shop;
  RecordingSink one, two;
  const auto a = shop.enter(one);
  const auto first = shop.ask_nearest(*a, one);
  a->close();
  const auto b = shop.enter(two);
  CHECK(session_id(shop.ask_nearest(*b, two)) == session_id(first));
  CHECK(shop.world.telegram.accepted == 2);
  b->close();
}

TEST_CASE("The session of the line is not driven, only its key is used") {
  Shop shop;
  RecordingSink one;
  const auto a = shop.enter(one);
  CHECK(session_id(shop.ask_nearest(*a, one)) != session_id(shop.session));
  a->close();
}

TEST_CASE("A shared session is live: another client that names it gets its own") {
  Shop shop;
  RecordingSink one, other;
  const auto a = shop.enter(one);
  const auto shared = shop.ask_nearest(*a, one);
  const auto line = shared.substr(shared.find("\"session\""));
  const auto session = line.substr(0, line.find('}') + 1);
  const auto client = shop.world.connect(other);
  const auto reply = shop.answer(*client, other, "{" + session + "}");
  CHECK(session_id(reply) != session_id(shared));
  client->close();
  a->close();
}

TEST_CASE("Another layer is another session of the same key") {
  Shop shop;
  RecordingSink one, two;
  const auto a = shop.enter(one), b = shop.enter(two);
  const auto first = shop.ask_nearest(*a, one);
  shop.answer(*b, two, R"({"options":{"layer":50}})");
  const auto second = shop.ask_nearest(*b, two);
  CHECK(has(second, "nearestDc"));
  CHECK(session_id(first) != session_id(second));
  a->close();
  b->close();
}

TEST_CASE("One that leaves takes its requests along and nobody else's") {
  int silent = 1;
  Shop shop([&](const tl::Value& query) { return silent-- > 0 ? "" : nearest(query); });
  RecordingSink one, two;
  const auto a = shop.enter(one), b = shop.enter(two);
  shop.world.send(*a, "{" + shop.session + R"(,"message":{"_cons":"help.getNearestDc"}})");
  const auto asked = [&] {
    return std::ranges::count_if(shop.world.telegram.asked,
                                 [](const auto& it) { return it.method == "help.getNearestDc"; });
  };
  REQUIRE(shop.world.until([&] { return asked() == 1; }));
  a->close();
  CHECK(has(shop.ask_nearest(*b, two), "nearestDc"));
  CHECK(one.objects.empty());
  b->close();
}

TEST_CASE("A key that is unknown there is told to all, and is tried anew by the next") {
  Shop shop;
  shop.session.replace(shop.session.find("\"auth_key\":\"") + 12, 8, "AAAAAAAA");
  RecordingSink one, two;
  const auto a = shop.enter(one);
  CHECK(has(shop.ask_nearest(*a, one), "ConnectionError"));
  CHECK(shop.world.accounts.size() == 0);
  a->close();
  const auto b = shop.enter(two);
  CHECK(has(shop.ask_nearest(*b, two), "ConnectionError"));
  b->close();
}

TEST_CASE("Updates are not sent to requests that stand alone") {
  Shop shop;
  RecordingSink one;
  const auto a = shop.enter(one);
  shop.ask_nearest(*a, one);
  shop.world.telegram.push(shop.world.telegram.asked.back(), R"({"_cons":"update","n":1})");
  CHECK(has(shop.ask_nearest(*a, one), "nearestDc"));
  CHECK(one.objects.size() == 2);
  a->close();
}

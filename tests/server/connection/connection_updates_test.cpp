// "updates":"recover" from the connection's side: numbered, kept in the session, asked for without
// a client's request having to wait.
#include <catch2/catch.hpp>
#include <deque>

#include "tests/server/connection/scripted_world.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view recover = R"({"id":"r","options":{"updates":"recover"}})";
constexpr std::string_view ask_nearest = R"({"id":5,"message":{"_cons":"help.getNearestDc"}})";
constexpr std::string_view nothing_new = R"({"_cons":"updates.differenceEmpty","date":1,"seq":0})";

std::string message(int id) {
  return R"({"_cons":"message","id":)" + std::to_string(id) + R"(,"message":"m"})";
}
std::string fresh(int pts) {
  return R"({"_cons":"updateNewMessage","message":)" + message(pts) + R"(,"pts":)" +
         std::to_string(pts) + R"(,"pts_count":1})";
}
std::string updates(std::string_view list) {
  return R"({"_cons":"updates","updates":[)" + std::string(list) +
         R"(],"users":[],"chats":[],"date":1,"seq":0})";
}
std::string state(int pts) {
  return R"({"_cons":"updates.state","pts":)" + std::to_string(pts) +
         R"(,"qts":0,"date":1,"seq":0,"unread_count":0})";
}
std::string difference(std::string_view messages, int pts) {
  return R"({"_cons":"updates.difference","new_messages":[)" + std::string(messages) +
         R"(],"new_encrypted_messages":[],"other_updates":[],"chats":[],"users":[],"state":)" +
         state(pts) + "}";
}
std::string told(int number, std::string_view object) {
  return R"({"id":0,"update_seq":)" + std::to_string(number) + R"(,"message":)" +
         std::string(object) + "}";
}

// The state is 10, and the difference what the test put there; "" is silence.
struct Account : ScriptedWorld {
  Account() : ScriptedWorld([this](const tl::Value& query) { return play(query); }) {}

  // Recovering, with nothing missed.
  void begin() {
    send(recover);
    CHECK(has(object(0), R"("updates":"recover")"));
    CHECK(has(ask(ask_nearest), "nearestDc"));
    REQUIRE(knows(10));
  }
  bool knows(int pts) { return has(session(), R"("updates":{"pts":)" + std::to_string(pts)); }
  // Taken off the objects, as if it had not been asked.
  std::string session() {
    send(R"({"id":"s","session":{}})");
    auto text = mail.objects.back();
    mail.objects.pop_back();
    return text;
  }
  void push(std::string_view json) {
    telegram.push(json);
    turn();
  }
  std::size_t count(std::string_view method) {
    return static_cast<std::size_t>(
        std::ranges::count(telegram.asked, method, &ScriptedTelegram::Asked::method));
  }

  std::deque<std::string> differences;

 private:
  std::string play(const tl::Value& query) {
    const auto name = query.constructor();
    if (name == "updates.getState") return state(10);
    if (name == "messages.sendMessage") return updates(fresh(11));
    if (name != "updates.getDifference") return nearest(query);
    if (differences.empty()) return std::string(nothing_new);
    auto out = std::move(differences.front());
    differences.pop_front();
    return out;
  }
};

}  // namespace

TEST_CASE("Recovered updates are numbered, each told once, and the session knows how far") {
  Account world;
  world.begin();
  const auto n = world.mail.objects.size();
  world.push(updates(fresh(11)));
  world.push(updates(fresh(11)));
  world.push(updates(fresh(12)));
  CHECK(world.object(n) == told(1, updates(fresh(11))));
  CHECK(world.object(n + 1) == told(2, updates(fresh(12))));
  CHECK(has(world.session(), R"("updates":{"pts":12,"qts":0,"date":1,"seq":0,"update_seq":2})"));
}

TEST_CASE("A gap is asked for, and no request of the client's waits for that") {
  Account world;
  world.begin();
  const auto n = world.mail.objects.size();
  world.differences = {""};
  world.push(updates(fresh(12)));
  CHECK(world.count("updates.getDifference") == 0);  // what is missing may be on its way
  world.pass(500ms);
  REQUIRE(world.count("updates.getDifference") == 1);
  CHECK(world.connection->idle());
  CHECK(has(world.ask(ask_nearest), R"({"id":5,"message":{"_cons":"nearestDc")"));
  const auto asked = std::ranges::find(world.telegram.asked, "updates.getDifference",
                                       &ScriptedTelegram::Asked::method);
  world.telegram.answer(*asked, difference(message(11) + "," + message(12), 12));
  const auto text = world.object(n + 1);
  CHECK(has(text, R"({"id":0,"update_seq":1,"message":{"_cons":"updates","updates":[)"));
  CHECK(has(text, message(11)));
  CHECK(has(text, message(12)));
}

TEST_CASE("What a reply tells is not told again, and the session covers it") {
  Account world;
  world.begin();
  const auto reply =
      world.ask(R"({"id":7,"session":{},"message":{"_cons":"messages.sendMessage","peer":{"_cons":)"
                R"("inputPeerSelf"},"message":"m","random_id":1}})");
  CHECK(has(reply, R"("message":{"_cons":"updates","updates":[{"_cons":"updateNewMessage")"));
  CHECK(has(reply, R"("updates":{"pts":11,)"));
  const auto n = world.mail.objects.size();
  world.push(updates(fresh(12)));
  CHECK(world.object(n) == told(1, updates(fresh(12))));
}

TEST_CASE("A client that comes back with its session gets what it missed, by itself") {
  Account world;
  world.begin();
  const auto text = world.session();
  const auto at = text.find(R"("session":)");
  const auto session = text.substr(at, text.size() - at - 1);
  world.differences = {difference(message(11), 11)};
  world.connect_again();
  world.send(R"({"id":"r","options":{"updates":"recover"},)" + session + "}");
  CHECK(has(world.object(1), R"({"id":0,"update_seq":1,"message":{"_cons":"updates")"));
  CHECK(has(world.mail.objects[1], message(11)));
  CHECK(world.knows(11));
}

TEST_CASE("After the connection was lost the difference is asked for at once") {
  Account world;
  world.begin();
  const auto n = world.mail.objects.size();
  const auto before = world.count("updates.getDifference");
  world.differences = {difference(message(11), 11)};
  world.telegram.close();
  world.telegram.come_back();
  CHECK(has(world.object(n), message(11)));
  CHECK(world.count("updates.getDifference") > before);
}

TEST_CASE("A state that can't be read is refused, with its place") {
  Account world;
  world.begin();
  auto text = world.session();
  const auto at = text.find(R"("session":)"), updates = text.find(R"("updates":{)");
  const auto session = text.substr(at, updates - at) + R"("updates":{"pts":-4}})";
  world.connect_again();
  world.send(R"({"id":"r","options":{"updates":"recover"},)" + session + "}");
  CHECK(has(world.object(0), R"("error":"TypeError")"));
  CHECK(has(world.object(0), R"("path":"/session/updates")"));
}

TEST_CASE("Without recovery updates are as they were, and the state is kept meanwhile") {
  Account world;
  world.begin();
  world.ask(R"({"options":{"updates":true}})");
  const auto n = world.mail.objects.size();
  world.push(updates(fresh(11)));
  CHECK(world.object(n) == R"({"id":0,"message":)" + updates(fresh(11)) + "}");
  CHECK(has(world.session(), R"("updates":{"pts":10,)"));
  world.differences = {difference(message(11), 11)};
  world.send(recover);
  CHECK(has(world.object(n + 2), R"({"id":0,"update_seq":1,)"));
}

TEST_CASE("Nothing is asked while the client does not read") {
  Account world;
  world.begin();
  world.connection->set_above_high_watermark(true, world.now());
  const auto before = world.telegram.asked.size();
  world.pass(20min);
  CHECK(world.telegram.asked.size() == before);
  world.connection->set_above_high_watermark(false, world.now());
  CHECK(world.telegram.asked.size() == before);
}

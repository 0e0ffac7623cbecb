// A connection whose replies have the shape of the HTTP API.
#include <catch2/catch.hpp>

#include "tests/server/connection/connection_world.hpp"

using support::World;

namespace {

// Such a connection beside the world's own, and what it says.
struct Caller {
  explicit Caller(support::TestTelegram::Handler handler) : world(std::move(handler)) {
    server::ConnectionSetup setup;
    setup.shape = server::ReplyShape::api;
    setup.json = tl::Notation::plain;
    setup.stateless = true;
    connection = server::make_connection(world.thread, mail, setup);
  }
  ~Caller() { connection->close(); }

  std::string ask(std::string_view object) {
    world.send(*connection, object);
    world.until([&] {
      const auto now = server::upstream::boot_time();
      if (const auto due = connection->deadline(); due && *due <= now) connection->tick(now);
      return !mail.objects.empty();
    });
    return mail.objects.empty() ? "" : mail.objects.front();
  }
  server::ApiStatus status() const { return mail.notes.at(0).status; }

  World world;
  support::RecordingSink mail;
  std::shared_ptr<server::Connection> connection;
};

}  // namespace

TEST_CASE("An answer goes to the API with 200", "[api]") {
  Caller caller(support::nearest);
  CHECK(caller.ask(R"({"message":{"_cons":"help.getNearestDc"}})") ==
        R"({"ok":true,"result":{"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2}})");
  CHECK(caller.status().code == 200);
}

TEST_CASE("A flood wait goes to the API with 429 and when to come again", "[api]") {
  Caller caller([](const tl::Value&) {
    return R"({"_cons":"rpc_error","error_code":420,"error_message":"FLOOD_WAIT_30"})";
  });
  CHECK(caller.ask(R"({"message":{"_cons":"help.getNearestDc"}})") ==
        R"({"ok":false,"error_code":420,"description":"FLOOD_WAIT_30",)"
        R"("parameters":{"retry_after":30}})");
  CHECK(caller.status().code == 429);
  CHECK(caller.status().retry_after == 30);
}

TEST_CASE("What is wrong with the arguments goes to the API with 400 and the place", "[api]") {
  Caller caller(support::nearest);
  const auto text = caller.ask(R"({"message":{"_cons":"messages.sendMessage","peer":"@ada"}})");
  CHECK(text.find(R"("error":"SchemeError","path":"/message"})") != std::string::npos);
  CHECK(caller.status().code == 400);
}

TEST_CASE("No answer in time goes to the API with 504 and the random_id that was drawn", "[api]") {
  Caller caller([](const tl::Value&) { return ""; });
  const auto text = caller.ask(
      R"({"timeout":0.05,"message":{"_cons":"messages.sendMessage","peer":{"_cons":"inputPeerSelf"},"message":"hi"}})");
  CHECK(text.find(R"("parameters":{"random_id":")") != std::string::npos);
  CHECK(caller.status().code == 504);
}

TEST_CASE("A request that can't be read goes to the API with its status", "[api]") {
  Caller caller(support::nearest);
  CHECK(caller.ask(R"({"mesage":{}})").find(R"("error":"TypeError","path":"/mesage")") !=
        std::string::npos);
  CHECK(caller.status().code == 400);
}

TEST_CASE("Other connections' replies have no status", "[api]") {
  World world(support::nearest);
  world.ask(R"({"message":{"_cons":"help.getNearestDc"}})");
  CHECK(world.mail->notes.at(0).status.code == 0);
}

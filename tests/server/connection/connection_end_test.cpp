// What holds a client's requests back, how many there may be, and how a connection ends: at the end
// of its input, and at any moment at which its channel lets it go.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/server/connection/scripted_world.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

std::string send_to(int id, std::string_view peer, std::size_t size = 1) {
  return R"({"id":)" + std::to_string(id) +
         R"(,"message":{"_cons":"messages.sendMessage","random_id":4,"peer":")" +
         std::string(peer) + R"(","message":")" + std::string(size, 'x') + "\"}}";
}

std::uint64_t outcomes(const server::Counters& counters, std::string_view name) {
  const auto& names = server::request_outcomes;
  const auto at = std::ranges::find(names, name) - names.begin();
  return counters.requests[static_cast<std::size_t>(at)].value();
}

// A channel that lets its connection go when it is called for the n-th time.
class Impatient final : public server::ObjectSink {
 public:
  explicit Impatient(std::size_t patience) : patience_(patience) {}

  server::LongText& begin() override {
    told_after += closed ? 1 : 0;
    return out_;
  }
  void complete(server::ObjectNote) override {
    out_ = {};
    step();
  }
  void wake() override { step(); }
  void update_usage() override { step(); }
  void finish() override {
    ++finished;
    step();
  }
  void reset(std::string_view) override { step(); }

  server::Connection* connection = nullptr;
  std::size_t calls = 0;
  std::size_t told_after = 0;  // objects that were begun after the end
  std::size_t finished = 0;
  bool closed = false;

 private:
  void step() {
    if (++calls != patience_) return;
    closed = true;
    connection->close();
  }

  const std::size_t patience_;
  server::LongText out_;
};

constexpr std::string_view login_token =
    R"({"_cons":"auth.loginToken","expires":2000000000,"token":"AAAA"})";

std::string play(const tl::Value& query) {
  const auto name = query.constructor();
  const auto n = query["n"].as_int64().value_or(0);
  if (name == "contacts.resolveUsername") {
    return R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerUser","user_id":7},"chats":[],)"
           R"("users":[{"_cons":"user","id":7,"access_hash":9}]})";
  }
  if (name == "messages.sendMessage") return R"({"_cons":"updatesTooLong"})";
  if (name == "auth.exportLoginToken") return std::string(login_token);
  if (name == "test.getBox") {
    return R"({"_cons":"box","text":")" + std::string(270'000, 'A') + "\"}";
  }
  if (name != "test.act") return nearest(query);
  if (n == 9) return "";
  return n == 8 ? rpc_error(303, "USER_MIGRATE_3") : yes(query);
}

// All that a connection may be in the middle of when its client goes.
void live(ScriptedWorld& world) {
  world.send(R"({"id":1,"options":{"events":true,"flood_wait":5}})");
  for (const int id : {1, 2, 9}) world.send(act(id));
  world.send(R"({"id":9,"options":{}})");
  world.send(R"({"id":9,"server":{}})");
  world.send(send_to(3, "@somebody"));
  world.send(send_to(4, "me", 70'000));
  world.put(R"({"id":5,"message":{"_cons":"test.getBox","n":1}})");
  world.put(act(6));
  world.turn();
  world.telegram.push(R"({"_cons":"box","text":")" + std::string(270'000, 'A') + "\"}");
  world.telegram.push(R"({"_cons":"updatesTooLong"})");
  world.turn();
  world.send(R"({"id":10,"signin":{"qr":true}})");
  world.telegram.push(R"({"_cons":"updateShort","update":{"_cons":"updateLoginToken"},"date":1})");
  world.turn();
  world.telegram.close();
  world.telegram.come_back();
  world.turn();
  world.send(act(8));
  world.send(act(9));
  world.send(R"({"id":10,"signin":{"qr":true}})");
  world.telegram.close(0, true);
  world.turn();
  world.send(act(9));
  world.send(R"({"id":11,"server":{"dc":1}})");
  world.send("[");
  world.send(R"({"id":12,"message":{"_cons":"no.such"}})");
  world.send(act(9));
  world.send(send_to(13, "@nobody"));
  world.connection->set_above_high_watermark(true, world.now());
  world.pass(20s);
  world.connection->end();
  world.pass(20s);
}

}  // namespace

// --- held back ---

TEST_CASE("Nothing is begun behind a request that waits for a name, until that is over") {
  ScriptedWorld world([](const tl::Value& query) {
    return query.constructor() == "test.act" ? yes(query) : std::string();
  });
  auto first = send_to(1, "@somebody");
  first.insert(1, R"("timeout":3,)");
  world.send(first);
  world.send(R"({"id":2,"options":{"json":"plain"}})");
  world.send(act(3));
  CHECK(world.telegram.asked.size() == 1);
  CHECK(world.mail.objects.empty());
  world.pass(3s);
  REQUIRE(world.mail.objects.size() == 3);
  CHECK(has(world.object(0), R"({"id":1,"message":{"_cons":"rpc_timeout")"));
  CHECK(has(world.object(1), R"({"id":2,"options":{"json":"plain")"));
  CHECK(world.object(2) == R"({"id":3,"message":true})");
}

TEST_CASE("Nothing is begun behind a step of sign-in, until that is over") {
  ScriptedWorld world([](const tl::Value& query) {
    return query.constructor() == "test.act" ? yes(query) : std::string();
  });
  world.send(R"({"id":1,"timeout":3,"signin":{"qr":true}})");
  world.send(act(2));
  CHECK(world.telegram.asked.size() == 1);
  world.pass(3s);
  CHECK(has(world.object(0), R"({"id":1,"session":)"));
  CHECK(has(world.object(0), R"("_cons":"rpc_timeout")"));
  CHECK(world.object(1) == answered(2));
}

TEST_CASE("After 1,024 requests there is room for another as soon as one is answered") {
  ScriptedWorld world(silence);
  for (int id = 1; id <= 1024; ++id) world.put(act(id));
  world.turn();
  CHECK(world.mail.objects.empty());
  world.send(act(1025));
  REQUIRE(world.mail.objects.size() == 1);
  CHECK(has(world.object(0), R"({"id":1025,"error":"Busy")"));
  world.telegram.answer(0, yes({}));
  CHECK(world.object(1) == answered(1));
  world.send(act(1026));
  CHECK(world.mail.objects.size() == 2);
  CHECK(world.telegram.asked.size() == 1025);
}

TEST_CASE("A deadline is there while a request waits for Telegram, and not before") {
  ScriptedWorld world(silence);
  CHECK_FALSE(world.connection->deadline());
  world.send(R"({"options":{}})");
  CHECK_FALSE(world.connection->deadline());
  world.send(act(1, R"(,"timeout":3)"));
  REQUIRE(world.due_in());
  CHECK(*world.due_in() <= 3s);
}

TEST_CASE("Requests are counted while they are in flight, and by what became of them") {
  ScriptedWorld world(play);
  world.send(act(1));
  world.send(R"({"id":2,"options":{}})");
  world.send(R"({"id":3,"message":{"_cons":"no.such"}})");
  world.send("[");
  world.send(act(9));
  CHECK(world.counters.requests_in_flight.value() == 1);
  world.pass(10s);
  CHECK(world.counters.requests_in_flight.value() == 0);
  CHECK(outcomes(world.counters, "answered") == 2);
  CHECK(outcomes(world.counters, "SchemeError") == 1);
  CHECK(outcomes(world.counters, "JSONDecodeError") == 1);
  CHECK(outcomes(world.counters, "rpc_timeout") == 1);
  world.send(act(9));
  world.connection->close();
  CHECK(world.counters.requests_in_flight.value() == 0);
}

// --- congestion ---

TEST_CASE("Nothing is read from Telegram while the client does not read, wherever it goes") {
  ScriptedWorld world(nearest);
  world.send(act(1));
  CHECK_FALSE(world.telegram.paused());
  world.connection->set_above_high_watermark(true, world.now());
  CHECK(world.telegram.paused());
  world.send(R"({"server":{"dc":3}})");
  world.send(act(2));
  CHECK(world.telegram.asked.back().dc == mtproto::DcId(3));
  CHECK(world.telegram.paused());
  world.connection->set_above_high_watermark(false, world.now());
  CHECK_FALSE(world.telegram.paused());
}

// --- the end ---

TEST_CASE("A connection that nothing waits for is finished at the end of its input, once") {
  ScriptedWorld world(silence);
  Impatient sink(0);
  const auto connection = world.connect(sink);
  connection->end();
  connection->end();
  CHECK(sink.finished == 1);
  connection->close();
}

TEST_CASE("What comes behind the end of the input is not begun") {
  ScriptedWorld world(silence);
  world.send(act(1));
  world.connection->end();
  world.send(act(2));
  CHECK(world.telegram.asked.size() == 1);
  CHECK_FALSE(world.mail.finished);
  world.telegram.answer(0, yes({}));
  CHECK(world.mail.finished);
  CHECK(world.mail.objects == std::vector{answered(1)});
}

TEST_CASE("A connection is not finished while a reply waits for one of its id") {
  ScriptedWorld world(silence);
  world.send(act(1));
  world.send(R"({"id":1,"options":{}})");
  world.connection->end();
  CHECK(world.mail.objects.empty());
  CHECK_FALSE(world.mail.finished);
  world.telegram.answer(0, yes({}));
  CHECK(world.mail.objects.size() == 2);
  CHECK(world.mail.finished);
}

TEST_CASE("A channel may let its connection go at any moment, and hears nothing more") {
  std::size_t moments = 0;
  for (std::size_t patience = 1; patience < 500; ++patience) {
    CAPTURE(patience);
    ScriptedWorld world(play);
    world.connection->close();
    world.turn();
    const auto before = world.memory.used();
    Impatient sink(patience);
    world.connection = world.connect(sink);
    sink.connection = world.connection.get();
    live(world);
    CHECK(sink.told_after == 0);
    CHECK(world.counters.requests_in_flight.value() == 0);
    const bool went = sink.closed;
    world.connection->close();
    world.connection = world.connect(world.mail);
    world.turn();
    CHECK(world.memory.used() <= before + 4096);
    if (!went) break;
    moments = patience;
  }
  CHECK(moments > 30);
  CHECK(moments < 499);
}

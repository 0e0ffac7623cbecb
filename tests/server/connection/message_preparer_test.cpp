// A client's message until it can be sent: into bytes, and with its names asked for.
#include "server/connection/message_preparer.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "tests/server/connection/client_half.hpp"

using namespace support;
using namespace std::chrono_literals;
using server::ClientRequest;
using server::Failure;
using State = ClientRequest::State;

namespace {

std::string person(std::string_view id) {
  return R"({"_cons":"contacts.resolvedPeer","peer":{"_cons":"peerUser","user_id":)" +
         std::string(id) + R"(},"chats":[],"users":[{"_cons":"user","id":)" + std::string(id) +
         R"(,"access_hash":9}]})";
}

// A message to these peers.
std::string to(const std::vector<std::string>& names, std::string_view more = "") {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "\"" : ",\"") + name + "\"";
  return R"({"id":1,"message":{"_cons":"test.greet","peers":[)" + list + "]" + std::string(more) +
         "}}";
}
std::string padding(std::size_t size) { return R"(,"text":")" + std::string(size, 'x') + "\""; }

class Desk final : public ClientHalf, private server::MessagePreparer::User {
 public:
  explicit Desk(ScriptedTelegram::Handler handler = silence, const Terms& terms = {})
      : ClientHalf(std::move(handler), terms) {}
  ~Desk() override { preparer->close(); }

  // As a connection begins a request. What it came to is told below.
  ClientRequest& begin(std::string_view json) {
    auto& request = arrive(json);
    queue.next();
    begin(request);
    return request;
  }
  void begin(ClientRequest& request) {
    auto plan = attributes.read(request);
    REQUIRE(plan.has_value());
    auto failure = preparer->encode(request, *plan, now);
    if (failure) return on_request_failed(request, std::move(*failure), now);
    if (request.state == State::encoding) return;
    attributes.apply(std::move(*plan), now);
    preparer->prepare(request, now);
  }
  std::vector<std::string> asked_names() const {
    std::vector<std::string> out;
    for (const auto& one : telegram.asked) {
      const auto at = one.whole.find(R"("username":")") + 12;
      out.push_back(one.whole.substr(at, one.whole.find('"', at) - at));
    }
    return out;
  }

  std::shared_ptr<server::MessagePreparer> preparer =
      std::make_shared<server::MessagePreparer>(queue, attributes, memory, random, runner(),
                                                static_cast<server::MessagePreparer::User&>(*this));
  mtproto::Time now = start;
  std::vector<std::string> prepared;  // bodies, as JSON
  std::vector<std::string> over;      // refusals
  std::vector<Failure> failed;
  int encoded = 0;  // on the pool

 private:
  void on_encoded(ClientRequest& request, mtproto::Time) override {
    ++encoded;
    begin(request);
  }
  void on_prepared(ClientRequest& request, mtproto::Time) override {
    CHECK(queue.barrier() == nullptr);
    CHECK(request.arena == nullptr);
    std::pmr::monotonic_buffer_resource arena;
    const auto value =
        tl::decode_value(*attributes.scheme().schema, tl::any_object, request.body, arena, true);
    REQUIRE(value.has_value());
    tl::write_json(*value, prepared.emplace_back());
    queue.erase(request);
  }
  void on_request_over(ClientRequest& request, const server::Outcome& outcome,
                       mtproto::Time) override {
    over.emplace_back(outcome.message);
    queue.erase(request);
  }
  void on_request_failed(ClientRequest& request, Failure failure, mtproto::Time) override {
    failed.push_back(std::move(failure));
    queue.erase(request);
  }
  void on_due() override {}
};

std::string resolving(const tl::Value& query) {
  return query.constructor() == "contacts.resolveUsername"
             ? person(std::to_string(query["username"].text().size()))
             : "";
}

std::vector<std::string> names(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("@name" + std::to_string(100 + i));
  return out;
}

}  // namespace

TEST_CASE("A message without names is prepared at once", "[preparer]") {
  Desk desk;
  desk.begin(to({"me"}));
  REQUIRE(desk.prepared.size() == 1);
  CHECK(has(desk.prepared[0], "inputPeerSelf"));
  CHECK(desk.telegram.asked.empty());
}

TEST_CASE("Names are asked for one by one in the order of the message", "[preparer]") {
  Desk desk;
  auto& request = desk.begin(to({"@Aa", "@bbb", "me", "@aa"}));
  CHECK(request.state == State::resolving);
  CHECK(desk.queue.barrier() == &request);
  desk.turn();
  REQUIRE(desk.telegram.asked.size() == 1);
  desk.telegram.answer(0, person("71"));
  desk.turn();
  REQUIRE(desk.telegram.asked.size() == 2);
  CHECK(desk.queue.barrier() == &request);
  CHECK(desk.prepared.empty());
  desk.telegram.answer(1, person("72"));
  REQUIRE(desk.prepared.size() == 1);
  CHECK(has(desk.prepared[0],
            R"("user_id":71,"access_hash":9},{"_cons":"inputPeerUser","user_id":72)"));
  CHECK(desk.telegram.asked.size() == 2);  // one name twice is asked for once
}

TEST_CASE("A name that is known is not asked for again for ten minutes", "[preparer]") {
  Desk desk(resolving);
  const auto began = server::upstream::boot_time();
  desk.now = began;
  desk.begin(to({"@somebody"}));
  desk.turn();
  desk.now = began + 9min;
  desk.begin(to({"@somebody"}));
  CHECK(desk.prepared.size() == 2);
  CHECK(desk.telegram.asked.size() == 1);
  desk.now = began + 11min;
  desk.begin(to({"@somebody"}));
  desk.turn();
  CHECK(desk.prepared.size() == 3);
  CHECK(desk.telegram.asked.size() == 2);
}

TEST_CASE("What was known of names is of no use for the account that the request sets",
          "[preparer]") {
  Desk desk(resolving);
  desk.begin(to({"@somebody"}));
  desk.turn();
  auto other = to({"@somebody"});
  other.insert(1, R"("server":{"dc":3},)");
  desk.begin(other);
  desk.turn();
  CHECK(desk.prepared.size() == 2);
  REQUIRE(desk.telegram.asked.size() == 2);
  CHECK(desk.telegram.asked[1].dc == mtproto::DcId(3));
}

TEST_CASE("Of 64 names each is asked for, and of 65 none", "[preparer]") {
  Desk desk(resolving);
  desk.begin(to(names(64)));
  desk.turn();
  CHECK(desk.telegram.asked.size() == 64);
  CHECK(desk.prepared.size() == 1);
  desk.begin(to(names(130)));
  desk.turn();
  CHECK(desk.telegram.asked.size() == 64);
  REQUIRE(desk.failed.size() == 1);
  CHECK(desk.failed[0].error == "SchemeError");
  CHECK(has(desk.failed[0].text, "more than 64 names"));
}

TEST_CASE("What Telegram says of a name that nobody has is the answer", "[preparer]") {
  Desk desk([](const tl::Value&) { return rpc_error(400, "USERNAME_INVALID"); });
  desk.begin(to({"@somebody", "@another"}));
  desk.turn();
  REQUIRE(desk.over.size() == 1);
  CHECK(has(desk.over[0], "USERNAME_INVALID"));
  CHECK(desk.telegram.asked.size() == 1);
  CHECK(desk.queue.barrier() == nullptr);
}

TEST_CASE("A name that can't be asked for fails its request", "[preparer]") {
  Desk desk;
  desk.telegram.failing = upstream_failure("Connection refused");
  desk.begin(to({"@somebody"}));
  desk.turn();
  REQUIRE(desk.failed.size() == 1);
  CHECK(desk.failed[0].error == "ConnectionError");
}

TEST_CASE("A question that nobody waits for is given up, and says whether it was lost",
          "[preparer]") {
  Desk desk;
  auto& request = desk.begin(to({"@somebody"}));
  desk.turn();
  bool lost = false;
  SECTION("it was") {
    desk.telegram.close();
    lost = true;
  }
  SECTION("it was not") {}
  CHECK(desk.preparer->cancel(request) == lost);
  CHECK_FALSE(desk.telegram.answer(0, person("7")));
  CHECK(desk.prepared.empty());
}

// --- on the pool ---

TEST_CASE("A large message is encoded on the pool behind a barrier, and then begun anew",
          "[preparer]") {
  Desk desk;
  auto& request = desk.begin(to({"me"}, padding(200'000)));
  CHECK(request.state == State::encoding);
  CHECK(desk.queue.barrier() == &request);
  CHECK(desk.encoded == 0);
  desk.turn();
  CHECK(desk.encoded == 1);
  REQUIRE(desk.prepared.size() == 1);
  CHECK(desk.prepared[0].size() > 200'000);
}

TEST_CASE("A large message with names is encoded again on the pool for each", "[preparer]") {
  Desk desk(resolving);
  auto& request = desk.begin(to({"@a", "@bb"}, padding(200'000)));
  CHECK(request.state == State::encoding);
  for (int i = 0; i < 6; ++i) desk.turn();
  CHECK(desk.encoded == 1);  // its attributes are applied once
  REQUIRE(desk.prepared.size() == 1);
  CHECK(desk.asked_names() == std::vector<std::string>{"a", "bb"});
  CHECK(has(desk.prepared[0], R"("user_id":1,)"));
  CHECK(has(desk.prepared[0], R"("user_id":2,)"));
}

TEST_CASE("What is wrong in a large message is found when it comes from the pool", "[preparer]") {
  Desk desk;
  desk.begin(to({"me"}, padding(200'000) + R"(,"more":1)"));
  CHECK(desk.failed.empty());
  desk.turn();
  REQUIRE(desk.failed.size() == 1);
  CHECK(desk.failed[0].path == "/message/more");
  CHECK(desk.prepared.empty());
}

TEST_CASE("A large message that there is no room to encode is Busy", "[preparer]") {
  Desk desk;
  auto& request = desk.arrive(to({"me"}, padding(200'000)));
  const auto left = desk.memory.left();
  desk.memory.take(left);
  desk.queue.next();
  desk.begin(request);
  desk.memory.give(left);
  REQUIRE(desk.failed.size() == 1);
  CHECK(desk.failed[0].error == "Busy");
  CHECK(desk.queue.barrier() == nullptr);
}

TEST_CASE("Nobody hears of a message on the pool whose request or connection is gone",
          "[preparer]") {
  Desk desk;
  const auto before = desk.memory.used();
  auto& request = desk.begin(to({"me"}, padding(200'000)));
  SECTION("the request") { desk.queue.erase(request); }
  SECTION("the connection") { desk.preparer->close(); }
  desk.turn();
  CHECK(desk.encoded == 0);
  CHECK(desk.prepared.empty());
  if (desk.queue.empty()) CHECK(desk.memory.used() == before);
}

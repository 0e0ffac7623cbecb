#include "server/gateway/asked_elsewhere.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>

#include "tl/json_reader.hpp"

using namespace server;

namespace {

std::pmr::monotonic_buffer_resource arena;

Request request(std::string_view text) {
  const auto value = tl::read_json(text, arena);
  REQUIRE(value);
  auto read = read_request(*value);
  REQUIRE(read.has_value());
  return *read;
}

void add(AskedElsewhere& to, const std::string& text) { to.add(request(text), text); }

}  // namespace

TEST_CASE(
    "what another node was asked is forgotten by its reply, and what is pushed answers nothing") {
  MemoryMeter meter(1 << 20, 1);
  AskedElsewhere asked(meter, ReplyShape::object);
  const auto before = meter.used();
  add(asked, R"({"id":7,"account":"ada"})");
  add(asked, R"({"id":"x","message":{"_cons":"messages.sendMessage"}})");
  CHECK(meter.used() > before);
  CHECK_FALSE(asked.answered(R"({"id":0,"message":{}})", {}));
  CHECK_FALSE(asked.answered("no JSON", {}));
  const auto first = asked.answered(R"({"id":"x","message":{}})", {});
  REQUIRE(first);
  CHECK_FALSE(first->reads);
  CHECK_FALSE(first->attaches);
  const auto second = asked.answered(R"({"id":7})", {});
  REQUIRE(second);
  CHECK(second->attaches);
  CHECK(second->reads);
  CHECK(asked.empty());
  CHECK(meter.used() == before);
}

TEST_CASE("in the shape of the HTTP API each reply with a status answers the one that was asked") {
  MemoryMeter meter(1 << 20, 1);
  AskedElsewhere asked(meter, ReplyShape::api);
  CHECK_FALSE(asked.answered("{}", {false, {200, {}, false}, {}}));
  add(asked, R"({"message":{"_cons":"help.getConfig"}})");
  CHECK_FALSE(asked.answered("{}", {}));
  CHECK(asked.answered("{}", {false, {200, {}, false}, {}})->reads);
}

TEST_CASE(
    "what is too long to be asked again is kept without its text, and all is taken in order") {
  MemoryMeter meter(1 << 20, 1);
  AskedElsewhere asked(meter, ReplyShape::object);
  asked.add(request(R"({"id":1,"options":{}})"),
            std::string(AskedElsewhere::longest_kept + 1, 'x'));
  add(asked, R"({"id":2,"options":{}})");
  const auto all = asked.take();
  REQUIRE(all.size() == 2);
  CHECK(all[0].text.empty());
  CHECK(all[1].text == R"({"id":2,"options":{}})");
  CHECK(asked.empty());
  CHECK(meter.used() == 0);
}

TEST_CASE("what another node could not read is found by its number, once") {
  MemoryMeter meter(1 << 20, 1);
  AskedElsewhere asked(meter, ReplyShape::object);
  CHECK(asked.next() == 1);
  add(asked, R"({"id":7,"options":{}})");
  add(asked, R"({"id":7,"account":"ada"})");
  CHECK(asked.next() == 3);
  const auto refused = asked.refused(2);
  REQUIRE(refused);
  CHECK(refused->attaches);
  CHECK_FALSE(asked.refused(2));
  CHECK_FALSE(asked.refused(3));
  CHECK(asked.answered(R"({"id":7})", {}));
  CHECK(asked.empty());
  CHECK(meter.used() == 0);
}

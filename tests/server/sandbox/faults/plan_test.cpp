// What a faults file may say, and what is said of one that is wrong.
#include <catch2/catch.hpp>

#include <string>

#include "server/sandbox/faults/plan_file.hpp"

using namespace server::sandbox;

namespace {

FaultPlan plan(std::string_view text) {
  auto out = parse_plan(text);
  if (!out) FAIL(out.error().text);
  return *out;
}

std::string problem(std::string_view text) {
  const auto out = parse_plan(text);
  return out ? "" : out.error().text;
}

}  // namespace

TEST_CASE("an empty object asks for no fault") {
  const auto read = plan("{}");
  CHECK(read.seed == 1);
  CHECK(read.clock_skew == mtproto::Duration::zero());
  CHECK(read.deaf_after == std::chrono::hours(1));
  CHECK(read.rules.empty());
  CHECK(read.absences.empty());
  for (const auto& rate : read.rates) CHECK(rate.rate == 0);
}

TEST_CASE("a rate is a number, or an object with more about it") {
  const auto read = plan(R"({"seed":7,"clock_skew":-3600,"rates":{"drop":0.25,
      "delay":{"rate":0.5,"ms":[10,500]},"late_answer":{"rate":1,"ms":2000,"times":3},
      "flood_wait":{"rate":1,"s":[1,2]}}})");
  CHECK(read.seed == 7);
  CHECK(read.clock_skew == -std::chrono::hours(1));
  CHECK(read.rate(Fault::drop).rate == 0.25);
  CHECK_FALSE(read.rate(Fault::drop).times);
  CHECK(read.rate(Fault::delay).range == Range{10, 500});
  CHECK(read.rate(Fault::late_answer).range == Range{2000, 2000});
  CHECK(read.rate(Fault::late_answer).times == 3U);
  CHECK(read.rate(Fault::flood_wait).range == Range{1, 2});
}

TEST_CASE("a rule names calls and one thing that happens to them") {
  const auto read = plan(R"({"rules":[
      {"method":"messages.sendMessage","nth":3,"error":"FLOOD_WAIT_7"},
      {"method":"users.getUsers","every":2,"delay_ms":2000},
      {"dc":2,"nth":[1,4],"close":true},
      {"error":"PEER_ID_INVALID","code":406}]})");
  REQUIRE(read.rules.size() == 4);
  CHECK(read.rules[0].method == "messages.sendMessage");
  CHECK(read.rules[0].nth == std::vector<std::uint64_t>{3});
  CHECK(read.rules[0].error == RpcError{420, "FLOOD_WAIT_7"});
  CHECK(read.rules[1].every == 2);
  CHECK(read.rules[1].delay == Range{2000, 2000});
  CHECK(read.rules[2].dc == 2);
  CHECK(read.rules[2].nth == std::vector<std::uint64_t>{1, 4});
  CHECK(read.rules[2].fault == Fault::close);
  CHECK(read.rules[3].error == RpcError{406, "PEER_ID_INVALID"});
}

TEST_CASE("a rule with away_s sends a data centre away") {
  const auto read = plan(R"({"rules":[{"dc":3,"after_s":5,"away_s":0.5,"every_s":60}]})");
  REQUIRE(read.absences.size() == 1);
  CHECK(read.rules.empty());
  CHECK(read.absences[0].dc == 3);
  CHECK(read.absences[0].after == std::chrono::seconds(5));
  CHECK(read.absences[0].away == std::chrono::milliseconds(500));
  CHECK(read.absences[0].every == std::chrono::seconds(60));
}

TEST_CASE("an error has the code that Telegram gives with its name") {
  const auto code = [](const std::string& name) {
    return plan(R"({"rules":[{"error":")" + name + R"("}]})").rules.at(0).error->code;
  };
  CHECK(code("FLOOD_WAIT_7") == 420);
  CHECK(code("SLOWMODE_WAIT_9") == 420);
  CHECK(code("USER_MIGRATE_1") == 303);
  CHECK(code("AUTH_KEY_UNREGISTERED") == 401);
  CHECK(code("INTERNAL") == 500);
  CHECK(code("PEER_ID_INVALID") == 400);
  CHECK(code("RECAPTCHA_CHECK_signup__6LdcRsEqAAAAAHUaNCc1GUe47g5jKlO-bJJiy_Zt") == 403);
  CHECK(code("Timeout") == 400);  // not all names are in capitals
}

TEST_CASE("an unknown name is told with its place and the nearest known one") {
  CHECK(problem(R"({"rate":{}})") == R"(/rate: unknown; the nearest known is "rates")");
  CHECK(problem(R"({"rates":{"dropp":0.1}})") ==
        R"(/rates/dropp: unknown; the nearest known is "drop")");
  CHECK(problem(R"({"rates":{"delay":{"rate":1,"mss":3}}})") ==
        R"(/rates/delay/mss: unknown; the nearest known is "ms")");
  CHECK(problem(R"({"rules":[{"metod":"x","close":true}]})") ==
        R"(/rules/0/metod: unknown; the nearest known is "method")");
}

TEST_CASE("values out of bounds are refused where they stand") {
  CHECK(problem(R"({"rates":{"drop":1.5}})").starts_with("/rates/drop:"));
  CHECK(problem(R"({"rates":{"drop":-0.1}})").starts_with("/rates/drop:"));
  CHECK(problem(R"({"rates":{"drop":"0.1"}})").starts_with("/rates/drop:"));
  CHECK(problem(R"({"rates":{"delay":{"rate":1,"ms":[500,10]}}})").starts_with("/rates/delay/ms:"));
  CHECK(problem(R"({"rates":{"delay":{"rate":1,"ms":600001}}})").starts_with("/rates/delay/ms:"));
  CHECK(problem(R"({"rates":{"delay":{"ms":5}}})").starts_with("/rates/delay:"));
  CHECK(problem(R"({"rates":{"drop":{"rate":1,"times":0}}})").starts_with("/rates/drop/times:"));
  CHECK(problem(R"({"clock_skew":1e9})").starts_with("/clock_skew:"));
  for (const auto* wrong : {"0", "-1", "1e9", "\"60\""}) {
    CAPTURE(wrong);
    CHECK(problem(R"({"deaf_after_s":)" + std::string(wrong) + "}").starts_with("/deaf_after_s:"));
  }
  CHECK(problem(R"({"seed":-1})").starts_with("/seed:"));
  CHECK(problem(R"({"rules":{}})").starts_with("/rules:"));
  CHECK(problem(R"({"rules":[{"dc":4,"close":true}]})").starts_with("/rules/0/dc:"));
  CHECK(problem(R"({"rules":[{"nth":0,"close":true}]})").starts_with("/rules/0/nth:"));
  CHECK(problem(R"({"rules":[{"nth":[],"close":true}]})").starts_with("/rules/0/nth:"));
  CHECK(problem(R"({"rules":[{"error":"flood wait"}]})").starts_with("/rules/0/error:"));
  CHECK(problem(R"({"rules":[{"dc":2,"away_s":0}]})").starts_with("/rules/0/away_s:"));
  CHECK(problem(R"({"rules":[{"away_s":1}]})").starts_with("/rules/0:"));
  CHECK(problem(R"({"rules":[{"dc":2,"away_s":5,"every_s":3}]})").starts_with("/rules/0/every_s:"));
}

TEST_CASE("a rule has one action, and nth and every exclude each other") {
  CHECK(problem(R"({"rules":[{"method":"x"}]})").starts_with("/rules/0:"));
  CHECK(problem(R"({"rules":[{"close":true,"drop":true}]})").starts_with("/rules/0:"));
  CHECK(problem(R"({"rules":[{"close":false}]})").starts_with("/rules/0/close:"));
  CHECK(problem(R"({"rules":[{"close":true,"nth":1,"every":2}]})").starts_with("/rules/0/every:"));
  CHECK(problem(R"({"rules":[{"close":true,"code":3}]})").starts_with("/rules/0/code:"));
  CHECK(problem(R"({"rules":[{"close":true,"after_s":3}]})").starts_with("/rules/0/after_s:"));
  CHECK(problem(R"({"rules":[{"delay":true}]})").starts_with("/rules/0/delay:"));
}

TEST_CASE("sessions may go deaf sooner") {
  CHECK(plan(R"({"deaf_after_s":0.5})").deaf_after == std::chrono::milliseconds(500));
}

TEST_CASE("resets may take less than a week, and no time at all") {
  CHECK(plan("{}").reset_wait == std::chrono::hours(7 * 24));
  CHECK(plan(R"({"reset_wait_s":0})").reset_wait == std::chrono::seconds(0));
  CHECK(problem(R"({"reset_wait_s":-1})").starts_with("/reset_wait_s:"));
}

TEST_CASE("what is no JSON object is refused") {
  CHECK(problem("").starts_with("no JSON:"));
  CHECK(problem(R"({"seed":1)").starts_with("no JSON:"));
  CHECK(problem("[]").starts_with("/:"));
  CHECK(problem(std::string((1 << 20) + 1, ' ')) == "longer than 1 MiB");
}

TEST_CASE("a plan whose file is not there is named") {
  const auto out = load_plan("/nowhere/faults.json");
  REQUIRE_FALSE(out.has_value());
  CHECK(out.error().text == "/nowhere/faults.json: there is no such file");
}

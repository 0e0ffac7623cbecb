// What goes wrong, and when: by rates and a seed, by rules, by the clock.
#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "server/sandbox/faults/faults.hpp"
#include "server/sandbox/faults/plan_file.hpp"

using namespace server::sandbox;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const mtproto::Time start{std::chrono::hours(1)};

Faults faults(std::string_view text) {
  auto plan = parse_plan(text);
  if (!plan) FAIL(plan.error().text);
  return {*plan, start};
}

constexpr auto all_rates = R"({"seed":5,"rates":{"delay":0.1,"drop":0.1,"duplicate":0.1,
  "reorder":0.1,"truncate":0.1,"close":0.1,"half_open":0.1,"wrong_salt":0.1,"bad_seqno":0.1,
  "rpc_500":0.1,"rpc_503":0.1,"flood_wait":0.1,"late_answer":0.1,"gzip_bomb":0.1,
  "unknown_constructor":0.1,"lose_key":0.1,"update_gap":0.1}})";

struct Story {
  std::vector<FrameFate> frames;
  std::vector<CallFate> calls;
  bool operator==(const Story&) const = default;
};

Story story(Faults& of) {
  Story out;
  for (int i = 0; i < 500; ++i) {
    out.frames.push_back(of.frame(i % 2 == 0 ? Direction::up : Direction::down, i % 5 != 0));
    out.calls.push_back(of.call(2, "help.getConfig"));
  }
  return out;
}

std::vector<int> numbers_of_errors(Faults& of, int calls, std::int32_t dc = 2,
                                   std::string_view method = "a.b") {
  std::vector<int> out;
  for (int i = 1; i <= calls; ++i) {
    if (of.call(dc, method).error) out.push_back(i);
  }
  return out;
}

}  // namespace

TEST_CASE("a seed tells the same story twice, another seed another one") {
  auto first = faults(all_rates);
  auto second = faults(all_rates);
  auto plan = *parse_plan(all_rates);
  plan.seed = 6;
  Faults third(plan, start);
  const auto told = story(first);
  CHECK(told == story(second));
  CHECK_FALSE(told == story(third));
}

TEST_CASE("setting the same plan again tells its story from the beginning") {
  auto one = faults(all_rates);
  const auto told = story(one);
  one.set(*parse_plan(all_rates), start);
  CHECK(one.count(Fault::drop) == 0);
  CHECK(told == story(one));
}

TEST_CASE("a rate holds over ten thousand draws") {
  for (const double rate : {0.01, 0.2, 0.9}) {
    FaultPlan plan;
    for (auto& it : plan.rates) it.rate = rate;
    Faults of(plan, start);
    for (int i = 0; i < 10'000; ++i) {
      of.frame(Direction::up, true);
      of.call(2, "a.b");
      of.skips_update();
    }
    // Five standard deviations: once in a million and a half.
    const double expected = 10'000 * rate;
    const double slack = 5 * std::sqrt(expected * (1 - rate));
    for (std::size_t i = 0; i < fault_count; ++i) {
      INFO(fault_names[i] << " at " << rate);
      const auto count = static_cast<double>(of.count(static_cast<Fault>(i)));
      CHECK(std::abs(count - expected) < slack);
    }
  }
}

TEST_CASE("at rate 0 nothing happens, at rate 1 everything") {
  auto none = faults("{}");
  for (int i = 0; i < 100; ++i) {
    CHECK(none.frame(Direction::up, true) == FrameFate{});
    CHECK(none.call(2, "a.b") == CallFate{});
    CHECK_FALSE(none.skips_update());
  }
  auto all = faults(R"({"rates":{"drop":1,"update_gap":1}})");
  for (int i = 0; i < 100; ++i) {
    CHECK(all.frame(Direction::down, true).drop);
    CHECK(all.skips_update());
  }
}

TEST_CASE("another fault's rate does not change when one happens") {
  auto alone = faults(R"({"seed":3,"rates":{"drop":0.3}})");
  auto beside = faults(R"({"seed":3,"rates":{"drop":0.3,"duplicate":0.5,"delay":0.5}})");
  for (int i = 0; i < 200; ++i) {
    CHECK(alone.frame(Direction::up, true).drop == beside.frame(Direction::up, true).drop);
  }
}

TEST_CASE("times bounds how often a fault happens") {
  auto of = faults(R"({"rates":{"close":{"rate":1,"times":2}}})");
  int closed = 0;
  for (int i = 0; i < 10; ++i) closed += of.frame(Direction::up, true).close ? 1 : 0;
  CHECK(closed == 2);
}

TEST_CASE("a key exchange is delayed, closed or left half-open, never mangled") {
  auto of = faults(R"({"rates":{"delay":1,"close":1,"half_open":1,"drop":1,"duplicate":1,
      "reorder":1,"truncate":1,"wrong_salt":1,"bad_seqno":1}})");
  const auto fate = of.frame(Direction::up, false);
  FrameFate expected;
  expected.delay = fate.delay;
  expected.close = expected.half_open = true;
  CHECK(fate == expected);
}

TEST_CASE("salts and sequence numbers go wrong only on the way up") {
  auto of = faults(R"({"rates":{"wrong_salt":1,"bad_seqno":1}})");
  CHECK(of.frame(Direction::down, true) == FrameFate{});
  CHECK(of.frame(Direction::up, true).wrong_salt);
}

TEST_CASE("delays stay within their range") {
  auto of = faults(R"({"rates":{"delay":{"rate":1,"ms":[10,12]},
      "late_answer":{"rate":1,"ms":[5,6]},"flood_wait":{"rate":1,"s":[2,3]}}})");
  bool least = false;
  bool most = false;
  for (int i = 0; i < 200; ++i) {
    const auto delay = of.frame(Direction::up, false).delay;
    CHECK((delay >= milliseconds(10) && delay <= milliseconds(12)));
    least = least || delay == milliseconds(10);
    most = most || delay == milliseconds(12);
    const auto call = of.call(2, "a.b");
    CHECK((call.delay == milliseconds(5) || call.delay == milliseconds(6)));
    CHECK((call.error->text == "FLOOD_WAIT_2" || call.error->text == "FLOOD_WAIT_3"));
  }
  CHECK((least && most));
}

TEST_CASE("a rule fits the nth, the listed or every so manyth call") {
  auto nth = faults(R"({"rules":[{"nth":3,"error":"X"}]})");
  CHECK(numbers_of_errors(nth, 10) == std::vector{3});
  auto list = faults(R"({"rules":[{"nth":[2,5],"error":"X"}]})");
  CHECK(numbers_of_errors(list, 10) == std::vector{2, 5});
  auto every = faults(R"({"rules":[{"every":4,"error":"X"}]})");
  CHECK(numbers_of_errors(every, 10) == std::vector{4, 8});
  auto each = faults(R"({"rules":[{"error":"X"}]})");
  CHECK(numbers_of_errors(each, 3) == std::vector{1, 2, 3});
}

TEST_CASE("a rule counts only calls of its method and its data centre") {
  auto of = faults(R"({"rules":[{"method":"a.b","dc":2,"nth":2,"error":"X"}]})");
  CHECK(numbers_of_errors(of, 5, 2, "a.c").empty());
  CHECK(numbers_of_errors(of, 5, 1, "a.b").empty());
  CHECK(numbers_of_errors(of, 5, 2, "a.b") == std::vector{2});
}

TEST_CASE("a reCAPTCHA is asked for until a call brings a token") {
  auto of = faults(R"({"rules":[{"method":"a.b","error":"RECAPTCHA_CHECK_signup__6L-_x"}]})");
  CHECK(of.call(2, "a.b").error == RpcError{403, "RECAPTCHA_CHECK_signup__6L-_x"});
  CHECK_FALSE(of.call(2, "a.b", true).error);
  CHECK(of.call(2, "a.b").error);
  auto other = faults(R"({"rules":[{"method":"a.b","error":"FLOOD_WAIT_3"}]})");
  CHECK(other.call(2, "a.b", true).error);
}

TEST_CASE("what a rule asks for happens where it belongs") {
  const auto fate = [](const std::string& action) {
    return faults(R"({"rules":[{")" + action + R"(":true}]})").call(2, "a.b");
  };
  CHECK(fate("close").answer.close);
  CHECK(fate("half_open").answer.half_open);
  CHECK(fate("drop").answer.drop);
  CHECK(fate("duplicate").answer.duplicate);
  CHECK(fate("truncate").answer.truncate);
  CHECK(fate("reorder").answer.reorder);
  CHECK(fate("wrong_salt").next.wrong_salt);
  CHECK(fate("bad_seqno").next.bad_seqno);
  CHECK(fate("rpc_500").error == RpcError{500, "INTERNAL"});
  CHECK(fate("rpc_503").error == RpcError{-503, "Timeout"});
  CHECK(fate("gzip_bomb").gzip_bomb);
  CHECK(fate("unknown_constructor").unknown_constructor);
  CHECK(fate("lose_key").lose_key);
}

TEST_CASE("a data centre goes away and comes back") {
  const auto of = faults(R"({"rules":[{"dc":2,"after_s":5,"away_s":3}]})");
  CHECK_FALSE(of.away(2, start + milliseconds(4999)));
  CHECK(of.away(2, start + seconds(5)));
  CHECK(of.away(2, start + milliseconds(7999)));
  CHECK_FALSE(of.away(2, start + seconds(8)));
  CHECK_FALSE(of.away(1, start + seconds(6)));
  CHECK(of.next_change(2, start) == start + seconds(5));
  CHECK(of.next_change(2, start + seconds(5)) == start + seconds(8));
  CHECK_FALSE(of.next_change(2, start + seconds(8)));
  CHECK_FALSE(of.next_change(1, start));
}

TEST_CASE("a data centre goes away again and again") {
  const auto of = faults(R"({"rules":[{"dc":2,"after_s":5,"away_s":3,"every_s":10}]})");
  auto now = start;
  std::vector<bool> away;
  std::vector<mtproto::Duration> changes;
  for (int i = 0; i < 4; ++i) {
    const auto next = of.next_change(2, now);
    REQUIRE(next);
    now = *next;
    changes.push_back(now - start);
    away.push_back(of.away(2, now));
  }
  CHECK(changes ==
        std::vector<mtproto::Duration>{seconds(5), seconds(8), seconds(15), seconds(18)});
  CHECK(away == std::vector{true, false, true, false});
}

#include "server/sandbox/faults/plan_file.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <limits>

#include "server/sandbox/faults/plan_reader.hpp"
#include "server/sandbox/private_file.hpp"

namespace server::sandbox {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_ms = 600'000;
constexpr std::int64_t longest_flood_wait = 86'400;
constexpr std::int64_t most_counted = 1'000'000'000;
constexpr double longest_deaf = 86'400;
constexpr std::int64_t ten_years = 10LL * 365 * 86'400;
constexpr double a_day = 86'400;
constexpr std::size_t most_rules = 1000;
constexpr std::size_t longest_file = std::size_t{1} << 20;

constexpr Range usual_delay{10, 500};
constexpr Range usual_late{11'000, 15'000};  // longer than most clients wait
constexpr Range usual_flood_wait{3, 30};

// Faults that a rule may name: those of the answer's frame, of the next message, of the call.
bool fits_rule(Fault fault) {
  return fault != Fault::delay && fault != Fault::flood_wait && fault != Fault::late_answer &&
         fault != Fault::update_gap;
}

// Telegram's code for an error by its name. core.telegram.org/api/errors
std::int32_t usual_code(std::string_view name) {
  const auto holds = [&](std::string_view part) { return name.find(part) != name.npos; };
  if (holds("_MIGRATE_")) return 303;
  if (is_recaptcha_check(name)) return 403;
  if (name.starts_with("FLOOD_") || name.starts_with("SLOWMODE_WAIT")) return 420;
  if (name.starts_with("AUTH_KEY_") || name.starts_with("SESSION_")) return 401;
  if (name.starts_with("INTERNAL")) return 500;
  return 400;
}

void read_rate(PlanReader& rates, Fault fault, Rate& out, std::string& problem) {
  const auto name = name_of(fault);
  const bool in_ms = fault == Fault::delay || fault == Fault::late_answer;
  const bool in_s = fault == Fault::flood_wait;
  if (fault == Fault::delay) out.range = usual_delay;
  if (fault == Fault::late_answer) out.range = usual_late;
  if (in_s) out.range = usual_flood_wait;
  const auto* value = rates.find(name);
  if (value == nullptr) return;
  if (!value->is_object()) {
    out.rate = rates.number(name, 0, 1);
    return;
  }
  PlanReader reader(*value, rates.path(name), problem);
  if (in_ms) {
    reader.only({"rate", "times", "ms"});
    out.range = reader.range("ms", longest_ms, out.range);
  } else if (in_s) {
    reader.only({"rate", "times", "s"});
    out.range = reader.range("s", longest_flood_wait, out.range);
  } else {
    reader.only({"rate", "times"});
  }
  out.rate = reader.number("rate", 0, 1);
  if (!reader.has("rate")) reader.wrong("", "a rate is due");
  if (reader.has("times")) {
    out.times = static_cast<std::uint64_t>(reader.whole("times", 1, most_counted));
  }
}

void read_rates(const json::value& value, FaultPlan& plan, std::string& problem) {
  PlanReader rates(value, "/rates", problem);
  rates.only({"delay", "drop", "duplicate", "reorder", "truncate", "close", "half_open",
              "wrong_salt", "bad_seqno", "rpc_500", "rpc_503", "flood_wait", "late_answer",
              "gzip_bomb", "unknown_constructor", "lose_key", "update_gap"});
  for (std::size_t i = 0; i < fault_count; ++i) {
    read_rate(rates, static_cast<Fault>(i), plan.rates[i], problem);
  }
}

void read_absence(PlanReader& reader, FaultPlan& plan) {
  reader.only({"dc", "after_s", "away_s", "every_s"});
  Absence out;
  if (!reader.has("dc")) reader.wrong("", "a dc is due with away_s");
  out.dc = static_cast<std::int32_t>(reader.whole("dc", 1, 3, 1));
  out.after = reader.seconds("after_s", 0, a_day);
  out.away = reader.seconds("away_s", 0.001, a_day);
  if (reader.has("every_s")) {
    out.every = reader.seconds("every_s", 0.1, a_day);
    if (*out.every <= out.away) reader.wrong("every_s", "longer than away_s is due");
  }
  plan.absences.push_back(out);
}

RpcError read_error(PlanReader& reader) {
  constexpr std::size_t longest_error = 128;
  RpcError out;
  out.text = reader.text("error", longest_error);
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  if (!std::all_of(out.text.begin(), out.text.end(), fits)) {
    reader.wrong("error", "an error's name is due, such as FLOOD_WAIT_7");
  }
  out.code = static_cast<std::int32_t>(reader.whole("code", -999, 999, usual_code(out.text)));
  return out;
}

void read_rule(const json::value& value, std::size_t number, FaultPlan& plan,
               std::string& problem) {
  constexpr std::size_t longest_method = 128;
  PlanReader reader(value, "/rules/" + std::to_string(number), problem);
  if (reader.has("away_s")) return read_absence(reader, plan);
  reader.only({"method",
               "dc",
               "nth",
               "every",
               "error",
               "code",
               "delay_ms",
               "drop",
               "duplicate",
               "reorder",
               "truncate",
               "close",
               "half_open",
               "wrong_salt",
               "bad_seqno",
               "rpc_500",
               "rpc_503",
               "gzip_bomb",
               "unknown_constructor",
               "lose_key",
               "away_s",
               "after_s",
               "every_s"});
  for (const auto* only_away : {"after_s", "every_s"}) {
    if (reader.has(only_away)) reader.wrong(only_away, "this goes with away_s");
  }
  Rule rule;
  rule.method = reader.text("method", longest_method);
  if (reader.has("dc")) rule.dc = static_cast<std::int32_t>(reader.whole("dc", 1, 3));
  for (const auto nth : reader.wholes("nth", 1, most_counted)) {
    rule.nth.push_back(static_cast<std::uint64_t>(nth));
  }
  rule.every = static_cast<std::uint64_t>(reader.whole("every", 1, most_counted, 1));
  if (reader.has("nth") && reader.has("every")) reader.wrong("every", "it does not go with nth");
  if (reader.has("code") && !reader.has("error")) reader.wrong("code", "this goes with error");
  int actions = 0;
  if (reader.has("error")) {
    ++actions;
    rule.error = read_error(reader);
  }
  if (reader.has("delay_ms")) {
    ++actions;
    rule.delay = reader.range("delay_ms", longest_ms);
  }
  for (std::size_t i = 0; i < fault_count; ++i) {
    const auto fault = static_cast<Fault>(i);
    if (!fits_rule(fault) || !reader.truth(name_of(fault))) continue;
    ++actions;
    rule.fault = fault;
  }
  if (actions != 1) {
    reader.wrong("", "exactly one of error, delay_ms, away_s and the faults' names is due");
  }
  plan.rules.push_back(std::move(rule));
}

}  // namespace

tl::Result<FaultPlan, PlanProblem> parse_plan(std::string_view text) {
  if (text.size() > longest_file) return PlanProblem{"longer than 1 MiB"};
  json::error_code failed;
  const auto value = json::parse(text, failed);
  if (failed) return PlanProblem{"no JSON: " + failed.message()};
  std::string problem;
  FaultPlan plan;
  PlanReader reader(value, "", problem);
  reader.only({"seed", "rates", "clock_skew", "deaf_after_s", "reset_wait_s", "rules"});
  constexpr auto most_seed = std::numeric_limits<std::int64_t>::max();
  plan.seed = static_cast<std::uint64_t>(reader.whole("seed", 0, most_seed, 1));
  plan.clock_skew = std::chrono::seconds(reader.whole("clock_skew", -ten_years, ten_years));
  if (reader.has("deaf_after_s"))
    plan.deaf_after = reader.seconds("deaf_after_s", 0.1, longest_deaf);
  constexpr std::int64_t week = 7 * 86'400;
  plan.reset_wait = std::chrono::seconds(reader.whole("reset_wait_s", 0, ten_years, week));
  static const json::value none = json::object();
  const auto* rates = reader.find("rates");
  read_rates(rates == nullptr ? none : *rates, plan, problem);
  if (const auto* rules = reader.array("rules", most_rules)) {
    for (std::size_t i = 0; i < rules->size(); ++i) read_rule((*rules)[i], i, plan, problem);
  }
  if (!problem.empty()) return PlanProblem{std::move(problem)};
  return {boost::system::in_place_value, std::move(plan)};
}

tl::Result<FaultPlan, PlanProblem> load_plan(const std::string& file) {
  try {
    const auto text = read_private_file(file);
    if (!text) return PlanProblem{file + ": there is no such file"};
    auto plan = parse_plan(*text);
    if (!plan) return PlanProblem{file + ": " + plan.error().text};
    return plan;
  } catch (const std::exception& why) {
    return PlanProblem{why.what()};
  }
}

}  // namespace server::sandbox

// A load generator for what speaks JSON lines, WebSocket or HTTP: the gateway, and the floor. Checks
// that each request is answered well, under its own id, and prints one JSON object; `load --help`.
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <utility>

#include "server/config/kinds.hpp"
#include "server/config/program.hpp"
#include "tests/bench/load/crowd.hpp"

namespace {

namespace json = boost::json;
using bench::Plan;
using Seconds = std::chrono::duration<double>;
using Microseconds = std::chrono::duration<double, std::micro>;

std::chrono::nanoseconds from_seconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Seconds(seconds));
}

// `rank` is a share of them.
double microseconds(const std::vector<std::uint64_t>& sorted, double rank) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return static_cast<double>(sorted[static_cast<std::size_t>(rank * last)]) / 1000;
}

// Of each watched process, in microseconds for each of `count`.
json::array cpu(const std::vector<std::chrono::nanoseconds>& times, double count) {
  json::array out;
  for (const auto& used : times) out.push_back(Microseconds(used).count() / count);
  return out;
}

json::object report_opening(const Plan& plan, const bench::Outcome& outcome) {
  const auto count = static_cast<double>(plan.connections);
  return {{"connections", plan.connections},
          {"opened_in_s", Seconds(outcome.opened).count()},
          {"opening_cpu_us", cpu(outcome.used_opening, count)}};
}

json::object report(const Plan& plan, const bench::Outcome& outcome) {
  const auto& waits = outcome.waits;
  const auto count = static_cast<double>(waits.size());
  json::object out{{"requests", waits.size()},
                   {"seconds", Seconds(outcome.took).count()},
                   {"per_second", count / Seconds(outcome.took).count()},
                   {"p50_us", microseconds(waits, 0.5)},
                   {"p99_us", microseconds(waits, 0.99)},
                   {"p999_us", microseconds(waits, 0.999)},
                   {"max_us", microseconds(waits, 1)},
                   {"cpu_us", cpu(outcome.used, count)},
                   {"updates", outcome.updates}};
  const auto opening = report_opening(plan, outcome);
  out.insert(opening.begin(), opening.end());
  return out;
}

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("can't read " + file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::string message_of(const std::string& given) {
  if (!given.starts_with('@')) return given;
  const auto lines = lines_of(given.substr(1));
  if (lines.size() != 1) throw std::runtime_error("a message is one line");
  return lines[0];
}

void run(const Plan& plan, bool hold) {
  bench::Crowd crowd(plan);
  crowd.open();
  if (hold) {
    std::cout << report_opening(plan, crowd.outcome()) << std::endl;
    crowd.hold(0);
    return;
  }
  crowd.run();
  std::cout << report(plan, crowd.outcome()) << std::endl;
}

using namespace server::config;

// What was asked for beside the plan, and what is yet to be made a part of it.
struct Wish {
  Plan plan;
  std::string first, firsts;
  bool web_socket = false, hold = false;
};

const Program program{"load", "",
                      "Usage: load --port PORT [OPTION]…\n\n"
                      "Puts load on a server of JSON lines at 127.0.0.1 and measures it.\n",
                      "Times are in seconds.\n"};

Set count(std::size_t& to) { return number(to, 0, INT64_MAX, "a number"); }

Set seconds(std::chrono::nanoseconds& to, double unit = 1) {
  auto take = [&to, unit](const std::string& text) -> std::string {
    const auto read = tl::parse_double(text);
    if (!read || *read < 0) return "a time";
    to = from_seconds(*read * unit);
    return "";
  };
  return {std::move(take), {}};
}

Set process(std::vector<pid_t>& to) {
  auto take = [&to](const std::string& text) -> std::string {
    const auto read = tl::parse_count(text, 1, INT32_MAX);
    if (!read) return "a process's number";
    to.push_back(static_cast<pid_t>(*read));
    return "";
  };
  return {std::move(take), {}};
}

std::vector<Setting> connections(Wish& wish) {
  auto& plan = wish.plan;
  return {
      {"port", "PORT", "Where the server listens", port(plan.port, 1)},
      {"tls", "", "TLS below; the certificate is not looked at", flag(plan.tls)},
      {"web-socket", "", "Messages of a WebSocket at /ws instead of lines", flag(wish.web_socket)},
      {"post", "PATH",
       "Each object, or request of one, is the body of a POST to that path; one in flight each",
       text(plan.path)},
      {"connections", "N", "How many (1)", count(plan.connections)},
      {"opening", "N", "How many to open at a time (32)", count(plan.opening)},
      {"first", "OBJECT", "With which each connection begins, answered before any request",
       text(wish.first)},
      {"firsts", "FILE", "A file of such lines, taken in turn", text(wish.firsts)},
      {"hold", "",
       "Ask nothing: open, tell of it, and stay until there is something to read on the standard "
       "input",
       flag(wish.hold)},
  };
}

std::vector<Setting> requests(Plan& plan) {
  constexpr Traits list{.list = true};
  return {
      {"active", "N", "How many of the connections ask (all)", count(plan.active)},
      {"in-flight", "N", "Requests in flight on each (1)", count(plan.in_flight)},
      {"rotate", "N", "Requests in flight on all together, each on the next connection",
       count(plan.rotate)},
      {"pace", "MS", "Instead: each asks once in so many milliseconds, answered or not",
       seconds(plan.pace, 0.001)},
      {"seconds", "TIME", "How long to measure (3)", seconds(plan.length)},
      {"most", "N", "Until so many were answered, if that is sooner", count(plan.most)},
      {"warm-up", "TIME", "How long to ask before that (0.5)", seconds(plan.warm_up)},
      {"message", "OBJECT", "What to ask (a ping), or @FILE with it", text(plan.message)},
      {"pid", "PID", "A process whose CPU time is told, in microseconds a request. Repeatable",
       process(plan.pids), list},
  };
}

// What is to be done; none: it is printed why not, and `status` is the program's.
std::optional<Wish> read_wish(int argc, char** argv, int& status) {
  Wish wish;
  wish.plan.message = R"({"_cons":"ping","ping_id":7})";
  wish.plan.length = from_seconds(3);
  wish.plan.warm_up = from_seconds(0.5);
  const SettingTable table{{"Connections", connections(wish)},
                           {"Requests", requests(wish.plan)},
                           {"These options", help_settings()}};
  const auto said = read_sources(program, table, own_sources(argc, argv));
  auto problem = said ? said->apply(table) : std::string();
  if (problem.empty() && said && !said->has("port")) problem = "--port: it is due";
  if (said && problem.empty()) {
    if (!said->has("active")) wish.plan.active = wish.plan.connections;
    if (wish.web_socket) wish.plan.framing = bench::Framing::web_socket;
    if (!wish.plan.path.empty()) wish.plan.framing = bench::Framing::posts;
    return wish;
  }
  const auto printed = said ? wrong(program, problem) : said.error();
  print(printed);
  status = printed.status;
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  int status = 0;
  auto wish = read_wish(argc, argv, status);
  if (!wish) return status;
  auto& plan = wish->plan;
  try {
    if (!wish->firsts.empty()) plan.firsts = lines_of(wish->firsts);
    if (!wish->first.empty()) plan.firsts = {wish->first};
    plan.message = message_of(plan.message);
    run(plan, wish->hold);
  } catch (const std::exception& error) {
    std::cerr << "load: " << error.what() << std::endl;
    return 1;
  }
}

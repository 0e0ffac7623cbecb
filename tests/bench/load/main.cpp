// A load generator for what speaks JSON lines or WebSocket: the gateway, and the floor. Checks that
// each request is answered well, under its own id, and prints one JSON object; `load --help`.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <iostream>

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

}  // namespace

int main(int count, char** arguments) {
  Plan plan;
  plan.message = R"({"_cons":"ping","ping_id":7})";
  std::string first, firsts;
  double seconds = 3, warm_up = 0.5, pace = 0;
  bool web_socket = false, hold = false;
  CLI::App app("Puts load on a server of JSON lines at 127.0.0.1 and measures it.");
  app.add_option("--port", plan.port)->required();
  app.add_flag("--tls", plan.tls, "TLS below; the certificate is not looked at");
  app.add_flag("--web-socket", web_socket, "Messages of a WebSocket at /ws instead of lines");
  app.add_option("--connections", plan.connections, "How many (1)");
  app.add_option("--opening", plan.opening, "How many to open at a time (32)");
  app.add_option("--first", first,
                 "An object with which each connection begins, answered before any request");
  app.add_option("--firsts", firsts, "A file of such lines, taken in turn");
  app.add_option("--active", plan.active, "How many of the connections ask (all)");
  app.add_option("--in-flight", plan.in_flight, "Requests in flight on each (1)");
  app.add_option("--rotate", plan.rotate,
                 "Requests in flight on all together, each on the next connection");
  app.add_option("--pace", pace,
                 "Instead: each asks once in so many milliseconds, answered or not");
  app.add_option("--seconds", seconds, "How long to measure (3)");
  app.add_option("--most", plan.most, "Until so many were answered, if that is sooner");
  app.add_option("--warm-up", warm_up, "How long to ask before that (0.5)");
  app.add_option("--message", plan.message, "What to ask (a ping), or @FILE with it");
  app.add_option("--pid", plan.pids, "A process whose CPU time is told, in microseconds a request")
      ->allow_extra_args(false);
  app.add_flag("--hold", hold,
               "Ask nothing: open, tell of it, and stay until there is something to read on the "
               "standard input");
  CLI11_PARSE(app, count, arguments);
  try {
    if (web_socket) plan.framing = bench::Framing::web_socket;
    if (!firsts.empty()) plan.firsts = lines_of(firsts);
    if (!first.empty()) plan.firsts = {first};
    plan.message = message_of(plan.message);
    if (app.count("--active") == 0) plan.active = plan.connections;
    plan.length = from_seconds(seconds);
    plan.warm_up = from_seconds(warm_up);
    plan.pace = from_seconds(pace / 1000);
    run(plan, hold);
  } catch (const std::exception& error) {
    std::cerr << "load: " << error.what() << std::endl;
    return 1;
  }
}

// session-simulation: runs seeds of the simulation until one fails, and tells how that came.
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "tests/simulation/simulation.hpp"

namespace {

constexpr const char* usage =
    R"(session-simulation: client and server halves of MTProto over a simulated bad network

  --seeds N      so many seeds, one after another (default 500)
  --from S       beginning with this one (default 1)
  --seed S       this one alone
  --requests N   in each (default 2000)
  --keep-going   report every seed that fails, not only the first one
  --trace        print what happened last in the run of --seed, whether it fails or not

A seed that fails is run again and what led to the failure is printed: simulated seconds since the
machine started, who, what. Exit status 1 where a seed failed.
)";

struct Arguments {
  simulation::Options options;
  std::uint64_t from = 1;
  std::uint64_t seeds = 500;
  bool keep_going = false;
};

bool read_number(const char* text, std::uint64_t& value) {
  const auto* end = text + std::strlen(text);
  const auto read = std::from_chars(text, end, value);
  return read.ec == std::errc() && read.ptr == end;
}

bool read(int count, char** values, Arguments& out) {
  for (int i = 1; i < count; ++i) {
    const std::string_view name = values[i];
    std::uint64_t value = 0;
    if (name == "--trace") {
      out.options.trace = true;
    } else if (name == "--keep-going") {
      out.keep_going = true;
    } else if (i + 1 == count || !read_number(values[++i], value)) {
      return false;
    } else if (name == "--seeds") {
      out.seeds = value;
    } else if (name == "--from") {
      out.from = value;
    } else if (name == "--seed") {
      out.from = value;
      out.seeds = 1;
    } else if (name == "--requests") {
      out.options.requests = value;
    } else {
      return false;
    }
  }
  return true;
}

void print(const simulation::Report& report) {
  for (const auto& line : report.trace) std::printf("%s\n", line.c_str());
  std::printf(
      "%zu requests: %zu answered, %zu lost, %zu forgotten; %zu updates; %zu connections; "
      "%.0f simulated seconds; healed in %.0f\n",
      report.requests, report.answered, report.lost, report.forgotten, report.updates,
      report.connections, report.simulated, report.slowest);
  if (report.failure) std::printf("FAILED: %s\n", report.failure->c_str());
}

}  // namespace

int main(int count, char** values) {
  Arguments arguments;
  if (!read(count, values, arguments)) {
    std::fputs(usage, stderr);
    return 2;
  }
  if (arguments.options.trace) {
    arguments.options.seed = arguments.from;
    const auto report = simulation::run(arguments.options);
    print(report);
    return report.failure ? 1 : 0;
  }
  std::uint64_t failed = 0;
  for (auto seed = arguments.from; seed < arguments.from + arguments.seeds; ++seed) {
    arguments.options.seed = seed;
    const auto failure = simulation::failure_of(arguments.options);
    if (!failure) continue;
    std::printf("%s", failure->c_str());
    std::fflush(stdout);
    ++failed;
    if (!arguments.keep_going) return 1;
  }
  std::printf("%llu seeds, %llu failed\n", static_cast<unsigned long long>(arguments.seeds),
              static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}

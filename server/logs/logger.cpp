#include "server/logs/logger.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <optional>

#include "server/logs/log_limit.hpp"
#include "server/logs/terminal_text.hpp"
#include "server/upstream/pump.hpp"

namespace server::logs {
namespace {

constexpr std::array<std::string_view, 6> names{"trace",   "debug", "info",
                                                "warning", "error", "off"};

std::atomic<Level> least{Level::info};

bool is_wanted(Level level) { return level >= least.load(std::memory_order_relaxed); }

// Of this place, to milliseconds: 2026-01-31T23:59:59.999.
std::string local_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto all = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const std::time_t seconds = all / 1000;
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::array<char, 40> text;
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  const auto thousandths = std::to_string(1000 + all % 1000);
  return std::string(text.data(), length) + "." + thousandths.substr(1);
}

std::string filled(std::string_view format, Values values) {
  std::string out;
  for (const auto& value : values) {
    const auto place = format.find("{}");
    out += format.substr(0, place);
    value.append_to(out);
    format.remove_prefix(place + 2);
  }
  return out += format;
}

// What belongs behind a stranger's line, were it written now; none: it is one too many.
std::optional<std::string> strangers_turn(StrangersLine kind) {
  // As the log itself, the process's.
  static std::mutex mutex;
  static std::array<LogLimit, strangers_lines> limits;
  std::lock_guard lock(mutex);
  return limits[static_cast<std::size_t>(kind)].turn(upstream::boot_time());
}

}  // namespace

void Value::append_to(std::string& out) const {
  switch (kind_) {
    case Kind::text:
      out += text_;
      return;
    case Kind::integer:
      out += std::to_string(static_cast<std::int64_t>(number_));
      return;
    case Kind::natural:
      out += std::to_string(number_);
      return;
  }
}

std::string line(Level level, std::string_view format, Values values) {
  auto out = local_time() + " ";
  out += names[static_cast<std::size_t>(level)];
  return out + " " + escaped(filled(format, values)) + "\n";
}

void set_level(Level level) { least = level; }

void set_level(std::string_view name) {
  const auto found = std::ranges::find_if(names, [&](auto one) { return one.starts_with(name); });
  if (found != names.end()) set_level(static_cast<Level>(found - names.begin()));
}

void write(Level level, std::string_view format, Values values) {
  if (!is_wanted(level)) return;
  // One call a line, so that those of several threads do not mix.
  const auto text = line(level, format, values);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void write(StrangersLine kind, Level level, std::string_view format, Values values) {
  if (!is_wanted(level)) return;
  if (const auto more = strangers_turn(kind)) write(level, "{}{}", {filled(format, values), *more});
}

}  // namespace server::logs

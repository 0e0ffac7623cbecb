#include "server/logs/logger.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <optional>

#include "server/logs/event.hpp"
#include "server/logs/journal.hpp"
#include "server/logs/log_limit.hpp"
#include "server/logs/terminal_text.hpp"
#include "server/upstream/pump.hpp"

namespace server::logs {
namespace {

spdlog::level::level_enum of(Level level) { return static_cast<spdlog::level::level_enum>(level); }
static_assert(static_cast<int>(Level::warning) == SPDLOG_LEVEL_WARN);
static_assert(static_cast<int>(Level::error) == SPDLOG_LEVEL_ERROR);

// The process's.
Style process_style;
std::atomic<Level> chosen_level = Level::info;

std::string time_text(bool utc) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now - seconds).count();
  const std::time_t time = seconds.count();
  std::tm parts{};
  utc ? ::gmtime_r(&time, &parts) : ::localtime_r(&time, &parts);
  std::array<char, 64> text{};
  auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return std::string(text.data(), size) + "." + std::to_string(1000 + milliseconds).substr(1) +
         (utc ? "Z" : "");
}

std::string_view name_of(Level level) {
  constexpr std::array<std::string_view, 7> names{"trace", "debug",    "info", "warning",
                                                  "error", "critical", "off"};
  return names[static_cast<std::size_t>(level)];
}

// Lines come as they are to be.
spdlog::logger& log() {
  static const auto logger = [] {
    auto out = spdlog::stderr_logger_mt("streamjson");
    out->set_pattern("%v");
    return out;
  }();
  return *logger;
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

// How many of its kind were left out since the last, were it written now; none: it is one too many.
std::optional<std::uint64_t> strangers_turn(StrangersLine kind) {
  // As the log itself, the process's.
  static std::mutex mutex;
  static std::array<LogLimit, strangers_lines> limits;
  std::lock_guard lock(mutex);
  return limits[static_cast<std::size_t>(kind)].admit(upstream::boot_time());
}

std::string text_line(Level level, std::string_view format, Values values, Style style,
                      std::uint64_t left_out) {
  std::string out = style.journal ? "" : time_text(false) + " ";
  out.append(name_of(level)).append(" ").append(escaped(filled(format, values)));
  return out + LogLimit::behind(left_out);
}

std::string json_line(Level level, std::string_view format, Values values, std::uint64_t left_out) {
  auto event = event_of(format, values);
  if (left_out != 0) event.fields.push_back({"left_out", std::to_string(left_out), true});
  return json_text(time_text(true), name_of(level), event);
}

// Without its end.
std::string whole_line(Level level, std::string_view format, Values values, Style style,
                       std::uint64_t left_out) {
  std::string out(style.journal ? priority(level) : "");
  return out += style.json ? json_line(level, format, values, left_out)
                           : text_line(level, format, values, style, left_out);
}

void put(Level level, std::string_view format, Values values, std::uint64_t left_out) {
  log().log(of(level),
            spdlog::string_view_t(whole_line(level, format, values, process_style, left_out)));
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

std::string line(Level level, std::string_view format, Values values, Style style,
                 std::uint64_t left_out) {
  return whole_line(level, format, values, style, left_out) + "\n";
}

void set_style(Style style) { process_style = style; }

void set_level(Level level) {
  chosen_level = level;
  log().set_level(of(level));
}

void set_level(const std::string& name) {
  set_level(static_cast<Level>(spdlog::level::from_str(name)));
}

void toggle_level() {
  const auto chosen = chosen_level.load();
  const auto fine = chosen <= Level::debug ? Level::trace : Level::debug;
  const bool back = log().level() == of(fine) && chosen != fine;
  if (!back) log().set_level(of(fine));
  write(fine, "log_level={} from now on", {name_of(back ? chosen : fine)});
  if (back) log().set_level(of(chosen));
}

bool is_plain() { return !process_style.json && !process_style.journal; }

void fatal(std::string_view what) {
  auto text = "streamjson: " + std::string(what);
  if (!is_plain()) text = whole_line(Level::error, "{}", {what}, process_style, 0);
  std::fputs((text + "\n").c_str(), stderr);
}

void write(Level level, std::string_view format, Values values) {
  if (log().should_log(of(level))) put(level, format, values, 0);
}

void write(StrangersLine kind, Level level, std::string_view format, Values values) {
  if (!log().should_log(of(level))) return;
  if (const auto left_out = strangers_turn(kind)) put(level, format, values, *left_out);
}

}  // namespace server::logs

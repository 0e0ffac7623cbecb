// The process's log: a line each on stderr. Whatever stands in a line, it can't end it or move the
// terminal's cursor: the formatter escapes all of them, so no call has to think of it.
#pragma once

#include <spdlog/spdlog.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace server::logs {

// Of every line that is logged.
std::unique_ptr<spdlog::formatter> line_formatter();

// From here on spdlog's functions write to stderr what is at `level` or above.
void start_logging(const std::string& level);

// Lines that whoever can open a connection brings about, each kind limited by itself.
enum class StrangersLine : std::uint8_t {
  tls_failed,
  given_up,
  turned_away,
  wrong_token,
  full,
  link_down,
};
inline constexpr std::size_t strangers_lines = 6;

// What belongs behind such a line, were it written now; none: it is one too many.
std::optional<std::string> strangers_turn(StrangersLine);

template <class... Args>
void log_stranger(StrangersLine kind, spdlog::level::level_enum level,
                  spdlog::format_string_t<Args...> format, Args&&... args) {
  if (!spdlog::should_log(level)) return;
  const auto more = strangers_turn(kind);
  if (more) spdlog::log(level, "{}{}", fmt::format(format, std::forward<Args>(args)...), *more);
}

template <class... Args>
void strangers_info(StrangersLine kind, spdlog::format_string_t<Args...> format, Args&&... args) {
  log_stranger(kind, spdlog::level::info, format, std::forward<Args>(args)...);
}

}  // namespace server::logs

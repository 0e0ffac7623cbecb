#include "server/logs/logger.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>
#include <mutex>
#include <optional>

#include "server/logs/log_limit.hpp"
#include "server/logs/terminal_text.hpp"
#include "server/upstream/pump.hpp"

namespace server::logs {
namespace {

spdlog::level::level_enum of(Level level) { return static_cast<spdlog::level::level_enum>(level); }
static_assert(static_cast<int>(Level::warning) == SPDLOG_LEVEL_WARN);
static_assert(static_cast<int>(Level::error) == SPDLOG_LEVEL_ERROR);

// The text of a line, `%*` in the pattern.
class EscapedText final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& to) override {
    const auto text = escaped({message.payload.data(), message.payload.size()});
    to.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<EscapedText>();
  }
};

std::unique_ptr<spdlog::formatter> line_formatter() {
  auto out = std::make_unique<spdlog::pattern_formatter>();
  out->add_flag<EscapedText>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %*");
  return out;
}

// The process's.
spdlog::logger& log() {
  static const auto logger = [] {
    auto out = spdlog::stderr_logger_mt("streamjson");
    out->set_formatter(line_formatter());
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
  const auto text = filled(format, values);
  const spdlog::details::log_msg message(spdlog::string_view_t(), of(level), text);
  spdlog::memory_buf_t out;
  line_formatter()->format(message, out);
  return {out.data(), out.size()};
}

void set_level(Level level) { log().set_level(of(level)); }

void set_level(const std::string& name) { log().set_level(spdlog::level::from_str(name)); }

void write(Level level, std::string_view format, Values values) {
  if (log().should_log(of(level)))
    log().log(of(level), spdlog::string_view_t(filled(format, values)));
}

void write(StrangersLine kind, Level level, std::string_view format, Values values) {
  if (!log().should_log(of(level))) return;
  if (const auto more = strangers_turn(kind)) write(level, "{}{}", {filled(format, values), *more});
}

}  // namespace server::logs

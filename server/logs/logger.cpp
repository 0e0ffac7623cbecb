#include "server/logs/logger.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <mutex>

#include "server/logs/log_limit.hpp"
#include "server/logs/terminal_text.hpp"
#include "server/upstream/pump.hpp"

namespace server::logs {
namespace {

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

}  // namespace

std::unique_ptr<spdlog::formatter> line_formatter() {
  auto out = std::make_unique<spdlog::pattern_formatter>();
  out->add_flag<EscapedText>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %*");
  return out;
}

void start_logging(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("streamjson");
  logger->set_formatter(line_formatter());
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

std::optional<std::string> strangers_turn(StrangersLine kind) {
  // As the logger itself, the process's.
  static std::mutex mutex;
  static std::array<LogLimit, strangers_lines> limits;
  std::lock_guard lock(mutex);
  return limits[static_cast<std::size_t>(kind)].turn(upstream::boot_time());
}

}  // namespace server::logs

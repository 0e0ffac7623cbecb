// How often a line may be written that a stranger can bring about at will: ten at once, then one
// every ten seconds, which says how many there would have been.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mtproto/time.hpp"

namespace server::logs {

class LogLimit {
 public:
  static constexpr int at_once = 10;
  static constexpr auto every = std::chrono::seconds(10);

  // How many lines were left out since the last that was written, where this one may be written.
  std::optional<std::uint64_t> admit(mtproto::Time now);
  // The same as what belongs behind the line.
  std::optional<std::string> turn(mtproto::Time now);
  static std::string behind(std::uint64_t left_out);

 private:
  std::uint64_t left_out_ = 0;
  std::optional<mtproto::Time> full_at_;  // when all ten may be written again
};

}  // namespace server::logs

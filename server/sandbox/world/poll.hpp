// A poll, which a message and those that were forwarded from it share. core.telegram.org/api/poll
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/text.hpp"
#include "tl/bytes.hpp"

namespace server::sandbox {

struct Poll {
  struct Choice {
    Formatted text;
    tl::Bytes option;  // by which it is voted for
  };
  struct Vote {
    std::vector<std::size_t> choices;
    std::int32_t date = 0;
  };

  std::int64_t id = 0;
  Formatted question;
  std::vector<Choice> choices;
  bool public_voters = false;
  bool multiple = false;
  bool quiz = false;
  std::size_t correct = 0;  // of a quiz
  Formatted solution;       // of a quiz
  bool closed = false;
  std::int32_t close_period = 0;
  std::int32_t close_date = 0;  // unix time; 0: never
  std::map<UserId, Vote> votes;

  bool over(std::int32_t now) const { return closed || (close_date != 0 && close_date <= now); }
};

using PollPtr = std::shared_ptr<Poll>;

// 🎲 and its kin: how many values each has; 0: there is no such one.
std::int32_t dice_values(std::string_view emoticon);

}  // namespace server::sandbox

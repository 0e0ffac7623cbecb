// Buttons that were pressed and wait for their bot's answer. core.telegram.org/api/bots/buttons
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"
#include "server/sandbox/world/caller.hpp"
#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/limits.hpp"
#include "tl/bytes.hpp"

namespace server::sandbox {

struct CallbackAnswer {
  std::string message, url;
  bool alert = false;
  std::int32_t cache_time = 0;
};

struct CallbackQuery {
  std::int64_t id = 0;
  Caller by;                     // the session whose call is to be answered
  mtproto::MessageId request{};  // by which number
  UserId user;
  UserId bot;
  PeerKey peer;              // as the bot names it
  std::int32_t message = 0;  // as well
  tl::Bytes data;
  mtproto::Time until{};
  std::optional<CallbackAnswer> answer;  // none in the end: it took too long
};

class Callbacks {
 public:
  static constexpr auto lives = std::chrono::seconds{10};

  bool full() const { return waiting_.size() >= limits::callbacks; }
  void add(CallbackQuery query) { waiting_[query.id] = std::move(query); }
  const CallbackQuery* find(std::int64_t id) const {
    const auto found = waiting_.find(id);
    return found == waiting_.end() ? nullptr : &found->second;
  }
  // False where that bot was not asked (any more).
  bool answer(UserId bot, std::int64_t id, CallbackAnswer answer) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end() || found->second.bot != bot) return false;
    found->second.answer = std::move(answer);
    over_.push_back(std::move(found->second));
    waiting_.erase(found);
    return true;
  }
  void tick(mtproto::Time now) {
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      if (at->second.until > now) {
        ++at;
        continue;
      }
      over_.push_back(std::move(at->second));
      at = waiting_.erase(at);
    }
  }
  std::optional<mtproto::Time> deadline() const {
    std::optional<mtproto::Time> first;
    for (const auto& [id, query] : waiting_)
      first = std::min(first.value_or(query.until), query.until);
    return first;
  }
  std::vector<CallbackQuery> take_over() { return std::exchange(over_, {}); }

 private:
  std::map<std::int64_t, CallbackQuery> waiting_;
  std::vector<CallbackQuery> over_;
};

}  // namespace server::sandbox

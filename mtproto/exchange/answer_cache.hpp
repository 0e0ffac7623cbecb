// The answers of one key exchange, for a client that repeats a request because it lost ours.
#pragma once

#include <optional>
#include <vector>

#include "mtproto/crypto/sha.hpp"
#include "mtproto/time.hpp"

namespace mtproto {

// How long a server remembers an unfinished exchange and its answers.
inline constexpr Duration exchange_lifetime = std::chrono::minutes(10);

class AnswerCache {
 public:
  // The request that is being worked on from now on.
  void begin(const Sha256& request, Time now) {
    if (answers_.size() == most) answers_.erase(answers_.begin());
    answers_.push_back({request, now, std::nullopt});
  }
  void answer(const tl::Bytes& body) {
    if (!answers_.empty()) answers_.back().body = body;
  }

  struct Answer {
    Sha256 request;
    Time at;
    std::optional<tl::Bytes> body;  // none yet: the work is still under way
  };
  const Answer* find(const Sha256& request, Time now) const {
    for (const auto& answer : answers_) {
      if (answer.request == request && now - answer.at < exchange_lifetime) return &answer;
    }
    return nullptr;
  }
  void clear() { answers_.clear(); }

 private:
  static constexpr std::size_t most = 8;  // three, and a few retries
  std::vector<Answer> answers_;
};

}  // namespace mtproto

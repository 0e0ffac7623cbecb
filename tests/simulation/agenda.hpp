// What is going to happen, in order of time; what is due at the same time, in the order in which it
// was put down.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "mtproto/time.hpp"

namespace simulation {

class Agenda {
 public:
  explicit Agenda(mtproto::Time start) : now_(start) {}

  mtproto::Time now() const { return now_; }
  void at(mtproto::Time time, std::function<void()> what) {
    due_.emplace(std::pair(std::max(time, now_), ++count_), std::move(what));
  }
  void in(mtproto::Duration time, std::function<void()> what) { at(now_ + time, std::move(what)); }
  // Does what is due first; false where nothing is due until then, and then it is `end`.
  bool step(mtproto::Time end) {
    if (due_.empty() || due_.begin()->first.first > end) {
      now_ = end;
      return false;
    }
    auto first = due_.extract(due_.begin());
    now_ = first.key().first;
    first.mapped()();
    return true;
  }

 private:
  mtproto::Time now_;
  std::uint64_t count_ = 0;
  std::map<std::pair<mtproto::Time, std::uint64_t>, std::function<void()>> due_;
};

}  // namespace simulation

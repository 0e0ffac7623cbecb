#include "server/account/update_box.hpp"

#include <algorithm>

namespace server::account {

namespace {

using namespace std::chrono_literals;

// The missing one is often the next on the wire.
constexpr mtproto::Duration patience = 500ms;
// An update that so many answers did not reach never was: a later one would bring it.
constexpr unsigned most_outlived = 3;

}  // namespace

UpdateBox::Order UpdateBox::compare(std::int32_t at, std::int32_t count) const {
  const auto reached = std::int64_t{at_} + count;
  if (reached == at) return Order::next;
  return reached > at ? Order::duplicate : Order::early;
}

bool UpdateBox::hold(HeldUpdate update, mtproto::Time now) {
  const auto key = std::pair(update.at - update.count, update.at);
  if (held_.empty()) waits_since_ = now;
  const auto found = held_.find(key);
  if (found != held_.end()) {
    if (!update.parcel) found->second = std::move(update);
    return true;
  }
  if (held_.size() >= most_held) return false;
  held_.emplace(key, std::move(update));
  return true;
}

std::optional<HeldUpdate> UpdateBox::take_next(mtproto::Time now) {
  while (!held_.empty()) {
    const auto first = held_.begin();
    if (first->first.first > at_) return {};
    auto update = std::move(first->second);
    const bool next = first->first.first == at_;
    held_.erase(first);
    waits_since_ = now;
    if (!next) continue;
    at_ = update.at;
    return update;
  }
  return {};
}

std::optional<HeldUpdate> UpdateBox::take_first() {
  if (held_.empty()) return {};
  auto update = std::move(held_.begin()->second);
  held_.erase(held_.begin());
  return update;
}

void UpdateBox::drop_held() { held_.clear(); }

void UpdateBox::outlive(mtproto::Time now) {
  waits_since_ = now;
  for (auto& [key, update] : held_) ++update.outlived;
  std::erase_if(held_, [](const auto& entry) { return entry.second.outlived >= most_outlived; });
}

std::optional<mtproto::Time> UpdateBox::due() const {
  if (held_.empty()) return {};
  const auto outlived = std::min(held_.begin()->second.outlived, most_outlived);
  return waits_since_ + patience * (1 << outlived);
}

bool UpdateBox::knows_message(std::int32_t id) const {
  return std::ranges::any_of(
      held_, [&](const auto& one) { return !one.second.parcel && one.second.message_id == id; });
}

bool UpdateBox::knows_at(std::int32_t at) const {
  return std::ranges::any_of(
      held_, [&](const auto& one) { return !one.second.parcel && one.second.at == at; });
}

}  // namespace server::account

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

bool UpdateBox::advance(std::int32_t at) {
  const bool fell = fell_to(at);
  if (fell || at > at_) at_ = at;
  return fell;
}

UpdateBox::Order UpdateBox::compare(std::int32_t at, std::int32_t count) const {
  const auto reached = std::int64_t{at_} + count;
  if (reached == at) return Order::next;
  return reached > at ? Order::duplicate : Order::early;
}

bool UpdateBox::hold(HeldUpdate update, mtproto::Time now) {
  const auto key = std::pair(update.at - update.count, update.at);
  if (!waiting_) {
    waiting_ = std::make_unique<Waiting>();
    waiting_->since = now;
  }
  auto& held = waiting_->held;
  const auto found = held.find(key);
  if (found != held.end()) {
    if (!update.parcel) found->second = std::move(update);
    return true;
  }
  if (held.size() >= most_held) return false;
  held.emplace(key, std::move(update));
  return true;
}

HeldUpdate UpdateBox::take_out() {
  auto first = waiting_->held.extract(waiting_->held.begin());
  if (waiting_->held.empty()) waiting_.reset();
  return std::move(first.mapped());
}

std::optional<HeldUpdate> UpdateBox::take_next(mtproto::Time now) {
  while (waits()) {
    const auto start = first_start();
    if (start > at_) return {};
    waiting_->since = now;
    auto update = take_out();
    if (start != at_) continue;
    at_ = update.at;
    return update;
  }
  return {};
}

std::optional<HeldUpdate> UpdateBox::take_first() {
  if (!waits()) return {};
  return take_out();
}

void UpdateBox::drop_held() { waiting_.reset(); }

void UpdateBox::outlive(mtproto::Time now) {
  if (!waits()) return;
  auto& held = waiting_->held;
  waiting_->since = now;
  for (auto& [key, update] : held) ++update.outlived;
  std::erase_if(held, [](const auto& entry) { return entry.second.outlived >= most_outlived; });
  if (held.empty()) waiting_.reset();
}

std::optional<mtproto::Time> UpdateBox::due() const {
  if (!waits()) return {};
  const auto outlived = std::min(waiting_->held.begin()->second.outlived, most_outlived);
  return waiting_->since + patience * (1 << outlived);
}

bool UpdateBox::knows_message(std::int32_t id) const {
  return waits() && std::ranges::any_of(waiting_->held, [&](const auto& one) {
           return !one.second.parcel && one.second.message_id == id;
         });
}

bool UpdateBox::knows_at(std::int32_t at) const {
  return waits() && std::ranges::any_of(waiting_->held, [&](const auto& one) {
           return !one.second.parcel && one.second.at == at;
         });
}

}  // namespace server::account

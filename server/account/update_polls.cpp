// UpdateRecovery: when to ask Telegram, and for what.
#include <algorithm>
#include <utility>

#include "server/account/update_recovery.hpp"

namespace server::account {

namespace {

using namespace std::chrono_literals;

constexpr mtproto::Duration silence = 15min;
constexpr mtproto::Duration answer_due = 60s;
constexpr mtproto::Duration longest_pause = 64s;
constexpr std::int64_t messages_at_once = 100;  // of a channel

std::optional<mtproto::Time> earlier(std::optional<mtproto::Time> a,
                                     std::optional<mtproto::Time> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

// --- the connection ---

void UpdateRecovery::connected(mtproto::Time now) {
  connected_ = true;
  asleep_ = false;
  heard_ = now;
  if (common_.call == 0) want(common_);
  common_.not_before = {};
  common_.deadline = now + answer_due;
  for (const auto id : active_) channels_[id].poll.deadline = now + answer_due;
  go_on(now);
}

void UpdateRecovery::dropped() {
  connected_ = false;
  if (std::exchange(common_.call, 0) != 0) want(common_);
  for (const auto& [call, id] : channel_calls_) {
    auto& poll = channels_[id].poll;
    poll.call = 0;
    want(poll);
  }
  channel_calls_.clear();
}

void UpdateRecovery::pause(bool paused, mtproto::Time now) {
  paused_ = paused;
  if (paused) return;
  common_.deadline = now + answer_due;
  for (const auto id : active_) channels_[id].poll.deadline = now + answer_due;
}

void UpdateRecovery::renewed(mtproto::Time now) {
  // An answer on its way was made for the session as it is now.
  if (common_.call == 0 && known_) want(common_);
  go_on(now);
}

void UpdateRecovery::signed_in(mtproto::Time now) {
  asleep_ = false;
  if (!known_ && common_.call == 0) {
    want(common_);
    common_.not_before = {};
  }
  go_on(now);
}

void UpdateRecovery::signed_out() {
  for (auto* box : {&pts_, &qts_, &seq_}) *box = {};
  if (common_.call != 0) actions_.push_back(ForgetUpdates{common_.call});
  for (const auto& [call, id] : channel_calls_) actions_.push_back(ForgetUpdates{call});
  channel_calls_.clear();
  channels_.clear();
  active_.clear();
  common_ = {};
  date_ = 0;
  known_ = false;
  lost_ = false;
  asleep_ = true;
}

// From where Telegram is now; the client will be told of the hole.
void UpdateRecovery::begin_anew(mtproto::Time now) {
  for (auto* box : {&pts_, &qts_, &seq_}) box->drop_held();
  known_ = false;
  lost_ = true;
  retry(common_, now, {});
}

// --- time ---

void UpdateRecovery::retry(Poll& poll, mtproto::Time now, mtproto::Duration at_least) {
  const auto pause =
      std::min<mtproto::Duration>(1s * (1U << std::min(poll.failures, 6U)), longest_pause);
  ++poll.failures;
  poll.not_before = now + std::max(pause, at_least);
  want(poll);
}

void UpdateRecovery::check_call(Poll& poll, mtproto::Time now) {
  if (poll.call == 0 || poll.deadline > now) return;
  actions_.push_back(ForgetUpdates{poll.call});
  channel_calls_.erase(poll.call);
  poll.call = 0;
  retry(poll, now, {});
}

void UpdateRecovery::tick(mtproto::Time now) {
  if (!connected_ || paused_ || asleep_) return;
  check_call(common_, now);
  if (open()) {
    for (const auto* box : {&pts_, &qts_, &seq_}) {
      if (const auto due = box->due(); due && *due <= now) want(common_);
    }
    if (now - heard_ >= silence) {
      heard_ = now;
      want(common_);
    }
  }
  check_channels(now);
  go_on(now);
}

void UpdateRecovery::check_channels(mtproto::Time now) {
  const std::vector<std::int64_t> ids(active_.begin(), active_.end());
  for (const auto id : ids) {
    auto& entry = channels_[id];
    check_call(entry.poll, now);
    const auto due = entry.box.due();
    if (entry.poll.call == 0 && due && *due <= now) want(entry.poll);
    const bool idle = !entry.box.waits() && !entry.poll.wanted && entry.poll.call == 0;
    if (idle) active_.erase(id);
  }
}

std::optional<mtproto::Time> UpdateRecovery::common_deadline() const {
  if (common_.call != 0) return common_.deadline;
  std::optional<mtproto::Time> out;
  if (known_) out = heard_ + silence;
  if (common_.wanted) return common_.not_before;
  for (const auto* box : {&pts_, &qts_, &seq_}) {
    if (known_) out = earlier(out, box->due());
  }
  return out;
}

std::optional<mtproto::Time> UpdateRecovery::channel_deadline(const Channel& entry) const {
  if (entry.poll.call != 0) return entry.poll.deadline;
  if (!entry.poll.wanted) return entry.box.due();
  if (channel_calls_.size() >= most_calls) return {};  // one of them comes first
  return entry.poll.not_before;
}

std::optional<mtproto::Time> UpdateRecovery::deadline() const {
  if (!connected_ || paused_ || asleep_) return {};
  auto out = common_deadline();
  for (const auto id : active_) out = earlier(out, channel_deadline(channels_.at(id)));
  return out;
}

// --- questions ---

void UpdateRecovery::ask(Poll& poll, std::shared_ptr<UpdateParcel> function, mtproto::Time now) {
  poll.wanted = false;
  poll.call = ++last_call_;
  poll.deadline = now + answer_due;
  actions_.push_back(AskUpdates{poll.call, std::move(function)});
}

void UpdateRecovery::ask_common(mtproto::Time now) {
  if (common_.call != 0 || !common_.wanted || common_.not_before > now) return;
  const auto function = parcel();
  const tl::Builder make(function->arena());
  using tl::Value;
  function->value =
      known_ ? make.object("updates.getDifference", {{"pts", Value::integer(pts_.at())},
                                                     {"date", Value::integer(std::max(date_, 1))},
                                                     {"qts", Value::integer(qts_.at())}})
             : make.object("updates.getState", {});
  ask(common_, function, now);
}

void UpdateRecovery::ask_channels(mtproto::Time now) {
  const std::vector<std::int64_t> ids(active_.begin(), active_.end());
  for (const auto id : ids) {
    if (channel_calls_.size() >= most_calls) return;
    auto& entry = channels_[id];
    auto& poll = entry.poll;
    if (poll.call != 0 || !poll.wanted || poll.not_before > now) continue;
    if (!entry.access_hash) {
      fail(id, now);
      continue;
    }
    const auto function = parcel();
    const tl::Builder make(function->arena());
    using tl::Value;
    const auto channel = make.object(
        "inputChannel",
        {{"channel_id", Value::integer(id)}, {"access_hash", Value::integer(*entry.access_hash)}});
    function->value = make.object("updates.getChannelDifference",
                                  {{"channel", channel},
                                   {"filter", make.object("channelMessagesFilterEmpty", {})},
                                   {"pts", Value::integer(std::max(entry.box.at(), 1))},
                                   {"limit", Value::integer(messages_at_once)}});
    ask(poll, function, now);
    channel_calls_.emplace(poll.call, id);
  }
}

}  // namespace server::account

#include "server/account/update_waker.hpp"

#include <algorithm>
#include <memory_resource>
#include <utility>

#include "server/account/migration.hpp"
#include "tl/codec.hpp"

namespace server::account {

void UpdateWaker::set_wanted(bool wanted) {
  wanted_ = wanted;
  if (!wanted) stop();
}

bool UpdateWaker::set_signed_in(bool somebody) {
  if (!somebody) stop();
  return !std::exchange(somebody_, somebody) && somebody;
}

void UpdateWaker::renewed(mtproto::Time now) {
  if (wanted_ && somebody_) soon_ = now;
}

bool UpdateWaker::due(mtproto::Time now) const {
  const auto at = deadline();
  return at && *at <= now;
}

// Before the first call there is no session that could fall silent.
std::optional<mtproto::Time> UpdateWaker::deadline() const {
  if (!wanted_ || !somebody_ || asking_) return {};
  if (soon_) return soon_;
  const auto last = calls_.last_api_call();
  if (!last) return {};
  return std::max(*last + idle, not_before_);
}

void UpdateWaker::ask(mtproto::Time now) {
  left_to_another(now);
  tl::Bytes body;
  std::pmr::monotonic_buffer_resource arena;
  const auto question = tl::Builder(arena).object("updates.getState", {});
  if (!tl::encode(*connections_.settings().schema, question, {}, body)) return;
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  std::optional<CallId> id;
  calls_.call(home_dc, std::move(body), std::move(options), *this, 0, now, id);
  asking_ = id.has_value();
}

void UpdateWaker::left_to_another(mtproto::Time now) {
  soon_.reset();
  not_before_ = now + idle;
}

void UpdateWaker::on_outcome(std::uint64_t, CallOutcome outcome, mtproto::Time now) {
  asking_ = false;
  const auto* body = std::get_if<tl::Slice>(&outcome);
  const auto error = body != nullptr ? rpc_error(tl::ByteView(*body)) : std::nullopt;
  if (body != nullptr && !error) return;
  if (error && error->code == 401) {
    somebody_ = false;
    return;
  }
  if (error && wants_init(*error)) connections_.initialise(home_dc);
  soon_ = now + again;
}

void UpdateWaker::stop() {
  soon_.reset();
  if (std::exchange(asking_, false)) calls_.forget(*this);
}

}  // namespace server::account

#include "server/account/qr_refresher.hpp"

#include <utility>

#include "server/account/login_token.hpp"

namespace server::account {

void QrRefresher::set_due(mtproto::Time at) {
  due_ = at;
  user_.on_due();
}

void QrRefresher::tick(mtproto::Time now) {
  if (under_way() && deadline_ <= now) on_signin_over(signin_.late(timeout_), now);
}

void QrRefresher::refresh(mtproto::Time now) {
  due_.reset();
  if (!shows()) return;  // a client's request may have led elsewhere
  arena_ = std::make_unique<RequestArena>(memory_);
  deadline_ = now + timeout_;
  const auto app = user_.code_app();
  signin_.refresh({app.api_id, app.api_hash, true}, user_.code_account(), arena_->memory(),
                  user_.code_notation(), *this, now);
  user_.on_due();
}

void QrRefresher::on_signin_over(SigninOutcome result, mtproto::Time now) {
  arena_.reset();
  // Refused, the code may be there still, though not a fresh one: nothing to tell.
  if (result.answered && !(result.refused && shows())) {
    plan(now);
    user_.on_code(result.text);
  } else if (shows()) {
    set_due(now + retry_after);
  }
  user_.on_refreshed(now);
}

void QrRefresher::plan(mtproto::Time now) {
  due_.reset();
  if (!shows()) return;
  const auto server_time = user_.code_account().connections().server_time();
  set_due(signin_.scanned() ? now : now + next_token_in(*signin_.code_expires(), server_time));
}

bool QrRefresher::claims(tl::ByteView pushed) const {
  return shows() && tells_of_login_token(pushed);
}

void QrRefresher::on_scanned(mtproto::Time now) {
  signin_.on_scanned();
  if (!under_way()) set_due(now);
}

void QrRefresher::on_dc(const DcChange& change, mtproto::Time now) {
  if (change.dc != home_dc || !shows()) return;
  if (change.state == DcChange::State::failed) {  // the key of the code is of no use any more
    signin_.reset();
    due_.reset();
    user_.on_code(R"({"state":"start"})");
  } else if (change.state == DcChange::State::ready && !under_way()) {
    set_due(now);
  }
}

}  // namespace server::account

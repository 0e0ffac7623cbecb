// Signing in to a named account, for whichever of its users asks: what comes of a step is told once
// the store has it.
#include <utility>

#include "server/logs/logger.hpp"
#include "server/named/named_account.hpp"

namespace server::named {

using upstream::boot_time;

namespace {

Failure store_failure(const store::StoreError& error, const char* what) {
  return {std::string(store::name_of(error.code)), what + words_for_clients(error), {}, {}, {}};
}

}  // namespace

void NamedAccount::run_step(account::SigninDriver::Step step, const tl::Value& given,
                            const AppIdentity& app, tl::Arena& arena, tl::Notation notation,
                            account::SigninUser& user, mtproto::Time now) {
  app_ = app;
  notation_ = notation;
  step_ = std::make_unique<Step>(Step{&user, given.find("sign_out") != nullptr});
  signin_->run(std::move(step), account(), arena, notation, *this, now);
}

void NamedAccount::on_signin_over(account::SigninOutcome outcome, mtproto::Time now) {
  if (!step_) return;
  step_->outcome = std::move(outcome);
  const bool answered = !step_->outcome.failure && step_->outcome.answered;
  if (answered && signin_->done()) {
    save(now);
  } else if (answered && step_->signs_out) {  // or nobody was signed in
    forget();
  } else {
    finish_step(now);
  }
}

account::Account* NamedAccount::on_signin_moves(mtproto::DcId dc, mtproto::Time now) {
  move(dc, "sign-in moves to another data centre", now);
  return &account();
}

account::SigninOutcome NamedAccount::step_late(mtproto::Duration waited) {
  step_.reset();
  settle_later();
  account::SigninOutcome out;
  if (signin_->under_way()) {
    out = signin_->late(waited);
  } else {
    out.failure = store_failure({store::StoreErrc::unavailable, {}}, "Telegram has answered, but ");
  }
  return out;
}

void NamedAccount::cancel_step(const account::SigninUser& user) {
  if (!step_ || step_->user != &user) return;
  step_->user = nullptr;
  if (storing_) return;
  if (signin_->under_way()) signin_->late({});
  finish_step(boot_time());
}

void NamedAccount::on_code(std::string_view signin) {
  const auto self = shared_from_this();
  each_user([&](NamedUser& user) { user.on_code(signin); });
  if (signin_->done()) save(boot_time());
}

// --- what is kept ---

void NamedAccount::save(mtproto::Time now) {
  const auto& session = account().session();
  if (!session.key) return finish_step(now);  // it was lost in the same turn
  const auto user = account().user_id();
  const bool same_user = user && record_.user_id == user;
  signed_out_ = false;
  if (state_ == State::there && same_user && session.key && stored_key_ == session.key->id()) {
    return finish_step(now);
  }
  storing_ = true;
  // What waits in the journal is of a user or a key that is not its own any more.
  journal_->break_off();
  account().recover_updates(*this, false, now);
  store::StoredAccount stored;
  static_cast<store::AccountRow&>(stored) = record_;
  stored.name = name_;
  stored.dc = dc().value();
  stored.user_id = user;
  stored.api_id = app_.api_id;
  stored.auth_key = mtproto::SecretBytes(tl::ByteView(session.key->bytes()));
  record_ = stored;
  stored_key_ = session.key->id();
  auto work = [stored = std::move(stored), at = services_.unix_ms(), mark = mark()](
                  store::AccountStore& store) mutable -> store::StoreResult<store::AccountRow> {
    // Up to where its log goes, and nothing behind that.
    const auto before = store.accounts().find(stored.name);
    const bool goes_on = before && stored.user_id && before->user_id == stored.user_id;
    stored.update_state = goes_on ? before->update_state : std::string();
    if (auto saved = store.accounts().save(stored, at, mark); !saved) return saved.error();
    return store.accounts().find(stored.name);
  };
  auto done = [weak = weak_from_this()](store::StoreResult<store::AccountRow> result) {
    if (const auto self = weak.lock()) self->on_saved(std::move(result), boot_time());
  };
  services_.store.post(services_.accounts.services().executor, std::move(work), std::move(done));
}

void NamedAccount::on_saved(store::StoreResult<store::AccountRow> result, mtproto::Time now) {
  if (state_ == State::gone) return;
  const auto self = shared_from_this();
  storing_ = false;
  if (lost_lease()) return fail_step(error_, now);
  if (!result) {
    stored_key_.reset();
    logs::error("account={} is signed in, but could not be stored: {}", name_, result.error().text);
    return fail_step(result.error(), now);
  }
  state_ = State::there;
  retry_at_.reset();
  account().set_updates(*this, result->update_state);
  journal_->open(result->log_number, std::move(result->update_state), *this, mark());
  follow_updates(now);
  start_webhooks();
  logs::info("account={} is kept, user={}", name_, record_.user_id.value_or(0));
  finish_step(now);
}

void NamedAccount::forget() {
  storing_ = true;
  account().recover_updates(*this, false, boot_time());
  journal_->break_off();
  stop_webhooks();
  auto work = [name = name_, mark = mark()](store::AccountStore& store) {
    return store.accounts().remove(name, mark);
  };
  auto done = [weak = weak_from_this()](const store::StoreStatus& status) {
    if (const auto self = weak.lock()) self->on_forgotten(status, boot_time());
  };
  services_.store.post(services_.accounts.services().executor, std::move(work), std::move(done));
}

void NamedAccount::on_forgotten(const store::StoreStatus& status, mtproto::Time now) {
  if (state_ == State::gone) return;
  const auto self = shared_from_this();
  storing_ = false;
  if (lost_lease()) return fail_step(error_, now);
  signed_out_ = true;
  if (!status && status.error().code != store::StoreErrc::no_such_account) {
    return fail_step(status.error(), now);
  }
  state_ = State::absent;
  record_ = {};
  stored_key_.reset();
  journal_->forget();
  logs::info("account={} is forgotten", name_);
  finish_step(now);
}

// --- what is told ---

void NamedAccount::finish_step(mtproto::Time now) {
  const auto self = shared_from_this();
  const auto step = std::exchange(step_, nullptr);
  if (step && step->outcome.answered) code_.plan(now);
  if (step && step->user != nullptr) step->user->on_signin_over(std::move(step->outcome), now);
  arm();
  settle();
}

void NamedAccount::fail_step(const store::StoreError& error, mtproto::Time now) {
  if (step_) {
    step_->outcome.failure = store_failure(error, "Telegram has answered, but it can't be kept: ");
  }
  finish_step(now);
}

}  // namespace server::named

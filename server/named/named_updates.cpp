// A named account's updates on their way from Telegram into its log, and to its webhooks.
#include <utility>

#include "server/logs/logger.hpp"
#include "server/named/named_account.hpp"

namespace server::named {

using upstream::boot_time;

// --- its updates ---

void NamedAccount::follow_updates(mtproto::Time now) {
  account().recover_updates(*this, true, now);
  arm();
}

void NamedAccount::on_update(std::int64_t, tl::ByteView body, mtproto::Time) {
  const auto layer = account().settings().layer;
  if (!journal_->add(body, layer, services_.unix_ms())) break_log();
}

void NamedAccount::on_updates_told() {
  if (state_ != State::there || retry_at_) return;
  journal_->commit(account().updates(*this), services_.unix_ms());
}

void NamedAccount::on_journal_broken(const store::StoreError& error) {
  if (error.code == store::StoreErrc::lease_lost) return lose_lease();
  logs::warn("account={} its updates could not be stored, and are asked for again: {}", name_,
             error.text);
  break_log();
}

// Telegram is asked again from where the store is, as soon as that can be known.
void NamedAccount::break_log() {
  journal_->break_off();
  account().recover_updates(*this, false, boot_time());
  retry_at_ = boot_time() + retry_after;
  arm();
}

void NamedAccount::load_again() {
  retry_at_ = mtproto::Time::max();
  auto work = [name = name_](store::AccountStore& store) { return store.accounts().find(name); };
  auto done = [weak = weak_from_this()](store::StoreResult<store::AccountRow> result) {
    if (const auto self = weak.lock()) self->on_loaded_again(std::move(result), boot_time());
  };
  services_.store.post(services_.accounts.services().executor, std::move(work), std::move(done));
}

void NamedAccount::on_loaded_again(store::StoreResult<store::AccountRow> result,
                                   mtproto::Time now) {
  if (state_ != State::there) return;
  retry_at_.reset();
  if (!result && result.error().code == store::StoreErrc::no_such_account) {
    logs::warn("account={} was removed from the store", name_);
    const auto self = shared_from_this();
    state_ = State::absent;
    stop_webhooks();
    journal_->forget();
    return settle();
  }
  if (!result) {
    retry_at_ = now + retry_after;
    return arm();
  }
  account().set_updates(*this, result->update_state);
  journal_->open(result->log_number, std::move(result->update_state), *this, mark());
  follow_updates(now);
}

// --- its webhooks ---

void NamedAccount::start_webhooks() {
  journal_->unfollow(*this);
  journal_->follow(*this);
  webhooks_.start({}, mark());  // one may be put before the others are known
  list_webhooks();
}

void NamedAccount::list_webhooks() {
  list_at_ = mtproto::Time::max();
  auto work = [name = name_](store::AccountStore& store) { return store.webhooks().list(name); };
  auto done = [weak = weak_from_this()](store::StoreResult<std::vector<store::WebhookRow>> rows) {
    if (const auto self = weak.lock()) self->on_webhooks(rows, boot_time());
  };
  services_.store.post(services_.accounts.services().executor, std::move(work), std::move(done));
}

// Only now is it known whether it stays for them.
void NamedAccount::on_webhooks(const store::StoreResult<std::vector<store::WebhookRow>>& rows,
                               mtproto::Time now) {
  if (state_ != State::there || list_at_ != mtproto::Time::max()) return;
  if (!rows) {
    list_at_ = now + retry_after;
    return arm();
  }
  list_at_.reset();
  webhooks_.start(*rows, mark());
  if (!in_use()) owner_.on_unused(*this);
}

void NamedAccount::stop_webhooks() {
  list_at_.reset();
  webhooks_.stop();
}

void NamedAccount::webhook_put(const std::string& webhook) {
  if (state_ == State::there) webhooks_.put(webhook);
}

void NamedAccount::webhook_removed(const std::string& webhook) {
  const auto self = shared_from_this();
  webhooks_.removed(webhook);
  if (!in_use()) owner_.on_unused(*this);
}

}  // namespace server::named

// An account that the gateway keeps under a name, for all who use it: its record in the store, the
// one session at Telegram, its sign-in, the recovery of its updates, their log, and the webhooks that
// it goes to. Lives on one thread; owned by NamedAccounts, shared with its users. A member of the Account like any client of
// it.
#pragma once

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/account/qr_refresher.hpp"
#include "server/named/named_services.hpp"
#include "server/named/named_user.hpp"
#include "server/named/update_journal.hpp"
#include "server/webhooks/account_webhooks.hpp"

namespace server::named {

class NamedAccount final : public std::enable_shared_from_this<NamedAccount>,
                           private account::AccountUser,
                           private account::QrRefresher::User,
                           private account::SigninUser,
                           private JournalReader,
                           private UpdateJournal::User {
 public:
  enum class State : std::uint8_t {
    loading,  // its lease is wanted, or it is on its way from the store
    absent,   // the store has none of that name; a sign-in makes it
    there,
    away,    // its lease was lost: it comes back when there is another, while somebody uses it
    failed,  // the store could not say, or another node has it
    gone     // closed
  };
  static constexpr std::chrono::seconds retry_after{1};  // where the store is away

  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void on_unused(NamedAccount&) = 0;
  };

  NamedAccount(const NamedServices&, const upstream::WorkRunner&, std::string name, Owner&);
  ~NamedAccount() override { close(); }

  void load();
  // Its lease, where there are any, is over or given up: others may use it from now on.
  void lose_lease();
  bool lease_over(mtproto::Time now) const { return lease_ != nullptr && lease_->over(now); }
  // For good. What is not in the store is written still.
  void close();

  const std::string& name() const { return name_; }
  State state() const { return state_; }
  const store::StoreError& error() const { return error_; }  // where it failed or is away
  // Where the node is reached that has it instead; empty: none has, or it can't be reached.
  const std::string& owner_url() const { return owner_url_; }
  // Calls it once, when it is no longer loading, and no step of sign-in is under way or on its way
  // into the store; where `waiter` is gone by then, not at all.
  void when_free(std::weak_ptr<void> waiter, std::function<void()> then);
  bool busy() const {
    return state_ == State::loading || step_ != nullptr || storing_ || code_.under_way();
  }

  void attach(NamedUser&);
  void detach(NamedUser&);
  bool in_use() const { return !users_.empty() || !waiters_.empty(); }
  // Whether it is to be connected though nobody uses it.
  bool stays() const {
    const bool wanted = record_.keep == store::Keep::always || !webhooks_.empty();
    return state_ == State::there && (wanted || list_at_);
  }
  // A sign-in has begun, and is not over.
  bool signing_in() const {
    const bool kept = state_ == State::there && (!signed_out_ || signin_->done());
    return !kept && signin_->state() != "start";
  }

  // A user's own hold on what it is at Telegram. Attached only.
  std::unique_ptr<account::AccountHandle> join(account::AccountUser& user);
  account::Account& account() const { return handle_->account(); }
  mtproto::DcId dc() const;
  // What it was signed in with; 0: the gateway's own.
  std::int32_t api_id() const { return static_cast<std::int32_t>(record_.api_id); }
  bool has_key() const;
  // Its key is of no use.
  bool dead() const { return handle_ != nullptr && account().dead(); }
  // It goes on in another data centre, under a key to be made there.
  void move(mtproto::DcId dc, const char* why, mtproto::Time now);

  // --- sign-in ---
  account::SigninDriver& signin() { return *signin_; }
  // As SigninDriver::run(). What comes of it is told once it is in the store. `app`: of its client.
  void run_step(account::SigninDriver::Step, const tl::Value& step, const AppIdentity& app,
                tl::Arena&, tl::Notation, account::SigninUser&, mtproto::Time now);
  // As SigninDriver::late().
  account::SigninOutcome step_late(mtproto::Duration waited);
  // Whoever asked for the step is gone.
  void cancel_step(const account::SigninUser&);
  // Telegram says that nobody is signed in.
  void signed_out();

  const std::shared_ptr<UpdateJournal>& journal() const { return journal_; }
  // As the store has it now.
  void set_keep(store::Keep keep);
  // One was put into the store, or removed from it.
  void webhook_put(const std::string& webhook);
  void webhook_removed(const std::string& webhook);
  // {"name":"ada","state":"done","user":{"id":N},"dc":2,"update_seq":N}
  void write(tl::Notation, std::string& out) const;
  std::string_view signin_state() const;

 private:
  // A step that a user asked for.
  struct Step {
    account::SigninUser* user;
    bool signs_out;
    account::SigninOutcome outcome{};
  };

  void want_lease();
  void on_lease(cluster::LeasePointer, const cluster::LeaseRefusal&);
  void give_lease_back(bool written);
  void go_away(store::StoreError why, mtproto::Time now);
  const store::LeaseMark& mark() const;
  // Since what was on its way into the store was sent there.
  bool lost_lease() const { return state_ == State::away || state_ == State::loading; }
  void load_record();
  void loaded(store::StoreResult<store::StoredAccount>, mtproto::Time now);
  void fail(store::StoreError why);
  void enter_stored(const store::StoredAccount&, mtproto::Time now);
  void enter(account::Authorization);
  void follow_updates(mtproto::Time now);
  void start_webhooks();
  void list_webhooks();
  void on_webhooks(const store::StoreResult<std::vector<store::WebhookRow>>&, mtproto::Time now);
  void stop_webhooks();
  void on_newer() override { webhooks_.notify(journal_->newest()); }
  void save(mtproto::Time now);
  void on_saved(store::StoreResult<store::AccountRow>, mtproto::Time now);
  void forget();
  void on_forgotten(const store::StoreStatus&, mtproto::Time now);
  void finish_step(mtproto::Time now);
  void fail_step(const store::StoreError&, mtproto::Time now);
  void free();
  void settle();
  void settle_later();
  void load_again();
  void on_loaded_again(store::StoreResult<store::AccountRow>, mtproto::Time now);
  void break_log();
  void arm();
  void on_timer();
  std::optional<mtproto::Time> deadline() const;
  void tell_signed_out();
  template <class Tell>
  void each_user(Tell tell);

  // --- AccountUser ---
  void on_dc(const account::DcChange&, mtproto::Time now) override;
  bool claims(tl::ByteView pushed) const override { return code_.claims(pushed); }
  void on_pushed(tl::Slice body, mtproto::Time now) override;
  void on_key_gone(const std::string& reason, mtproto::Time now) override;
  void on_update(std::int64_t update_seq, tl::ByteView body, mtproto::Time now) override;
  void on_updates_due() override { arm(); }
  void on_updates_told() override;
  // --- QrRefresher::User ---
  account::Account& code_account() const override { return account(); }
  AppIdentity code_app() const override { return app_; }
  tl::Notation code_notation() const override { return notation_; }
  void on_code(std::string_view signin) override;
  void on_refreshed(mtproto::Time) override { free(); }
  void on_due() override { arm(); }
  // --- SigninUser, and of the code ---
  void on_signin_over(account::SigninOutcome, mtproto::Time now) override;
  account::Account* on_signin_moves(mtproto::DcId dc, mtproto::Time now) override;
  // --- UpdateJournal::User ---
  void on_journal_broken(const store::StoreError&) override;

  const NamedServices& services_;
  const std::string name_;
  Owner& owner_;
  State state_ = State::loading;
  store::StoreError error_{};
  std::string owner_url_;
  cluster::LeasePointer lease_;             // none: nobody leases, or it is wanted or lost
  cluster::NodeLeases::Ticket ticket_ = 0;  // 0: no lease is held nor wanted
  store::AccountRow record_;
  const std::shared_ptr<UpdateJournal> journal_;
  webhooks::AccountWebhooks webhooks_;
  std::unique_ptr<account::AccountHandle> handle_;  // none: absent, and nobody signs in
  const std::shared_ptr<account::SigninDriver> signin_;
  account::QrRefresher code_;
  std::unique_ptr<Step> step_;  // none: no user's step is under way
  bool storing_ = false;        // what a step came to is on its way into the store
  AppIdentity app_;             // of the last step
  tl::Notation notation_ = tl::Notation::plain;
  bool signed_out_ = false;  // though the store has a key
  std::optional<mtproto::AuthKeyId> stored_key_;
  std::vector<NamedUser*> users_;
  std::vector<std::pair<std::weak_ptr<void>, std::function<void()>>> waiters_;
  boost::asio::steady_timer timer_;
  std::optional<mtproto::Time> armed_;
  std::optional<mtproto::Time> retry_at_;  // the store is asked again, or for a lease
  // The store may have webhooks that are not in webhooks_ yet, and is asked again by then.
  std::optional<mtproto::Time> list_at_;
};

// One that left meanwhile is not told.
template <class Tell>
void NamedAccount::each_user(Tell tell) {
  for (auto* user : std::vector(users_)) {
    if (std::ranges::find(users_, user) != users_.end()) tell(*user);
  }
}

}  // namespace server::named

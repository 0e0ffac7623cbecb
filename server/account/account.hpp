// One authorization at Telegram: its key and home data centre, its connections and its calls, what
// is known of names; of each client of it, where its updates are. All clients of the process that
// bring the same key share one (Accounts). Lives on one thread; what happens to it is told to its
// users at the end of the turn. Calls go one way: its users → Account → CallTable → DcConnections.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/account/account_event.hpp"
#include "server/account/account_members.hpp"
#include "server/account/account_services.hpp"
#include "server/account/call_table.hpp"
#include "server/account/config_refresher.hpp"
#include "server/account/dc_connections.hpp"
#include "server/account/flood_waits.hpp"
#include "server/account/home_calls.hpp"
#include "server/account/peer_names.hpp"
#include "server/account/sent_messages.hpp"
#include "server/account/update_waker.hpp"

namespace server::account {

// What an account is made of, and what is left of it for the next.
struct Authorization {
  mtproto::SessionState session;
  std::optional<std::int64_t> user_id;
  std::string updates;  // of a client that leaves or comes: UpdateFeed::text()
  PeerNames names;
};

class Account final : private DcUser,
                      private EventQueue::User,
                      private SentMessages::User,
                      public std::enable_shared_from_this<Account> {
 public:
  Account(const AccountServices&, std::shared_ptr<const DcSettings>, Authorization);
  ~Account() override;

  // `updates`: where its updates stopped, as updates() gave it; empty: nothing was recovered yet.
  void join(AccountUser& user, std::string updates = {});
  // It hears nothing more. Its calls are its own to forget.
  void leave(AccountUser& user);
  bool in_use() const { return !members_.empty(); }
  // By others than `user`.
  bool shared_beside(const AccountUser& user) const { return members_.any_beside(user); }
  // Its key is of no use, as far as is known.
  bool dead() const { return closed_ || dead_; }
  // For good. What is left of it.
  Authorization close();

  CallTable& calls() { return calls_; }
  const DcConnections& connections() const { return connections_; }
  const DcSettings& settings() const { return connections_.settings(); }
  const mtproto::SessionState& session() const { return connections_.state(); }
  PeerNames& names() { return names_; }

  std::optional<std::int64_t> user_id() const { return user_id_; }
  // Covers exactly what was told to that user.
  std::string updates(const AccountUser& user) const;

  // Draws what is not known of its session; nothing is dialled yet.
  void prepare();
  // Dials home.
  bool open();
  // Whoever calls next speaks as this app, in this layer. Where the account is reached stays.
  void speak_as(const std::shared_ptr<const DcSettings>& settings);
  void initialise(mtproto::DcId dc) { connections_.initialise(dc); }
  // That user does not read. While none does, nothing is read from Telegram.
  void pause(AccountUser& user, bool paused, mtproto::Time now);
  // Whether that user's updates are made whole and put in order.
  void recover_updates(AccountUser& user, bool wanted, mtproto::Time now);
  // Where that user's updates stopped, in place of what was known; they are recovered no more.
  void set_updates(AccountUser& user, std::string updates);
  // Whether that user wants to hear any. While one does, Telegram is kept telling them.
  void want_updates(AccountUser& user, bool wanted);
  void refresh_config(mtproto::Time now) { config_.refresh(now); }
  // Telegram wants no more calls of that method, by its id, until then.
  void note_flood_wait(std::uint32_t method, mtproto::Time until);
  // Until when it wants none; not behind `now`: it may be called.
  mtproto::Time flood_wait(std::uint32_t method, mtproto::Time now) {
    return flood_waits_ ? flood_waits_->until(method, now) : now;
  }

  // Of that user.
  void tick(AccountUser& user, mtproto::Time now);
  std::optional<mtproto::Time> deadline(const AccountUser& user) const;

  // --- what its users learned from answers ---
  void signed_in(std::optional<std::int64_t> user_id, mtproto::Time now);
  void set_user_id(std::optional<std::int64_t> user_id);
  // Of that user's request at home. `refusal`: the answer is one. What it tells of updates the
  // others hear as if it had been pushed.
  void answered(AccountUser& user, const tl::Slice& body, const RpcError* refusal,
                const tl::Combinator* method, tl::ByteView query, mtproto::Time now);
  // After a sign-out nothing may be done elsewhere in that account's name: what was under way there
  // is lost.
  void note_refusal(const RpcError* refusal, const tl::Combinator* method);
  void close_secondary(const char* why);

 private:
  void on_connecting(mtproto::DcId) override;
  void on_key_exchange(mtproto::DcId) override;
  void on_ready(mtproto::DcId, bool again) override;
  void on_answer(mtproto::DcId, mtproto::RequestId, tl::Slice body) override;
  void on_written(mtproto::DcId, mtproto::RequestId) override;
  void on_lost(mtproto::DcId, mtproto::RequestId) override;
  void on_refused(mtproto::DcId, mtproto::RequestId, boost::system::error_code why) override;
  void on_down(mtproto::DcId, const upstream::UpstreamFailure&) override;
  void on_pushed(tl::Slice body) override;
  void on_renewed() override;
  void on_changed() override;
  void on_sent_message(const void* sender, const tl::Bytes& updates, mtproto::Time now) override;

  void drain();
  void on_event_late() override;
  void tell(AccountEvent&&, mtproto::Time now);
  void tell_change(const DcChange&, mtproto::Time now);
  void tell_pushed(tl::Slice body, mtproto::Time now);
  void tell_others(const AccountUser&, tl::ByteView answer, mtproto::Time now);
  void tell_renewed(mtproto::Time now);
  bool ask_what_is_new(mtproto::Time now);
  void keep_awake(mtproto::Time now);
  void note_sign_in(tl::ByteView answer, const RpcError* refusal, const tl::Combinator* method);
  void set_signed_in(bool somebody);
  void key_gone(std::string reason);
  void claim_key();
  void release_key();

  const AccountServices& services_;
  std::optional<mtproto::AuthKeyId> claimed_;
  EventQueue events_;
  HomeCalls home_calls_;
  DcConnections connections_;
  CallTable calls_;
  ConfigRefresher config_;
  SentMessages sent_;
  UpdateWaker waker_;
  PeerNames names_;
  std::optional<std::int64_t> user_id_;
  AccountMembers members_;
  std::unique_ptr<FloodWaits> flood_waits_;  // most never have any
  bool dead_ = false;
  bool closed_ = false;
};

}  // namespace server::account

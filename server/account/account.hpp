// One authorization at Telegram: its key and home data centre, its connections and its calls, what
// is known of its updates and of names. A client connection has one of its own, or shares one with
// others that named the same key (Accounts). Lives on one thread; what happens to it is told to its
// users at the end of the turn. Calls go one way: its users → Account → CallTable → DcConnections.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/account/account_event.hpp"
#include "server/account/account_services.hpp"
#include "server/account/call_table.hpp"
#include "server/account/config_refresher.hpp"
#include "server/account/dc_connections.hpp"
#include "server/account/home_calls.hpp"
#include "server/account/peer_names.hpp"
#include "server/account/update_feed.hpp"

namespace server::account {

// What an account is made of, and what is left of it for the next.
struct Authorization {
  mtproto::SessionState session;
  std::optional<std::int64_t> user_id;
  std::string updates;  // UpdateFeed::text()
  PeerNames names;
};

// A client of an account. It may leave it in any of these.
class AccountUser {
 public:
  virtual ~AccountUser() = default;
  virtual void on_dc(const DcChange&, mtproto::Time now) = 0;
  // True for what is this user's business alone, and nobody else's.
  virtual bool claims(tl::ByteView pushed) const = 0;
  virtual void on_pushed(tl::Slice body, mtproto::Time now) = 0;
  virtual void on_update(std::int64_t update_seq, tl::ByteView body, mtproto::Time now) = 0;
  virtual void on_account_due() = 0;  // deadline() may be sooner
};

class Account final : private DcUser,
                      private UpdateListener,
                      private EventQueue::User,
                      public std::enable_shared_from_this<Account> {
 public:
  Account(const AccountServices&, std::shared_ptr<const DcSettings>, Authorization);
  ~Account() override;

  void join(AccountUser& user) { users_.push_back(&user); }
  // It hears nothing more. Its calls are its own to forget.
  void leave(AccountUser& user);
  bool in_use() const { return !users_.empty(); }
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
  std::string updates() const { return feed_ ? feed_->text() : updates_; }

  // Draws what is not known of its session; nothing is dialled yet.
  void prepare();
  // Dials home.
  bool open();
  void set_settings(std::shared_ptr<const DcSettings> settings) {
    connections_.set_settings(std::move(settings));
  }
  void initialise(mtproto::DcId dc) { connections_.initialise(dc); }
  void pause(bool paused, mtproto::Time now);
  // Whether updates are made whole and put in order.
  void recover_updates(bool wanted, mtproto::Time now);
  void refresh_config(mtproto::Time now) { config_.refresh(now); }

  void tick(mtproto::Time now);
  std::optional<mtproto::Time> deadline() const;

  // --- what its users learned from answers ---
  void signed_in(std::optional<std::int64_t> user_id, mtproto::Time now);
  void set_user_id(std::optional<std::int64_t> user_id) { user_id_ = user_id; }
  // Of a request at home. `refusal`: the answer is one. True: nothing may be done elsewhere in its
  // name from here on; those that were under way are lost.
  bool answered(tl::ByteView body, const RpcError* refusal, const tl::Combinator* method,
                tl::ByteView query, mtproto::Time now);
  bool authorization_gone(const RpcError* refusal, const tl::Combinator* method);
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
  void on_update(std::int64_t update_seq, tl::ByteView body, mtproto::Time now) override;
  void on_feed_due() override;

  void drain();
  void on_event_late() override;
  void tell(AccountEvent&&, mtproto::Time now);
  void tell_pushed(tl::Slice body, mtproto::Time now);
  template <class Tell>
  void tell_users(Tell tell);
  void claim_session();

  const AccountServices& services_;
  std::optional<LiveSessions::Name> claimed_;
  EventQueue events_;
  HomeCalls home_calls_;
  DcConnections connections_;
  CallTable calls_;
  ConfigRefresher config_;
  std::shared_ptr<UpdateFeed> feed_;  // none: updates go out as they come
  PeerNames names_;
  std::optional<std::int64_t> user_id_;
  std::string updates_;  // while there is no feed
  std::vector<AccountUser*> users_;
  bool paused_ = false;
  bool dead_ = false;
  bool closed_ = false;
};

}  // namespace server::account

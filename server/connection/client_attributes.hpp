// What a client set by `options`, `server` and `session`, and the account that follows from it. Reads
// all attributes of a request before any is applied. Owns the hold on the account; calls Accounts; the
// connection is told before its account is another.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/account/accounts.hpp"
#include "server/account/session_line.hpp"
#include "server/connection/client_request.hpp"
#include "server/connection/connection_options.hpp"
#include "server/connection/reply_writer.hpp"
#include "server/connection/server_attribute.hpp"
#include "server/connection/session_attribute.hpp"

namespace server {

// What bounds what clients may set.
struct AttributeLimits {
  std::shared_ptr<const Schemes> schemes;
  std::shared_ptr<const upstream::Telegram> telegram;  // that the gateway was started for
  const AllowedServers& allowed;
  mtproto::DcId usual_dc;
  bool shares_accounts = false;  // of others that name the same key
};

// The attributes of one request, read.
struct AttributePlan {
  std::optional<ConnectionOptions> options;  // none: they stay as they are
  std::optional<ServerChoice> server;
  std::optional<account::SessionLine> session;
  bool other_account = false;
};

class ClientAttributes {
 public:
  class User {
   public:
    virtual ~User() = default;
    // `why`: for what was in flight and can't be known any more.
    virtual void on_account_leaving(const char* why, mtproto::Time now) = 0;
    // `another`: nothing that was known of the one before is of use.
    virtual void on_account_changed(bool another, mtproto::Time now) = 0;
  };

  // `options`, `server`: what it begins with.
  ClientAttributes(AttributeLimits, ConnectionOptions options, ServerChoice server,
                   account::Accounts&, account::AccountUser&, User&);

  tl::Result<AttributePlan, Failure> read(ClientRequest&) const;
  void apply(AttributePlan plan, mtproto::Time now);
  // The client is gone.
  void close() { handle_->leave(); }
  // The same client under a key to be made in another data centre.
  void move(mtproto::DcId dc, const char* why, mtproto::Time now);

  // Nothing may be done in its name any more: others with the same key are told.
  void authorization_gone();

  const ConnectionOptions& options() const { return options_; }
  // With what `plan` sets.
  const ConnectionOptions& options(const AttributePlan& plan) const {
    return plan.options ? *plan.options : options_;
  }
  const ServerChoice& server() const { return server_; }
  const ServerChoice& server(const AttributePlan& plan) const {
    return plan.server ? *plan.server : server_;
  }
  const Schemes& schemes() const { return *limits_.schemes; }
  const Scheme& scheme() const { return *limits_.schemes->find(options_.layer); }
  account::Account& account() const { return handle_->account(); }
  bool shares_accounts() const { return limits_.shares_accounts; }
  // What is said of us to Telegram.
  AppIdentity identity(const AttributePlan& plan = {}) const;
  bool has_key(const AttributePlan& plan) const;
  // Whether the client wants to know of what was pushed.
  bool hears(tl::ByteView pushed) const;

  std::string session_text(std::optional<account::SessionFormat> as = {}) const;
  // Those that a request asks for.
  ReplyWriter::Attributes texts(const ClientRequest&) const;

 private:
  // POSTs get none.
  bool wants_updates() const { return options_.updates != Updates::none && !shares_accounts(); }
  std::optional<Failure> read_session(ClientRequest&, AttributePlan&) const;
  std::optional<Failure> check_dc(mtproto::DcId, const upstream::Telegram&) const;
  SessionAttribute session_attribute(const ServerChoice& server) const {
    return {server, limits_.usual_dc};
  }
  std::shared_ptr<const account::DcSettings> dc_settings() const;
  account::Authorization leave(const char* why, mtproto::Time now);
  void enter(account::Authorization, bool another, mtproto::Time now);
  void apply_options(ConnectionOptions, mtproto::Time now);
  void apply_session(const account::SessionLine&, mtproto::Time now);
  bool layer_free() const;

  const AttributeLimits limits_;
  account::Accounts& accounts_;
  account::AccountUser& account_user_;
  User& user_;
  ConnectionOptions options_;
  ServerChoice server_;
  std::unique_ptr<account::AccountHandle> handle_;
  bool sent_any_ = false;  // to an account before this one
};

}  // namespace server

// What a client set by `options`, `server`, `session` and `account`, and the account that follows from
// it. Reads all attributes of a request before any is applied. Owns the hold on the account; calls
// Accounts and NamedAccounts; the connection is told before its account is another.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/account/accounts.hpp"
#include "server/account/session_line.hpp"
#include "server/connection/account_attribute.hpp"
#include "server/connection/client_request.hpp"
#include "server/connection/connection_options.hpp"
#include "server/connection/reply_writer.hpp"
#include "server/connection/server_attribute.hpp"
#include "server/connection/session_attribute.hpp"
#include "server/named/named_accounts.hpp"
#include "server/protocol/token_scope.hpp"

namespace server {

// The accounts that the gateway keeps, for the clients of one thread. All of it outlives them.
struct NamedPlaces {
  named::NamedAccounts& accounts;
  const ServerChoice& server;  // where they are
  std::size_t thread = 0;
  std::size_t threads = 1;

  bool has(std::string_view name) const {
    return named::NamedAccounts::thread_of(name, threads) == thread;
  }
};

// What bounds what clients may set.
struct AttributeLimits {
  std::shared_ptr<const Schemes> schemes;
  std::shared_ptr<const upstream::Telegram> telegram;  // that the gateway was started for
  const AllowedServers& allowed;
  mtproto::DcId usual_dc;
  bool stateless = false;  // a request of plain HTTP: others with its key will come
  std::shared_ptr<const TokenScope> scope{};  // what it may call and use; none: everything
  const NamedPlaces* named = nullptr;         // none: the gateway keeps no accounts
};

// What a client has set so far, but for its session.
struct ConnectionChoices {
  ConnectionOptions options;
  ServerChoice server;
};

// The attributes of one request, read.
struct AttributePlan {
  std::optional<ConnectionOptions> options;  // none: they stay as they are
  std::optional<ServerChoice> server;
  std::optional<account::SessionLine> session;
  std::optional<AccountAttribute> account;
  std::shared_ptr<named::NamedAccount> named;  // that it will speak as; none: a session of its own
  bool other_account = false;
};

class ClientAttributes : private named::NamedUser {
 public:
  class User {
   public:
    virtual ~User() = default;
    // `why`: for what was in flight and can't be known any more.
    virtual void on_account_leaving(const char* why, mtproto::Time now) = 0;
    // `another`: nothing that was known of the one before is of use.
    virtual void on_account_changed(bool another, mtproto::Time now) = 0;
    // It speaks as a named account, or no longer. `after`: whose updates it wants from there on.
    virtual void on_named([[maybe_unused]] std::optional<std::int64_t> after) {}
    // What became of the code of a named account's sign-in.
    virtual void on_named_code([[maybe_unused]] std::string_view signin) {}
  };

  // `options`, `server`: what it begins with.
  ClientAttributes(AttributeLimits, SharedOptions options, SharedServer server, account::Accounts&,
                   account::AccountUser&, User&);

  tl::Result<AttributePlan, Failure> read(ClientRequest&) const;
  // Whether it could be read, were it not for others that use the same key.
  bool may_set(const Request&) const;
  void apply(AttributePlan plan, mtproto::Time now);
  // The client is gone.
  void close();
  // Whoever calls next speaks as this client.
  void speak() { account().speak_as(settings_); }
  void speak_to_send() {
    sent_any_ = true;
    speak();
  }
  // Of this client's request at home.
  void answered(const tl::Slice& body, const account::RpcError* refusal,
                const tl::Combinator* method, tl::ByteView query, mtproto::Time now) {
    account().answered(account_user_, body, refusal, method, query, now);
  }
  // The client does not read, or does again.
  void pause(bool paused, mtproto::Time now) { account().pause(account_user_, paused, now); }
  void tick(mtproto::Time now) { account().tick(account_user_, now); }
  std::optional<mtproto::Time> deadline() const { return account().deadline(account_user_); }
  // The same client under a key to be made in another data centre.
  void move(mtproto::DcId dc, const char* why, mtproto::Time now);
  // In place of an account whose key is of no use.
  void renew(mtproto::Time now) { move(server_->dc, "the key is of no use any more", now); }

  const ConnectionOptions& options() const { return *options_; }
  // With what `plan` sets.
  const ConnectionOptions& options(const AttributePlan& plan) const {
    return plan.options ? *plan.options : *options_;
  }
  const ServerChoice& server() const { return *server_; }
  const ServerChoice& server(const AttributePlan& plan) const {
    return plan.server ? *plan.server : *server_;
  }
  const Schemes& schemes() const { return *limits_.schemes; }
  const Scheme& scheme() const { return *limits_.schemes->find(options_->layer); }
  account::Account& account() const { return handle_->account(); }
  // Whom it speaks as; none: a session of its own.
  named::NamedAccount* named() const { return named_.get(); }
  bool stateless() const { return limits_.stateless; }
  void limit(std::shared_ptr<const TokenScope> scope) { limits_.scope = std::move(scope); }
  // Where the named account that it speaks as is not there at the moment.
  std::optional<Failure> away() const { return not_to_be_used(named_.get()); }
  // Where its token does not allow it to call that.
  std::optional<Failure> forbidden(std::string_view method, std::string_view path) const;
  // What is said of us to Telegram.
  AppIdentity identity(const AttributePlan& plan = {}) const;
  bool has_key(const AttributePlan& plan) const;
  // Whether the client wants to know of what was pushed.
  bool hears(tl::ByteView pushed) const;

  std::string session_text(std::optional<account::SessionFormat> as = {}) const;
  // The object `account`, or null.
  std::string account_text() const;
  // Those that a request asks for.
  ReplyWriter::Attributes texts(const ClientRequest&) const;

 private:
  // POSTs get none; a named account's come out of its log.
  bool wants_updates() const {
    return options_->updates != Updates::none && !stateless() && !named_;
  }
  using SessionFormat = std::optional<account::SessionFormat>;
  tl::Result<AttributePlan, Failure> read(const Request&, SessionFormat& as) const;
  std::optional<Failure> read_session(const tl::Value&, SessionFormat& as, AttributePlan&) const;
  std::optional<Failure> read_named(const Request&, SessionFormat& as, AttributePlan&) const;
  std::optional<Failure> open_named(const Request&, AttributePlan&) const;
  std::optional<Failure> not_to_be_used(const named::NamedAccount*) const;
  void apply_named(AttributePlan&, mtproto::Time now);
  void enter_named(mtproto::Time now);
  std::optional<Failure> check_dc(mtproto::DcId, const upstream::Telegram&) const;
  std::optional<Failure> check_sharing(const AttributePlan&) const;
  SessionAttribute session_attribute(const ServerChoice& server) const {
    return {server, limits_.usual_dc};
  }
  account::DcSettings settings_of(const AttributePlan&) const;
  std::shared_ptr<const account::DcSettings> dc_settings() const {
    return accounts_.shared_settings(settings_of({}));
  }
  account::Authorization leave(const char* why, mtproto::Time now);
  void enter(account::Authorization, bool another, mtproto::Time now);
  void set_dc(mtproto::DcId dc);
  void apply_options(ConnectionOptions, mtproto::Time now);
  void apply_session(const account::SessionLine&, mtproto::Time now);
  // --- NamedUser ---
  void on_leaving(const char* why, mtproto::Time now) override;
  void on_moved(mtproto::Time now) override { enter_named(now); }
  void on_code(std::string_view signin) override { user_.on_named_code(signin); }
  bool layer_free() const;
  bool names_current(const account::SessionLine&) const;
  account::Accounts::Stay stay() const {
    using Stay = account::Accounts::Stay;
    return stateless() ? Stay::kept : Stay::with_client;
  }

  AttributeLimits limits_;
  account::Accounts& accounts_;
  account::AccountUser& account_user_;
  User& user_;
  SharedOptions options_;
  SharedServer server_;
  std::shared_ptr<named::NamedAccount> named_;
  std::shared_ptr<const account::DcSettings> settings_;  // as this client would have them
  std::unique_ptr<account::AccountHandle> handle_;
  bool sent_any_ = false;
};

}  // namespace server

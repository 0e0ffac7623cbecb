// One client: its requests on one side, its account at Telegram on the other. Only wires the parts
// together; what each of them does stands in its header. It knows no channel (objects go to a
// ObjectSink), no socket and no clock.
//
// Requests are begun in the order in which they came; one that waits for a peer's name or for a
// step of sign-in holds back those behind it. Replies go out as they are ready, under one id in
// order.
#pragma once

#include <memory>
#include <optional>

#include "server/connection/client_signin.hpp"
#include "server/connection/requests.hpp"
#include "server/named/log_cursor.hpp"

namespace server {

class Connection final : public std::enable_shared_from_this<Connection>,
                         private account::AccountUser,
                         private account::QrRefresher::User,
                         private ClientAttributes::User,
                         private named::LogCursor::User,
                         private Requests::User {
 public:
  // `number`: in logs.
  Connection(const ConnectionServices&, AttributeLimits, SharedOptions, SharedServer, ObjectSink&,
             std::uint64_t number);
  ~Connection() override { close(); }

  // --- from the channel ---
  // Which methods the client may call from here on.
  void limit(std::shared_ptr<const TokenScope> scope) { attributes_.limit(std::move(scope)); }
  // An object that the client sent.
  void receive(Incoming&& object, mtproto::Time now);
  // What the client sent was no request.
  void refuse(std::string_view id, const Failure& failure) { requests_.refuse(id, failure); }
  // Nothing more will come from the client; what came is answered.
  void end();
  // The client is gone.
  void close();
  // The client does not read (or does again): nothing more is read from the data centre.
  void set_above_high_watermark(bool above_high_watermark, mtproto::Time now);
  void tick(mtproto::Time now);
  std::optional<mtproto::Time> deadline() const;

  // Whether another connection, with the same choices, could begin with this request: nothing is
  // under way, and what it sets can be set.
  bool may_move(const Request& request) const { return idle() && attributes_.may_set(request); }
  ConnectionChoices choices() const { return {attributes_.options(), attributes_.server()}; }
  bool idle() const { return requests_.empty() && !signin_.refreshing(); }
  // Whether it speaks as a named account.
  bool named() const { return attributes_.named() != nullptr; }
  // Up to which number the log of its named account was told; none: it follows none.
  std::optional<std::int64_t> log_position() const {
    return log_cursor_ ? std::optional(log_cursor_->position()) : std::nullopt;
  }
  // Bytes of replies that wait for others under the same id.
  std::size_t held() const { return requests_.held(); }

 private:
  void advance(mtproto::Time now);
  void write_event(const account::DcChange&);

  // --- what the parts tell ---
  void on_dc(const account::DcChange&, mtproto::Time now) override;
  bool claims(tl::ByteView pushed) const override { return signin_.claims(pushed); }
  void on_pushed(tl::Slice body, mtproto::Time now) override;
  void on_update(std::int64_t update_seq, tl::ByteView body, mtproto::Time now) override;
  void on_updates_due() override { sink_.wake(); }
  void on_key_gone(const std::string& reason, mtproto::Time now) override;
  void on_account_leaving(const char* why, mtproto::Time now) override;
  void on_account_changed(bool another, mtproto::Time now) override;
  void on_named(std::optional<std::int64_t> after) override;
  void on_named_code(std::string_view signin) override;
  void on_entry(const named::EntryPointer&) override;
  void on_entries_gone(std::int64_t oldest) override;
  void on_request_moved(mtproto::Time now) override;
  void on_signin_answered(mtproto::Time now) override;
  account::Account* on_signin_moves(mtproto::DcId dc, mtproto::Time now) override;
  account::Account& code_account() const override { return attributes_.account(); }
  AppIdentity code_app() const override { return attributes_.identity(); }
  tl::Notation code_notation() const override { return attributes_.options().json; }
  void on_code(std::string_view signin) override;
  void on_refreshed(mtproto::Time now) override { on_request_moved(now); }
  void on_due() override { sink_.wake(); }

  const ConnectionServices& services_;
  ObjectSink& sink_;
  const FailureLog log_;
  ClientAttributes attributes_;
  ClientSignin signin_;
  Requests requests_;
  std::shared_ptr<named::LogCursor> log_cursor_;  // none: it follows no log
  bool above_high_watermark_ = false;
  bool advancing_ = false;
  bool ended_ = false;
  bool closed_ = false;
};

}  // namespace server

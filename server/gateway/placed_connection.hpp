// A client's Connection in the thread where it has to be: its client's, or, once it brings a key or
// names an account that is in another, that one.
#pragma once

#include <memory>
#include <optional>

#include "server/account/live_accounts.hpp"
#include "server/gateway/make_connection.hpp"
#include "server/gateway/remote_connection.hpp"
#include "server/gateway/request_taker.hpp"
#include "server/gateway/thread_state.hpp"

namespace server {

class PlacedConnection final : public RequestTaker, private RemoteUser {
 public:
  // It begins in that thread, which is the one that all of this is called in.
  PlacedConnection(ThreadState&, ObjectSink&, ConnectionSetup);
  ~PlacedConnection() override { close(); }

  void limit(std::shared_ptr<const TokenScope> scope) override;
  void receive(Incoming&& object, mtproto::Time now) override;
  void refuse(std::string_view id, const Failure& failure) override;
  void set_above_high_watermark(bool above_high_watermark, mtproto::Time now) override;
  void end() override;
  void close() override;
  void tick(mtproto::Time now) override;
  std::optional<mtproto::Time> deadline() const override;
  std::size_t held() const override { return remote_ ? held_ : connection_->held(); }

  // Nothing is under way in this thread, where it is.
  bool idle() const { return connection_ != nullptr && connection_->idle(); }
  ConnectionChoices choices() const { return connection_->choices(); }
  bool named() const { return connection_ != nullptr && connection_->named(); }
  // Up to which number its client was told the log of a named account; none: it follows none.
  std::optional<std::int64_t> log_position() const {
    return connection_ ? connection_->log_position() : std::nullopt;
  }

 private:
  // Each leaves a post more for what is said.
  static constexpr unsigned most_moves = 16;

  void choose_thread_of_key(const Incoming& object);
  void choose_thread_of_account(const Incoming& object);
  bool may_move(const Incoming& object) const;
  // For where it goes on.
  ConnectionSetup leave();
  void on_reply(LongText object, ObjectNote note, std::size_t held) override;
  void on_finished() override { sink_.finish(); }
  void on_reset(std::string why) override { sink_.reset(why); }

  ThreadState& thread_;
  ObjectSink& sink_;
  ConnectionSetup setup_;
  std::shared_ptr<Connection> connection_;  // none: it is in another thread
  std::unique_ptr<RemoteConnection> remote_;
  account::LiveAccounts::Lease lease_;  // of the key that was named last, while it is here
  std::size_t held_ = 0;                // there
  bool above_high_watermark_ = false;
};

}  // namespace server

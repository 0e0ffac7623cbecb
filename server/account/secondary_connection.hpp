// A session with a data centre that is not the account's own: a key of its own, made there, and the
// authorization brought there before the first API call. Calls wait for that in their order; what
// is pushed there is nobody's. Unused for a minute it is closed, but the key and who is signed in
// with it are remembered.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>
#include <variant>

#include "server/account/auth_transfer.hpp"
#include "server/account/home_calls.hpp"
#include "server/upstream/upstream_connection.hpp"
#include "tl/shared_bytes.hpp"

namespace server::account {

class SecondaryConnection final : public upstream::UpstreamHandle,
                                  private upstream::UpstreamCallbacks,
                                  public std::enable_shared_from_this<SecondaryConnection> {
 public:
  struct Settings {
    mtproto::DcId dc;
    std::shared_ptr<const tl::Schema> schema;  // that the calls of the passage are in
    std::chrono::milliseconds kept = std::chrono::seconds(60);
    std::function<std::shared_ptr<upstream::UpstreamHandle>(mtproto::SessionState,
                                                            UpstreamCallbacks&)>
        make_upstream;
  };

  SecondaryConnection(boost::asio::any_io_executor, Settings, HomeCaller&, UpstreamCallbacks&);

  void open() override { reach(); }
  void close() override;
  void set_prefix(tl::SharedBytes prefix) override;
  mtproto::RequestId send(tl::SharedBytes body, mtproto::SendOptions options) override;
  void forget(mtproto::RequestId id) override;
  void pause(bool paused) override;
  bool ready() const override;
  mtproto::DcId dc() const override { return settings_.dc; }
  mtproto::UnixTime server_time() const override;
  const mtproto::SessionState& state() const override {
    return upstream_ ? upstream_->state() : saved_;
  }

 private:
  using Id = mtproto::RequestId;
  struct Held {
    Id id;
    tl::SharedBytes body;
    mtproto::SendOptions options;
  };
  struct Sent {
    Id id;             // as our user knows it
    unsigned passage;  // after how many of them it was sent
  };

  void on_connecting() override { user_->on_connecting(); }
  void on_key_exchange() override { user_->on_key_exchange(); }
  void on_ready() override;
  void on_answer(Id, tl::Slice body) override;
  void on_written(Id) override;
  void on_lost(Id) override;
  void on_refused(Id, boost::system::error_code why) override;
  void on_pushed(tl::Slice) override {}
  void on_down(const upstream::UpstreamFailure&) override;
  void on_changed() override { user_->on_changed(); }

  void reach();
  void pass(Held);
  std::optional<Sent> take(Id of_upstream);
  void go(AuthTransfer::Step);
  void home_answered(HomeCaller::Answer);
  void flush();
  void answer_held(const tl::Bytes& answer);
  void stop_transfer();
  void rest();
  void close_unused();
  void drop_upstream();

  Settings settings_;
  HomeCaller& home_;
  UpstreamCallbacks* user_;
  boost::asio::steady_timer timer_;
  AuthTransfer transfer_;
  unsigned transfers_ = 0;    // that were completed
  unsigned attempt_ = 0;      // of a passage: an answer to an earlier one is nobody's
  std::optional<Id> import_;  // as the upstream connection knows it
  std::shared_ptr<UpstreamHandle> upstream_;  // none: nobody needed it of late
  mtproto::SessionState saved_;               // then
  tl::SharedBytes prefix_;
  std::deque<Held> held_;                          // until the passage is over
  std::unordered_map<std::uint64_t, Sent> sent_;   // by the upstream connection's number
  std::unordered_map<std::uint64_t, Id> numbers_;  // of the upstream connection, by ours
  std::deque<Id> forgotten_;  // of these, a few: others may have to come after them
  std::uint64_t last_id_ = 0;
  bool paused_ = false;
  bool closed_ = false;
};

}  // namespace server::account

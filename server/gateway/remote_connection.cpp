#include "server/gateway/remote_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/gateway/account_connection.hpp"
#include "server/gateway/gateway.hpp"
#include "server/gateway/placed_connection.hpp"
#include "server/logs/verbose.hpp"
#include "server/protocol/message_text.hpp"
#include "server/upstream/event_loop_turn.hpp"

namespace server {

namespace asio = boost::asio;

// Lives at home. The connection in it is made there, too.
class RemoteConnection::Inner final : public ObjectSink,
                                      public std::enable_shared_from_this<Inner> {
 public:
  Inner(ThreadState& from, ThreadState& home, account::LiveAccounts::Lease lease, RemoteUser& user,
        ConnectionSetup setup, std::string account)
      : home_(home),
        lease_(std::move(lease)),
        back_(from.executor),
        setup_(std::move(setup)),
        account_(std::move(account)),
        timer_(home.executor),
        user_(&user) {}

  // Before the first word.
  void open() {
    if (std::exchange(opened_, true)) return;
    auto& sink = static_cast<ObjectSink&>(*this);
    if (home_.gateway.leases && !account_.empty()) {
      connection_ = std::make_unique<AccountConnection>(home_, sink, setup_, account_);
    } else {
      connection_ = std::make_unique<PlacedConnection>(home_, sink, setup_);
    }
  }

  void limit(const std::shared_ptr<const TokenScope>& scope) {
    if (connection_) connection_->limit(scope);
  }
  void receive(Incoming&& object) {
    if (!connection_) return;
    if (verbose()) {
      read_message(object);
      logs::copy_object(setup_.number, logs::Direction::in, object.value);
    }
    connection_->receive(std::move(object), upstream::boot_time());
    wake();
  }
  void refuse(const std::string& id, const Failure& failure) {
    if (connection_) connection_->refuse(id, failure);
  }
  void set_above_high_watermark(bool above_high_watermark) {
    if (!connection_) return;
    connection_->set_above_high_watermark(above_high_watermark, upstream::boot_time());
    wake();
  }
  void end() {
    if (connection_) connection_->end();
  }
  // What is still on its way back may be the last to hold this, in the other thread.
  void close() {
    timer_.cancel();
    opened_ = true;
    if (const auto closed = std::exchange(connection_, nullptr)) closed->close();
  }
  // In the user's thread.
  void part() { user_ = nullptr; }

  // --- ObjectSink ---
  LongText& begin() override { return object_; }
  void complete(ObjectNote note) override {
    if (verbose()) logs::copy_text(setup_.number, logs::Direction::out, object_, 0);
    back([object = std::exchange(object_, {}), note, held = connection_ ? connection_->held() : 0](
             RemoteUser& user) mutable { user.on_reply(std::move(object), note, held); });
    wake();
  }
  void wake() override {
    if (!connection_) return;
    const auto due = connection_->deadline();
    if (!due) {
      armed_.reset();
      timer_.cancel();
      return;
    }
    if (armed_ && *armed_ <= *due) return;
    arm(*due);
  }
  void finish() override {
    if (setup_.shape == ReplyShape::api) return;
    back([](RemoteUser& user) { user.on_finished(); });
  }
  void reset(std::string_view why) override {
    back([why = std::string(why)](RemoteUser& user) mutable { user.on_reset(std::move(why)); });
  }

 private:
  void arm(mtproto::Time due) {
    armed_ = due;
    timer_.expires_after(std::max(due - upstream::boot_time(), mtproto::Duration::zero()));
    timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
      if (cancelled || !self->connection_) return;
      self->armed_.reset();
      self->connection_->tick(upstream::boot_time());
      self->wake();
    });
  }

  template <class Tell>
  void back(Tell tell) {
    asio::post(back_, [self = shared_from_this(), tell = std::move(tell)]() mutable {
      if (self->user_ != nullptr) tell(*self->user_);
    });
  }

  // What stands alone is copied where it is carried out, in the order of that.
  bool verbose() const {
    return setup_.stateless && setup_.moves == 0 && home_.gateway.options.verbose;
  }

  ThreadState& home_;
  const account::LiveAccounts::Lease lease_;
  const asio::any_io_executor back_;
  const ConnectionSetup setup_;
  const std::string account_;
  bool opened_ = false;
  std::unique_ptr<RequestTaker> connection_;  // none: not yet, or not any more
  asio::steady_timer timer_;
  std::optional<mtproto::Time> armed_;
  LongText object_;
  RemoteUser* user_;  // in its thread only; none: it has closed
};

RemoteConnection::RemoteConnection(ThreadState& from, account::LiveAccounts::Lease lease,
                                   RemoteUser& user, ConnectionSetup setup)
    : home_(lease ? *from.gateway.threads.at(lease.thread()) : from) {
  open(from, std::move(lease), user, std::move(setup), {});
}

RemoteConnection::RemoteConnection(ThreadState& from, ThreadState& home, RemoteUser& user,
                                   ConnectionSetup setup, std::string account)
    : home_(home) {
  open(from, {}, user, std::move(setup), std::move(account));
}

void RemoteConnection::open(ThreadState& from, account::LiveAccounts::Lease lease, RemoteUser& user,
                            ConnectionSetup setup, std::string account) {
  inner_ = std::make_shared<Inner>(from, home_, std::move(lease), user, std::move(setup),
                                   std::move(account));
}

RemoteConnection::~RemoteConnection() { close(); }

template <class Do>
void RemoteConnection::there(Do what) {
  if (!inner_) return;
  asio::post(home_.executor, [inner = inner_, what = std::move(what)]() mutable {
    const upstream::EventLoopTurn turn;
    inner->open();
    what(*inner);
  });
}

void RemoteConnection::limit(std::shared_ptr<const TokenScope> scope) {
  there([scope = std::move(scope)](Inner& inner) { inner.limit(scope); });
}

void RemoteConnection::receive(Incoming&& object) {
  there([object = std::move(object)](Inner& inner) mutable { inner.receive(std::move(object)); });
}

void RemoteConnection::receive_last(Incoming&& object) {
  there([object = std::move(object)](Inner& inner) mutable {
    inner.receive(std::move(object));
    inner.end();
  });
}

void RemoteConnection::refuse(std::string_view id, Failure failure) {
  there([id = std::string(id), failure = std::move(failure)](Inner& inner) {
    inner.refuse(id, failure);
  });
}

void RemoteConnection::set_above_high_watermark(bool above_high_watermark) {
  there([above_high_watermark](Inner& inner) {
    inner.set_above_high_watermark(above_high_watermark);
  });
}

void RemoteConnection::end() {
  there([](Inner& inner) { inner.end(); });
}

void RemoteConnection::close() {
  if (!inner_) return;
  inner_->part();
  asio::post(home_.executor, [inner = std::exchange(inner_, nullptr)] { inner->close(); });
}

ThreadState* thread_of_account(const Gateway& gateway, const Request& request) {
  if (!request.account || !gateway.store) return nullptr;
  const auto named = read_account_attribute(*request.account);
  if (!named || named->lets_go) return nullptr;
  return thread_of_account(gateway, named->name);
}

account::LiveAccounts::Lease thread_of_key(ThreadState& wanted, const mtproto::AuthKey& key) {
  return wanted.gateway.live.lease(key.id(), wanted.services.accounts.services().thread);
}

account::LiveAccounts::Lease any_thread_of_key(const Gateway& gateway,
                                               const mtproto::AuthKey& key) {
  const auto& threads = gateway.threads;
  if (threads.empty()) return {};
  return thread_of_key(*threads[static_cast<std::uint64_t>(key.id().value()) % threads.size()],
                       key);
}

}  // namespace server

#include "server/http/stateless_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/gateway/gateway.hpp"
#include "server/logs/verbose.hpp"

namespace server::http {

namespace asio = boost::asio;

// Lives at home. The connection in it is made there, too.
class StatelessConnection::Inner final : public ObjectSink,
                                         public std::enable_shared_from_this<Inner> {
 public:
  Inner(ThreadState& from, ThreadState& home, StatelessUser& user, const ConnectionSetup& setup)
      : home_(home), back_(from.executor), setup_(setup), timer_(home.executor), user_(&user) {}

  void open() { connection_ = make_connection(home_, *this, setup_); }

  void receive(Incoming&& object) {
    if (verbose()) logs::copy_object(setup_.number, logs::Direction::in, object.value);
    connection_->receive(std::move(object), upstream::boot_time());
    wake();
  }
  void refuse(const std::string& id, const Failure& failure, std::size_t bytes) {
    if (verbose()) logs::copy_length(setup_.number, logs::Direction::in, bytes);
    connection_->refuse(id, failure);
  }
  void end() { connection_->end(); }
  void close() {
    closed_ = true;
    connection_->close();
    timer_.cancel();
  }
  // In the user's thread.
  void part() { user_ = nullptr; }

  // --- ObjectSink ---
  LongText& begin() override { return object_; }
  void complete(bool) override {
    if (verbose()) logs::copy_text(setup_.number, logs::Direction::out, object_, 0);
    back([object = std::exchange(object_, {})](StatelessUser& user) mutable {
      user.on_reply(std::move(object));
    });
    wake();
  }
  void wake() override {
    if (closed_) return;
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
    back([](StatelessUser& user) { user.on_finished(); });
  }
  void reset(std::string_view why) override {
    back([why = std::string(why)](StatelessUser& user) mutable { user.on_reset(std::move(why)); });
  }

 private:
  void arm(mtproto::Time due) {
    armed_ = due;
    timer_.expires_after(std::max(due - upstream::boot_time(), mtproto::Duration::zero()));
    timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
      if (cancelled || self->closed_) return;
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

  bool verbose() const { return home_.gateway.options.verbose; }

  ThreadState& home_;
  const asio::any_io_executor back_;
  const ConnectionSetup setup_;
  std::shared_ptr<Connection> connection_;
  asio::steady_timer timer_;
  std::optional<mtproto::Time> armed_;
  LongText object_;
  StatelessUser* user_;  // in its thread only; none: it has closed
  bool closed_ = false;
};

ThreadState& StatelessConnection::home(ThreadState& from, const mtproto::AuthKey* key) {
  const auto& threads = from.gateway.threads;
  if (key == nullptr || threads.empty()) return from;
  return *threads[static_cast<std::uint64_t>(key->id().value()) % threads.size()];
}

StatelessConnection::StatelessConnection(ThreadState& from, ThreadState& home, StatelessUser& user,
                                         ConnectionSetup setup)
    : home_(home) {
  setup.stateless = true;
  inner_ = std::make_shared<Inner>(from, home, user, setup);
  there([](Inner& inner) { inner.open(); });
}

StatelessConnection::~StatelessConnection() { close(); }

template <class Do>
void StatelessConnection::there(Do what) {
  if (!inner_) return;
  asio::post(home_.executor, [inner = inner_, what = std::move(what)]() mutable { what(*inner); });
}

void StatelessConnection::receive(Incoming&& object) {
  there([object = std::move(object)](Inner& inner) mutable { inner.receive(std::move(object)); });
}

void StatelessConnection::refuse(std::string_view id, Failure failure, std::size_t bytes) {
  there([id = std::string(id), failure = std::move(failure), bytes](Inner& inner) {
    inner.refuse(id, failure, bytes);
  });
}

void StatelessConnection::end() {
  there([](Inner& inner) { inner.end(); });
}

void StatelessConnection::close() {
  if (!inner_) return;
  inner_->part();
  there([](Inner& inner) { inner.close(); });
  inner_.reset();
}

}  // namespace server::http

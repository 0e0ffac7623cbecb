#include "server/upstream/dial.hpp"

#include <netinet/tcp.h>

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <utility>

#include "server/upstream/token.hpp"

namespace server::upstream {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto head_start = std::chrono::milliseconds(250);
constexpr std::size_t most_at_once = 8;

std::string shown(const tcp::endpoint& at) {
  const auto host = at.address().to_string();
  const auto port = std::to_string(at.port());
  return at.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

// What was written and not acknowledged for so long is a dead link, whatever the retransmissions
// still hope for.
void set_options(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
  socket.set_option(UserTimeout(30'000), ignored);
}

// A socket that was connected asynchronously stays watched for room to write: every wait to read
// would come to an end for that, too.
void watch_anew(tcp::socket& socket) {
  error_code failed;
  const auto at = socket.local_endpoint(failed);
  if (failed) return;
  tcp::socket fresh(socket.get_executor());
  const auto descriptor = socket.release(failed);
  if (!failed) fresh.assign(at.protocol(), descriptor, failed);
  socket = std::move(fresh);
}

// Addresses are tried in their order, each with a head start on the next; the first connection
// that stands wins, the others are given up.
class Race : public std::enable_shared_from_this<Race> {
 public:
  Race(const asio::any_io_executor& executor, std::vector<Address> addresses)
      : executor_(executor),
        addresses_(std::move(addresses)),
        resolver_(executor),
        limit_(executor),
        head_start_(executor),
        over_(executor, asio::steady_timer::time_point::max()),
        out_{tcp::socket(executor), asio::error::host_not_found, {}} {}

  void start(std::chrono::milliseconds timeout) {
    limit_.expires_after(timeout);
    limit_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->stop();
    });
    next();
  }
  void stop() { end(asio::error::timed_out); }
  bool is_over() const { return is_over_; }
  asio::steady_timer& over() { return over_; }
  Dialled take() { return std::move(out_); }

 private:
  using Runner = std::shared_ptr<tcp::socket>;

  void next() {
    if (is_over_ || running_.size() >= most_at_once) return;
    if (endpoints_.empty()) return find();
    const auto endpoint = endpoints_.front();
    endpoints_.pop_front();
    run(endpoint);
    head_start_.expires_after(head_start);
    head_start_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->next();
    });
  }

  // Where the next address is, or that there is none.
  void find() {
    if (finding_) return;
    if (found_ == addresses_.size()) {
      if (running_.empty()) end(out_.why);
      return;
    }
    const auto& address = addresses_[found_++];
    error_code is_name;
    const auto ip = asio::ip::make_address(address.host, is_name);
    if (!is_name) {
      endpoints_.emplace_back(ip, address.port);
      return next();
    }
    finding_ = true;
    const auto port = std::to_string(address.port);
    out_.where = address.host + ":" + port;
    auto done = [self = shared_from_this()](error_code failed, const auto& found) {
      self->finding_ = false;
      if (failed) self->out_.why = failed;
      for (const auto& entry : found) self->endpoints_.push_back(entry.endpoint());
      self->next();
    };
    resolver_.async_resolve(address.host, port, tcp::resolver::numeric_service, std::move(done));
  }

  void run(const tcp::endpoint& to) {
    const auto runner = running_.emplace_back(std::make_shared<tcp::socket>(executor_));
    out_.where = shown(to);
    runner->async_connect(to, [self = shared_from_this(), runner, to](error_code failed) {
      if (self->is_over_) return;
      std::erase(self->running_, runner);
      self->out_.where = shown(to);
      if (!failed) {
        self->out_.socket = std::move(*runner);
        return self->end({});
      }
      self->out_.why = failed;
      self->next();
    });
  }

  void end(error_code why) {
    if (is_over_) return;
    is_over_ = true;
    out_.why = why;
    limit_.cancel();
    head_start_.cancel();
    resolver_.cancel();
    error_code ignored;
    for (const auto& runner : running_) runner->close(ignored);
    running_.clear();
    over_.cancel();
  }

  asio::any_io_executor executor_;
  const std::vector<Address> addresses_;
  std::size_t found_ = 0;                // of the addresses
  std::deque<tcp::endpoint> endpoints_;  // that were found and not tried
  std::vector<Runner> running_;
  tcp::resolver resolver_;
  asio::steady_timer limit_;
  asio::steady_timer head_start_;
  asio::steady_timer over_;  // wakes who waits
  Dialled out_;
  bool finding_ = false;
  bool is_over_ = false;
};

}  // namespace

void DialStop::stop() {
  stopped_ = true;
  if (cancel_) cancel_();
}

asio::awaitable<Dialled> dial(std::vector<Address> addresses, std::chrono::milliseconds timeout,
                              std::shared_ptr<DialStop> stop) {
  const auto executor = co_await asio::this_coro::executor;
  const auto race = std::make_shared<Race>(executor, std::move(addresses));
  stop->cancel_ = [race] { race->stop(); };
  if (stop->stopped_) {
    race->stop();
  } else {
    race->start(timeout);
  }
  if (!race->is_over()) co_await race->over().async_wait(token);
  stop->cancel_ = nullptr;
  auto out = race->take();
  if (!out.why) {
    watch_anew(out.socket);
    set_options(out.socket);
  }
  co_return out;
}

}  // namespace server::upstream

#include "server/upstream/pump.hpp"

#include <time.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/upstream/borrowed_buffer.hpp"

namespace server::upstream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr auto linger_time = std::chrono::seconds(1);
constexpr std::size_t longest_turn = std::size_t{1} << 20;

}  // namespace

mtproto::Time boot_time() {
  timespec at{};
  ::clock_gettime(CLOCK_BOOTTIME, &at);
  return mtproto::Time(std::chrono::microseconds(at.tv_sec * 1'000'000 + at.tv_nsec / 1'000));
}

mtproto::UnixTime wall_time() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Pump::Pump(Socket socket, Machine& machine, WorkPool& pool)
    : socket_(std::move(socket)),
      machine_(machine),
      pool_(pool),
      bell_(socket_.get_executor(), asio::steady_timer::time_point::max()) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
}

asio::awaitable<error_code> Pump::run() {
  const auto self = shared_from_this();
  if (!paused_) start_reading();
  step(boot_time());  // the machine may have been busy before
  co_await write();
  co_await linger();
  over_ = true;
  co_return why_;
}

void Pump::start_reading() {
  reading_ = true;
  auto finished = [self = shared_from_this()](const std::exception_ptr& failure) {
    self->reading_ = false;
    if (failure) self->close(asio::error::no_memory);
    if (self->lingering_) self->bell_.cancel();
  };
  asio::co_spawn(socket_.get_executor(), read(), std::move(finished));
}

asio::awaitable<void> Pump::read() {
  while (!ended_ && !over_) {
    // Waiting holds no buffer; it is borrowed for the moment in which there is something.
    const auto [failed] = co_await socket_.async_wait(Socket::wait_read, token);
    if (failed || over_ || (paused_ && !closed_)) co_return;
    const auto buffer = borrowed_buffer();
    error_code why;
    const auto size = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), why);
    if (why == asio::error::would_block || why == asio::error::try_again) continue;
    const auto now = boot_time();
    if (why) ended_ = true;
    if (closed_) continue;  // lingering: read and forgotten
    if (!why) {
      if (count_in_ != nullptr) count_in_->add(size);
      machine_.receive(buffer.first(size), now);
    } else if (why != asio::error::eof || !machine_.end(now)) {
      close(why);
      continue;
    }
    step(now);
    ring();
  }
}

asio::awaitable<void> Pump::write() {
  while (true) {
    for (auto out = machine_.output(); !out.empty(); out = machine_.output()) {
      const auto size = out.size();
      const auto failed = co_await send(out);
      if (failed) {
        close(failed);
        error_code ignored;
        socket_.close(ignored);
        co_return;
      }
      if (count_out_ != nullptr) count_out_->add(size);
      machine_.written();
      if (closed_) {
        said_last_ = true;
      } else {
        step(boot_time());  // that it was written can be news
      }
    }
    if (closed_) co_return;

    set_bell();
    co_await bell_.async_wait(token);
    if (closed_) continue;
    const auto now = boot_time();
    if (const auto due = machine_.deadline(); due && *due <= now) machine_.tick(now);
    step(now);
  }
}

void Pump::set_bell() {
  if (const auto deadline = machine_.deadline()) {
    bell_.expires_after(std::max(*deadline - boot_time(), mtproto::Duration::zero()));
  } else {
    bell_.expires_at(asio::steady_timer::time_point::max());
  }
}

asio::awaitable<error_code> Pump::send(tl::ByteView out) {
  error_code why;
  const auto size = socket_.write_some(asio::buffer(out.data(), out.size()), why);
  if (why && why != asio::error::would_block && why != asio::error::try_again) co_return why;
  sent_in_a_row_ += size;
  if (size == out.size() && sent_in_a_row_ < longest_turn) co_return error_code();
  sent_in_a_row_ = 0;
  watch();
  why = co_await send_rest(out.subspan(size));
  ++watch_;
  co_return why;
}

asio::awaitable<error_code> Pump::send_rest(tl::ByteView out) {
  while (true) {
    const auto [failed] = co_await socket_.async_wait(Socket::wait_write, token);
    if (failed) co_return failed;
    error_code why;
    const auto size = socket_.write_some(asio::buffer(out.data(), out.size()), why);
    if (why == asio::error::would_block || why == asio::error::try_again) continue;
    if (why) co_return why;
    out = out.subspan(size);
    if (out.empty()) co_return error_code();
    machine_.moved(boot_time());
  }
}

// The peer may take its time to read, or for ever; the machine's deadlines hold all the same.
void Pump::watch() {
  if (closed_) return;
  set_bell();
  bell_.async_wait([self = shared_from_this(), number = watch_](error_code) {
    if (number != self->watch_ || self->closed_) return;
    const auto now = boot_time();
    if (const auto due = self->machine_.deadline(); due && *due <= now) {
      self->machine_.tick(now);
      self->step(now);
    }
    self->watch();
  });
}

// A socket closed with something unread in it resets the connection, which can take our last words
// away from the peer: say that we are at the end and read on until the peer is, too.
asio::awaitable<void> Pump::linger() {
  lingering_ = true;
  error_code ignored;
  if (said_last_ && !ended_) {
    socket_.shutdown(Socket::shutdown_send, ignored);
    while (reading_ && bell_.expiry() > asio::steady_timer::clock_type::now()) {
      co_await bell_.async_wait(token);
    }
  }
  socket_.close(ignored);
  bell_.expires_at(asio::steady_timer::time_point::max());
  while (reading_) co_await bell_.async_wait(token);
}

void Pump::ring() {
  if (!closed_) bell_.cancel();
}

void Pump::close(error_code why, bool linger) {
  if (closed_) return;
  closed_ = true;
  said_last_ = linger;
  why_ = why;
  bell_.expires_after(linger_time);  // wakes the writer
  auto late = [self = shared_from_this()](error_code stopped) {
    if (stopped || self->over_) return;
    error_code ignored;
    self->socket_.close(ignored);
  };
  bell_.async_wait(std::move(late));
}

void Pump::pause(bool paused) {
  paused_ = paused;
  if (!paused_ && !reading_ && !ended_ && !closed_) start_reading();
}

void Pump::step(mtproto::Time now) {
  machine_.on_step(now);
  if (closed_) return;
  for (auto& work : machine_.take_work()) work_.push_back(std::move(work));
  start_work();
}

// One at a time, so that results come back in their order.
void Pump::start_work() {
  if (working_ || work_.empty() || closed_) return;
  working_ = true;
  auto work = std::move(work_.front());
  work_.pop_front();
  auto done = [self = shared_from_this()](std::unique_ptr<mtproto::Work> result) {
    self->working_ = false;
    if (self->closed_) return;
    const auto now = boot_time();
    self->machine_.done(std::move(result), now);
    self->step(now);
    self->ring();
  };
  pool_.run(std::move(work), socket_.get_executor(), std::move(done));
}

}  // namespace server::upstream

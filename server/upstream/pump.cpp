#include "server/upstream/pump.hpp"

#include <time.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

#include "server/upstream/borrowed_buffer.hpp"
#include "server/upstream/event_loop_turn.hpp"
#include "server/upstream/running_pumps.hpp"
#include "server/upstream/token.hpp"

namespace server::upstream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto linger_time = std::chrono::seconds(1);
constexpr std::size_t longest_turn = std::size_t{256} << 10;

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
    : all_(RunningPumps::of(socket.get_executor())),
      socket_(std::move(socket)),
      machine_(machine),
      pool_(pool),
      to_the_end_(socket_.is_local()) {}

void Pump::start(std::shared_ptr<void> owner) {
  all_.add(shared_from_this(), std::move(owner));
  running_ = true;
  if (closed_) arm(boot_time() + linger_time, linger_time);
  if (const auto failed = all_.poller().add(socket_.number(), *this)) close(failed);
  unseen_ = true;  // the machine may have been busy before
  enqueue();
}

asio::awaitable<error_code> Pump::run() {
  const auto self = shared_from_this();
  asio::steady_timer bell(all_.executor(), asio::steady_timer::time_point::max());
  over_bell_ = &bell;
  start(nullptr);
  while (!over_) co_await bell.async_wait(token);
  co_return why_;
}

// --- reading ---

void Pump::on_ready(Readiness ready) noexcept {
  if (over_) return;
  if (ready.input) unread_ = true;
  if (ready.more) to_the_end_ = true;
  try {
    if (ready.room && writing_) writable();
    if (!reading_) read_if_due();
  } catch (...) {
    fail(asio::error::no_memory);
  }
}

// A buffer is borrowed for the moment in which there is something.
void Pump::read_if_due() {
  if (!unread_ || over_ || ended_ || (paused_ && !closed_)) return;
  {
    const EventLoopTurn turn;
    try {
      read();
    } catch (...) {
      close(asio::error::no_memory);
    }
  }
  if (ended_ && ending_) return end_now();
  if (unread_) read_next_turn();
}

void Pump::read() {
  const auto whole = borrowed_buffer();
  const auto buffer = whole.first(std::min(whole.size(), machine_.appetite()));
  error_code why;
  const auto size = socket_.read(buffer, why);
  // epoll(7): of what comes to a stream behind a short read it tells.
  if (why || (size < buffer.size() && !to_the_end_)) unread_ = false;
  if (why == asio::error::would_block) return;
  if (why) ended_ = true;
  if (size > 0) heard_ = true;
  if (closed_) return;  // lingering: read and forgotten
  const auto now = boot_time();
  if (!why) {
    if (count_in_ != nullptr) count_in_->add(size);
    machine_.receive(buffer.first(size), now);
  } else if (why != asio::error::eof || !machine_.end(now)) {
    return close(why);
  }
  step(now);
  enqueue();
}

// Others first.
void Pump::read_next_turn() {
  if (reading_ || over_ || ended_ || !running_ || (paused_ && !closed_)) return;
  reading_ = true;
  asio::post(all_.executor(), [self = shared_from_this()] {
    self->reading_ = false;
    self->read_if_due();
  });
}

void Pump::pause(bool paused) {
  paused_ = paused;
  if (unread_) read_next_turn();
}

// --- waking ---

void Pump::wake() {
  unseen_ = true;
  if (!closed_) enqueue();
}

void Pump::enqueue() {
  if (woken_ || !running_) return;
  woken_ = true;
  if (EventLoopTurn::within()) return EventLoopTurn::at_end(shared_from_this());
  asio::post(all_.executor(), [self = shared_from_this()] {
    const EventLoopTurn turn;
    self->answer_bell();
  });
}

void Pump::answer_bell() noexcept {
  woken_ = false;
  if (over_) return;
  try {
    answer();
  } catch (...) {
    fail(asio::error::no_memory);
  }
}

void Pump::answer() {
  const auto now = boot_time();
  if (!closed_) {
    if (const auto due = machine_.deadline(); due && *due <= now) {
      machine_.tick(now);
      unseen_ = true;
    }
    if (unseen_) step(now);
  }
  if (!writing_) write_out(now);
  if (closed_ && !writing_) return end();
  if (!closed_) set_timer(now);
}

// --- writing ---

void Pump::write_out(mtproto::Time now) {
  for (auto out = machine_.output(); !out.empty(); out = machine_.output()) {
    writing_size_ = out.size();
    rest_ = out;
    if (!write_rest()) return;
    wrote(now);
  }
}

// True where all of it is written, and others need not have their turn first.
bool Pump::write_rest() {
  error_code why;
  const auto size = socket_.write(rest_, why);
  if (why && why != asio::error::would_block) {
    fail(why);
    return false;
  }
  rest_ = rest_.subspan(size);
  sent_in_a_row_ += size;
  if (rest_.empty() && sent_in_a_row_ < longest_turn) return true;
  sent_in_a_row_ = 0;
  wait_to_write();
  return false;
}

// The peer may take its time to read, or for ever; the machine's deadlines hold all the same.
void Pump::wait_to_write() {
  writing_ = true;
  if (const auto failed = all_.poller().want_room(socket_.number(), *this)) fail(failed);
}

void Pump::writable() {
  writing_ = false;
  if (over_ || ending_) return;
  const EventLoopTurn turn;
  const auto now = boot_time();
  if (!rest_.empty()) {
    const auto before = rest_.size();
    if (!write_rest() && !rest_.empty()) {
      if (rest_.size() < before && !ending_) machine_.moved(now);
      return;
    }
    if (writing_) return;  // others first
  }
  try {
    wrote(now);
    enqueue();
  } catch (...) {
    fail(asio::error::no_memory);
  }
}

void Pump::wrote(mtproto::Time now) {
  if (count_out_ != nullptr) count_out_->add(writing_size_);
  machine_.written();
  if (closed_) {
    said_last_ = true;
  } else {
    step(now);  // that it was written can be news
  }
}

// --- time ---

void Pump::set_timer(mtproto::Time now) {
  const auto due = machine_.deadline();
  if (!due) return;
  // One that should have come already was set before the machine slept.
  if (timer_due_ && *timer_due_ <= *due && *timer_due_ > now) return;
  arm(*due, std::max(*due - now, mtproto::Duration::zero()));
}

void Pump::arm(mtproto::Time at, mtproto::Duration in) {
  timer_due_ = at;
  if (running_) all_.wake_in(*this, in);
}

void Pump::time_came() {
  if (closed_) return fail({});
  timer_due_.reset();
  enqueue();
}

// --- the end ---

void Pump::close(error_code why, bool linger) {
  if (closed_) return;
  closed_ = true;
  said_last_ = linger;
  why_ = why;
  arm(boot_time() + linger_time, linger_time);
  enqueue();
}

// Nothing can be said any more.
void Pump::fail(const error_code& why) {
  if (!std::exchange(closed_, true)) why_ = why;
  ending_ = true;
  end_now();
}

// A socket closed with something unread in it resets the connection, which can take our last words
// away from the peer: say that we are at the end and read on until the peer is, too.
void Pump::end() {
  if (std::exchange(ending_, true)) return;
  if (!said_last_ || ended_) return end_now();
  socket_.shutdown_send();
  if (unread_) read_next_turn();
}

void Pump::end_now() {
  if (over_) return;
  over_ = true;
  const auto self = shared_from_this();
  all_.poller().remove(socket_.number());
  socket_.close();
  auto owner = all_.remove(*this);
  // Whoever waits in run() is told by its end, and may take the machine along.
  if (over_bell_ != nullptr) return static_cast<void>(over_bell_->cancel());
  asio::post(all_.executor(),
             [self, owner = std::move(owner)] { self->machine_.on_over(self->why_); });
}

// --- the machine ---

void Pump::step(mtproto::Time now) {
  unseen_ = false;
  machine_.on_step(now);
  if (closed_) return;
  auto more = machine_.take_work();
  if (more.empty()) return;
  std::move(more.begin(), more.end(), std::back_inserter(work_));
  start_work();
}

// One at a time, so that results come back in their order.
void Pump::start_work() {
  if (working_ || work_.empty() || closed_) return;
  working_ = true;
  auto work = std::move(work_.front());
  work_.erase(work_.begin());
  auto done = [self = shared_from_this()](std::unique_ptr<mtproto::Work> result) {
    self->working_ = false;
    if (self->closed_) return;
    const EventLoopTurn turn;
    const auto now = boot_time();
    self->machine_.done(std::move(result), now);
    self->step(now);
    self->start_work();
    self->enqueue();
  };
  pool_.run(std::move(work), all_.executor(), std::move(done));
}

}  // namespace server::upstream

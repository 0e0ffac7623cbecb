// Drives a machine (mtproto::Session, mtproto::Host, a client's channel) over a connected socket:
// reads, writes once a turn of the loop, one timer for the machine's deadlines, slow work handed to
// the pool. The machine's owner looks at its events after each step, in on_step().
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "mtproto/framing/kept_room.hpp"
#include "mtproto/time.hpp"
#include "server/metering/traffic.hpp"
#include "server/upstream/socket_poller.hpp"
#include "server/upstream/stream_socket.hpp"
#include "server/upstream/work_pool.hpp"
#include "tl/bytes.hpp"

namespace server::upstream {

// CLOCK_BOOTTIME, and the wall clock.
mtproto::Time boot_time();
mtproto::UnixTime wall_time();

// The face that a pump wants of a machine.
class Machine {
 public:
  virtual ~Machine() = default;
  virtual void receive(tl::ByteView bytes, mtproto::Time now) = 0;
  // So much is read at a time, at most.
  virtual std::size_t appetite() const { return std::size_t{64} << 10; }
  virtual void tick(mtproto::Time now) = 0;
  virtual std::optional<mtproto::Time> deadline() const = 0;
  // What is to be written now, in one piece; empty: nothing. It stays where it is until written().
  virtual tl::ByteView output() = 0;
  virtual void written() = 0;
  // The peer took some more of an output that it had not had room for.
  virtual void moved(mtproto::Time) {}
  virtual mtproto::WorkList take_work() { return {}; }
  virtual void done(std::unique_ptr<mtproto::Work>, mtproto::Time) {}
  // The peer closed its sending side. True: there is still something to say; the machine's owner
  // closes the pump.
  virtual bool end(mtproto::Time) { return false; }
  // After each of the above, and after a wake: look at the events. May wake or close the pump.
  virtual void on_step(mtproto::Time now) = 0;
  // The pump that was started is over, and why; the last that is heard of it.
  virtual void on_over(const boost::system::error_code&) {}
};

// Wraps anything that has the machine's functions but on_step().
template <class Core>
class MachineAround : public Machine {
 public:
  explicit MachineAround(Core& core) : core_(core) {}
  void receive(tl::ByteView bytes, mtproto::Time now) override { core_.receive(bytes, now); }
  void tick(mtproto::Time now) override { core_.tick(now); }
  std::optional<mtproto::Time> deadline() const override { return core_.deadline(); }
  tl::ByteView output() override {
    if (out_.empty()) core_.take_output(out_);
    return out_;
  }
  void written() override { mtproto::forget_bytes(out_); }
  void moved(mtproto::Time now) override {
    if constexpr (requires { core_.moved(now); }) core_.moved(now);
  }
  mtproto::WorkList take_work() override { return core_.take_work(); }
  void done(std::unique_ptr<mtproto::Work> work, mtproto::Time now) override {
    core_.done(std::move(work), now);
  }

 private:
  Core& core_;
  tl::Bytes out_;
};

// The same with somebody's on_step.
template <class Core>
class MachineOf final : public MachineAround<Core> {
 public:
  MachineOf(Core& core, std::function<void(mtproto::Time)> on_step)
      : MachineAround<Core>(core), on_step_(std::move(on_step)) {}
  void on_step(mtproto::Time now) override { on_step_(now); }

 private:
  std::function<void(mtproto::Time)> on_step_;
};

class RunningPumps;

class Pump : public std::enable_shared_from_this<Pump> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;

  // Takes a TCP or a Unix socket. The machine outlives all until it is over. Made by
  // std::make_shared.
  Pump(Socket socket, Machine& machine, WorkPool& pool);

  // Bytes read and written are added to these, which outlive run().
  void count(Count& in, Count& out) {
    count_in_ = &in;
    count_out_ = &out;
  }

  // Goes on until the socket or close() ends it, which the machine is told by on_over(), never from
  // within. What the machine still has to write after close() is written first, for at most a second.
  // `owner` of the machine is held until then. (No coroutine waits for that: its frames would be a
  // part of every idle connection.)
  void start(std::shared_ptr<void> owner);
  // The same for who has a coroutine anyway: it returns the reason, in the place of on_over().
  boost::asio::awaitable<boost::system::error_code> run();

  // The machine was given something from outside: at the end of this turn its events are looked at,
  // what it has to say is written, and its deadline looked at again.
  void wake();
  // With `linger` the peer is given that second to read our last words and to hang up itself.
  void close(boost::system::error_code why = {}, bool linger = false);
  // While paused nothing is read (writing and ticks go on).
  void pause(bool paused);
  // Whether the peer has said anything.
  bool heard() const { return heard_; }

 private:
  friend class EventLoopTurn;
  friend class RunningPumps;
  friend class SocketPoller;

  void on_ready(Readiness ready) noexcept;
  void read_if_due();
  void read();
  void read_next_turn();

  void enqueue();
  void answer_bell() noexcept;
  void answer();
  void write_out(mtproto::Time now);
  bool write_rest();
  void wait_to_write();
  void writable();
  void wrote(mtproto::Time now);

  void set_timer(mtproto::Time now);
  void arm(mtproto::Time at, mtproto::Duration in);
  void time_came();

  void fail(const boost::system::error_code& why);
  void end();
  void end_now();
  void step(mtproto::Time now);
  void start_work();

  RunningPumps& all_;
  StreamSocket socket_;
  Machine& machine_;
  WorkPool& pool_;
  std::size_t place_ = 0;  // among them
  // Set for the earliest deadline so far. One that is put off with every message is looked at again
  // when that comes, and costs nothing until then.
  std::optional<mtproto::Time> timer_due_;
  boost::asio::steady_timer* over_bell_ = nullptr;  // of run()
  boost::system::error_code why_;
  Count* count_in_ = nullptr;
  Count* count_out_ = nullptr;
  mtproto::WorkList work_;
  tl::ByteView rest_;              // of the output that is being written
  std::size_t writing_size_ = 0;   // all of that
  std::size_t sent_in_a_row_ = 0;  // without a turn for the others of this thread
  bool working_ = false;           // one piece of the work is out
  bool running_ = false;
  bool woken_ = false;       // is to answer at the end of this turn, or in one to come
  bool unseen_ = false;      // the machine was given something since the last step
  bool unread_ = false;      // there may be something to read, or the end
  bool to_the_end_ = false;  // a short read does not say that nothing is left
  bool reading_ = false;     // in the next turn
  bool writing_ = false;     // waits for room
  bool ended_ = false;       // nothing more will come from the peer
  bool paused_ = false;
  bool closed_ = false;
  bool said_last_ = false;  // something was written after close()
  bool ending_ = false;     // nothing more is written
  bool heard_ = false;
  bool over_ = false;  // run() returns: the machine may be gone
};

}  // namespace server::upstream

// Stands between a Host and its socket, sees whole frames of both directions in whatever framing
// the client speaks, and lets happen to them what Faults says:
//
//   socket ⇄ outer transport ⇄ frames, delayed, dropped … ⇄ inner transport ⇄ Host
//
// It has a machine's functions, so that a pump can drive it in the Host's place.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "mtproto/framing/transport.hpp"
#include "mtproto/host/host.hpp"
#include "server/sandbox/faults/faults.hpp"

namespace server::sandbox {

class Tamper {
 public:
  Tamper(mtproto::Host& host, const mtproto::KeyRing& ring, Faults& faults, tl::Random& random);

  // --- as of a machine ---
  void receive(tl::ByteView bytes, mtproto::Time now);
  void tick(mtproto::Time now);
  std::optional<mtproto::Time> deadline() const;
  bool take_output(tl::Bytes& out);
  mtproto::WorkList take_work() { return host_.take_work(); }
  void done(std::unique_ptr<mtproto::Work> work, mtproto::Time now);

  // --- from whoever looks at the events ---
  void set_time(mtproto::Time now) { now_ = now; }
  // What a rule wants of the frame that goes out next, and of that which comes in next.
  void mark(const FrameFate& answer, const FrameFate& next);
  // "I know no such key", in four bytes.
  void refuse_key();
  // The connection is to be closed after what take_output() still gives.
  bool over() const { return over_; }

 private:
  struct Frame {
    mtproto::Time due;
    tl::Bytes payload;
  };
  struct Lane {
    std::deque<Frame> frames;
    std::optional<Frame> held;  // until another has passed it
  };

  void up(tl::ByteView packet);
  void pass_up();
  void down(tl::ByteView packet);
  void take_from_host();
  void put(Lane& lane, const FrameFate& fate, tl::Bytes payload);
  bool due(Lane& lane);
  void end();

  mtproto::Host& host_;
  const mtproto::KeyRing& ring_;
  Faults& faults_;
  tl::Random& random_;
  mtproto::Transport outer_;
  mtproto::Transport inner_;
  mtproto::Time now_{};
  Lane up_;
  Lane down_;
  FrameFate marked_up_;
  FrameFate marked_down_;
  tl::Bytes out_;
  bool silent_ = false;
  bool over_ = false;
};

}  // namespace server::sandbox

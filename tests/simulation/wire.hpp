// One connection between the client and a host of the data centre, with whoever sits in between: it
// sees whole frames of both ways in whatever framing the client speaks, reads them with the keys, and
// lets happen to them what the rates of the phase say.
//
//   client ⇄ outer transport ⇄ frames, dropped, repeated … ⇄ inner transport ⇄ lanes ⇄ host
#pragma once

#include <memory>
#include <optional>

#include "mtproto/framing/transport.hpp"
#include "tests/simulation/lane.hpp"
#include "tests/simulation/watch.hpp"

namespace simulation {

// Whoever holds one end.
class End {
 public:
  virtual ~End() = default;
  virtual void arrived(tl::ByteView bytes) = 0;
  virtual void ended() = 0;
};

// A session of the same key that is not the client's.
inline constexpr mtproto::SessionId stranger{0x5712a9e5};

class Wire : public std::enable_shared_from_this<Wire> {
 public:
  // Frames that arrived, for replays.
  struct Frame {
    mtproto::Time time;
    Bytes payload;
  };
  using Past = std::deque<Frame>;

  Wire(Scene& scene, Watch& watch, Past& past_down, const mtproto::ClientTransport& transport,
       std::uint64_t number);
  void join(std::weak_ptr<End> client, std::weak_ptr<End> host);

  void client_wrote(ByteView bytes);
  void host_wrote(ByteView bytes);
  void client_closed();
  void host_closed();
  // The network's doing.
  void cut();
  void fall_silent();
  std::uint64_t number() const { return number_; }

 private:
  struct Hold {
    std::optional<Bytes> frame;
  };

  void up(Bytes frame);
  void down(Bytes frame);
  // What may happen to any frame; false where it does not go on.
  bool survives(const FrameRates& rates, bool upwards, Bytes& frame);
  void pass(const FrameRates& rates, bool upwards, Bytes frame);
  void emit(bool upwards, const Bytes& frame, mtproto::Duration extra = {});
  void emit_held(bool upwards);
  void lose(const char* how, bool upwards);
  bool refused(const mtproto::Incoming& incoming, Bytes& frame);
  void forget_session();
  void inject_question();
  void say_as_server(mtproto::SessionId session, const Bytes& body);
  void remember(Past& frames, const Bytes& frame, mtproto::Duration longest);
  Past& past(bool upwards) { return upwards ? past_up_ : past_down_; }
  Lane& lane(bool upwards) { return upwards ? *up_ : *down_; }
  Hold& hold(bool upwards) { return upwards ? held_up_ : held_down_; }

  Scene& scene_;
  Watch& watch_;
  Past past_up_;     // of this connection …
  Past& past_down_;  // … and of all
  std::uint64_t number_;
  SeededRandom random_;
  mtproto::Transport outer_;
  mtproto::Transport inner_;
  std::shared_ptr<Lane> up_;
  std::shared_ptr<Lane> down_;
  Hold held_up_;
  Hold held_down_;
  bool doomed_ = false;  // it lost a frame and will be cut
};

}  // namespace simulation

// WebSocket (RFC 6455) on a connection: one JSON object a message, both ways. The protocol is
// Beast's; how long a silent peer is waited for is decided here, since only the socket's driver
// knows whether the peer still reads.
#pragma once

#include <string>

#include "server/channel/admission_gate.hpp"
#include "server/channel/channel.hpp"
#include "server/channel/object_reader.hpp"

namespace server::channel {

// What of the request that asks for a WebSocket its answer depends on.
struct Handshake {
  std::string key;         // Sec-WebSocket-Key
  std::string extensions;  // Sec-WebSocket-Extensions
};

class WebSocket final : public Channel, public ObjectSink, public ObjectTaker {
 public:
  // A peer that says nothing is asked for a sign of life after the first, reset after the
  // second.
  static constexpr mtproto::Duration ping_after = std::chrono::seconds(25);
  static constexpr mtproto::Duration silent_after = std::chrono::seconds(55);
  // What a closing handshake may take.
  static constexpr mtproto::Duration close_time = std::chrono::seconds(2);
  // At the end, for each piece of what is still to be sent.
  static constexpr mtproto::Duration read_time = std::chrono::seconds(30);

  WebSocket(ThreadState&, ByteSink&, Caller caller, ConnectionSetup setup, const Handshake&,
            mtproto::Time now);
  ~WebSocket() override;

  void receive(tl::ByteView bytes, mtproto::Time now) override;
  void end(mtproto::Time now) override;
  void tick(mtproto::Time now) override;
  std::optional<mtproto::Time> deadline() const override;
  void progressed(mtproto::Time now) override;
  void written(mtproto::Time now) override;
  void set_above_high_watermark(bool above_high_watermark) override;
  void drain() override;
  void leave() override;
  void close() override;
  std::size_t held() const override;
  std::size_t memory_usage() const override;

 private:
  class Core;
  class RestingCores;

  LongText& begin() override { return object_; }
  void complete(ObjectNote note) override;
  void update_usage() override { byte_sink_.update_usage(); }
  void wake() override { byte_sink_.wake(); }
  void finish() override;
  void reset(std::string_view why) override { byte_sink_.reset(why); }

  void on_object(Incoming&&) override;
  void on_failure(std::string_view id, const Failure&, std::size_t bytes) override;
  void on_end() override { gate_.end(); }
  void on_busy(bool busy) override;

  Core& core();
  void let_go();
  void ping();
  void look_at_room();
  void set_full(bool full);
  void all_asked();
  void say_goodbye(std::uint16_t code, std::string_view reason);
  void give_time_to_close(mtproto::Time now);
  void over();

  ThreadState& thread_;
  ByteSink& byte_sink_;
  AdmissionGate gate_;
  ObjectReader reader_;
  RestingCores& resting_;
  std::shared_ptr<Core> core_;  // none: nothing is under way
  LongText object_;             // the one that is being written
  mtproto::Time heard_;
  mtproto::Time pinged_;
  std::optional<mtproto::Time> close_by_;
  bool full_ = false;       // enough has come that was not read yet
  bool busy_ = false;       // a long message is being read elsewhere
  bool all_asked_ = false;  // by the peer, which has closed its side
  bool draining_ = false;
};

}  // namespace server::channel

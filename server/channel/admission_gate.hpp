// Objects from a client on one side, a Connection on the other, and between them what every channel
// of objects asks: a token in the first one where the gateway wants any, copies for --verbose.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/access/connection_limiter.hpp"
#include "server/access/peer.hpp"
#include "server/gateway/node_session.hpp"
#include "server/gateway/placed_connection.hpp"
#include "server/gateway/thread_state.hpp"
#include "server/protocol/object_sink.hpp"

namespace server {

// What is known of a client before its first object.
struct Caller {
  Peer peer;
  std::uint64_t number = 0;
  bool admitted = false;                      // it has shown a token already
  std::optional<mtproto::Time> token_by;      // until then it has to, where one is wanted
  access::ConnectionSlot place;               // among those of its address
  std::shared_ptr<const TokenScope> scope{};  // of the token that was shown; none: all is allowed
};

// The first object of another node of the same store says so instead.
class AdmissionGate {
 public:
  // Of an object, while a token is wanted.
  static constexpr std::size_t longest_before_token = 4096;

  AdmissionGate(ThreadState&, ObjectSink&, Caller caller, ConnectionSetup setup);

  void take(Incoming&& object);
  void refuse(std::string_view id, const Failure&, std::size_t bytes);
  // Called with what was appended for one object, from `begin` on, before it is framed.
  void copy_out(const LongText& text, std::size_t begin) const;

  // Nothing more will come from the client.
  void end();
  // The same, where its last request may have been refused.
  void finish() { connection_.end(); }
  // The client is gone.
  void close();
  // The client does not read (or does again).
  void set_above_high_watermark(bool above_high_watermark);
  // Bytes of replies that wait for others under the same id, which are on the meter.
  std::size_t held() const { return connection_.held(); }
  void tick(mtproto::Time now);
  std::optional<mtproto::Time> deadline() const;

  // How long the text of the next object may be.
  std::size_t longest() const;

 private:
  // What is said to who is not let in, once guesses have waited.
  struct Refusal {
    std::string id;
    Failure failure;
    mtproto::Time at;
  };

  bool admit(const Incoming& object);
  bool admit_node(const tl::Value& shown);
  void turn_away(Refusal refusal);
  void say_refusal();

  ThreadState& thread_;
  ObjectSink& sink_;
  Caller caller_;
  bool refused_ = false;
  std::unique_ptr<Refusal> refusal_;  // waits
  PlacedConnection connection_;
  std::unique_ptr<NodeSession> node_;  // it is no client, but another node
  bool spoken_ = false;
};

}  // namespace server

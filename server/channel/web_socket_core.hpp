// Beast's half of a WebSocket: frames into text and back, in turns of the thread that are short
// whatever was sent. Handlers under way hold on to it; the channel may be gone before them.
// A core at rest knows nothing of the connection that it served: whoever has something to say or hear
// next is served by it, and an idle WebSocket holds nothing of Beast's, some 3 KiB.
// Included by the channel's own files only.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/channel/frame_walk.hpp"
#include "server/channel/late_buffer.hpp"
#include "server/channel/memory_stream.hpp"
#include "server/channel/web_socket.hpp"

namespace server::channel {

class WebSocket::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(const ThreadState&, WebSocket& owner);

  void accept(const Handshake&);
  // In the place of one that rested: the handshake is over.
  void resume();
  // Serves that one next; none: rests.
  void serve(WebSocket* owner) { owner_ = owner; }
  void feed(tl::ByteView bytes);
  // The peer's end of the connection is closed.
  void end();
  // There is room again for what is written.
  void write_on() { stream_.next_layer().write_on(); }
  void detach();

  void send(LongText text, bool secret);
  // After what waits to be sent: our Close, or the answer to the peer's.
  void close(boost::beast::websocket::close_reason reason);
  void answer_close();
  void ping();
  // Unless a long message is being read elsewhere.
  void read_on();

  // Of what is to be sent.
  std::size_t held() const { return held_; }
  // What of that is there, and not made only while it is sent.
  std::size_t memory_usage() const { return memory_usage_; }
  std::size_t unread() const { return stream_.next_layer().unread(); }
  bool closing() const { return closing_; }
  // To read to.
  boost::asio::mutable_buffer buffer();

 private:
  struct Message {
    LongText text;
    bool secret;
  };

  void offer_compression(const Handshake&);
  void shake_hands_first(const Handshake&);
  void update_usage();
  bool at_rest() const;
  void rest();
  void look_for_end();
  void all_taken();
  void read();
  void fit_buffer(std::size_t size);
  void take(boost::system::error_code failed, std::size_t size);
  void write();
  bool put(std::string_view bytes);
  void put_made(std::size_t size, std::string& out);
  void next_piece();
  void write_whole();
  void write_piece();
  void wrote_piece(boost::system::error_code failed, std::size_t size);
  void wrote(boost::system::error_code failed);
  void forget_message();
  template <class Text>
  void forget(Text& text, std::size_t size);
  void shake_hands();

  WebSocket* owner_;
  upstream::WorkPool& pool_;
  MemoryMeter& memory_;
  std::optional<MemoryShare> share_;  // of what came, and of the state of the protocol
  boost::beast::websocket::stream<MemoryStream> stream_;
  FrameWalk frames_;
  std::string close_;         // the peer's, kept back until all before it is answered
  std::vector<char> buffer_;  // to read to, within a message; larger within a long one
  std::list<Message> queue_;  // an empty deque has half a kilobyte
  Message message_{};         // being written
  std::vector<boost::asio::const_buffer> parts_;  // its, where it goes in one frame
  std::string piece_;  // of it, from `piece_at_` on, where it is not there as a whole
  std::size_t piece_at_ = 0;
  std::size_t held_ = 0;
  std::size_t memory_usage_ = 0;
  std::size_t compression_ = 0;  // what its state takes
  std::unique_ptr<const boost::beast::websocket::close_reason> goodbye_;
  bool compresses_ = false;  // was agreed on
  bool accepted_ = false;
  bool resumed_ = false;  // the peer has had its answer to a handshake
  bool reading_ = false;
  bool writing_ = false;
  bool pinging_ = false;  // Beast wants one at a time
  bool looking_ = false;  // look_for_end() is under way
  bool ended_ = false;    // the peer's end is closed
  bool leaving_ = false;  // the peer's Close is to be answered
  bool closing_ = false;  // the protocol's end has begun
};

// Those of an event loop, a few, while it has WebSockets.
class WebSocket::RestingCores final : public boost::asio::execution_context::service {
 public:
  static boost::asio::execution_context::id id;

  static RestingCores& of(const ThreadState&);
  explicit RestingCores(boost::asio::execution_context& context) : service(context) {}

  // Each WebSocket, as long as there is one.
  void enter() { ++users_; }
  void leave();

  std::shared_ptr<Core> take(const ThreadState&, WebSocket& owner);
  void give_back(std::shared_ptr<Core>);

 private:
  void shutdown() override;

  std::size_t users_ = 0;
  std::vector<std::shared_ptr<Core>> cores_;
};

}  // namespace server::channel

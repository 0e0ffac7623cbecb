#include "server/channel/web_socket.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

#include "server/channel/memory_stream.hpp"
#include "server/upstream/pump.hpp"

namespace server::channel {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

// Beast takes what came in smaller pieces than the socket gives it: so much may wait in between.
constexpr std::size_t enough_ahead = std::size_t{128} << 10;
// So much of a message is framed ahead of what the peer reads; the rest waits as it is.
constexpr std::size_t enough_unwritten = std::size_t{128} << 10;

// Of a message, whose memory is given back elsewhere.
constexpr std::size_t large_message = std::size_t{1} << 20;

}  // namespace

// What handlers under way hold on to; the channel may be gone before them.
class WebSocket::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(const ThreadState& thread, WebSocket& owner)
      : owner_(&owner),
        pool_(thread.gateway.pool),
        stream_(thread.executor, [this](std::string_view bytes) {
          if (owner_ == nullptr) return true;
          owner_->outlet_.out() += bytes;
          owner_->outlet_.flush();
          return owner_->outlet_.out().size() < enough_unwritten;
        }) {
    websocket::permessage_deflate deflate;
    deflate.server_enable = thread.gateway.options.ws_compression;
    stream_.set_option(deflate);
    stream_.auto_fragment(false);
    stream_.read_message_max(0);  // counted by the reader, which can say so and go on
  }

  void accept() {
    stream_.async_accept([self = shared_from_this()](error_code failed) {
      if (self->owner_ == nullptr) return;
      if (failed) return self->owner_->over();
      self->owner_->shake_by_.reset();
      self->accepted_ = true;
      self->read_on();
      self->write();
    });
  }
  void feed(tl::ByteView bytes) { stream_.next_layer().feed(bytes); }
  void write_on() { stream_.next_layer().write_on(); }
  void let_go() {
    owner_ = nullptr;
    queue_.clear();
    stream_.next_layer().end();
  }

  void send(LongText text, bool secret) {
    held_ += text.size();
    queue_.push_back({std::move(text), secret});
    write();
  }
  // After what waits to be sent.
  void close(websocket::close_reason reason) {
    if (goodbye_) return;
    goodbye_ = std::move(reason);
    write();
  }
  void ping() {
    if (!accepted_ || goodbye_ || std::exchange(pinging_, true)) return;
    stream_.async_ping({}, [self = shared_from_this()](error_code) { self->pinging_ = false; });
  }
  // Unless the message before is still being read.
  void read_on() {
    if (goodbye_ || owner_->busy_ || std::exchange(reading_, true)) return;
    read();
    if (unread() < enough_ahead / 4) owner_->set_full(false);
  }
  std::size_t held() const { return held_; }
  std::size_t unread() const { return stream_.next_layer().unread(); }

 private:
  struct Message {
    LongText text;
    bool secret;
  };

  void read() {
    stream_.async_read_some(asio::buffer(buffer_),
                            [self = shared_from_this()](error_code failed, std::size_t size) {
                              self->reading_ = false;
                              if (self->owner_ != nullptr) self->take(failed, size);
                            });
  }

  void take(error_code failed, std::size_t size) {
    if (failed) return owner_->over();
    if (goodbye_) return;
    if (!stream_.got_text()) {
      return owner_->say_goodbye(websocket::close_code::unknown_data,
                                 "text is due: one JSON object a message");
    }
    owner_->reader_.feed({buffer_.data(), size});
    if (owner_ != nullptr && stream_.is_message_done()) owner_->reader_.finish();
    if (owner_ != nullptr) read_on();
  }

  // One message after another; Beast wants no two writes at a time.
  void write() {
    if (writing_ || !accepted_ || owner_ == nullptr) return;
    if (queue_.empty()) {
      if (goodbye_ && !closing_) shake_hands();
      return;
    }
    writing_ = true;
    message_ = std::move(queue_.front());
    queue_.pop_front();
    stream_.compress(!message_.secret);
    parts_.clear();
    message_.text.each_part(
        [this](std::string_view part) { parts_.emplace_back(part.data(), part.size()); });
    stream_.async_write(std::span<const asio::const_buffer>(parts_),
                        [self = shared_from_this()](error_code failed, std::size_t) {
                          self->writing_ = false;
                          self->forget_message();
                          if (self->owner_ == nullptr) return;
                          if (failed) return self->owner_->over();
                          self->owner_->outlet_.weigh();
                          self->write();
                        });
  }

  void forget_message() {
    const auto size = message_.text.size();
    held_ -= size;
    auto text = std::exchange(message_.text, {});
    if (size > large_message) pool_.destroy(std::move(text));
  }

  void shake_hands() {
    closing_ = true;
    owner_->give_time_to_close(upstream::boot_time());
    stream_.async_close(*goodbye_, [self = shared_from_this()](error_code) {
      if (self->owner_ != nullptr) self->owner_->over();
    });
  }

  WebSocket* owner_;
  upstream::WorkPool& pool_;
  websocket::stream<MemoryStream> stream_;
  std::array<char, 2048> buffer_;
  std::deque<Message> queue_;
  Message message_{};                      // being written
  std::vector<asio::const_buffer> parts_;  // its
  std::size_t held_ = 0;
  std::optional<websocket::close_reason> goodbye_;
  bool accepted_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool pinging_ = false;  // Beast wants one at a time
  bool closing_ = false;
};

WebSocket::WebSocket(ThreadState& thread, Outlet& outlet, Caller caller, ConnectionSetup setup,
                     mtproto::Time now)
    : outlet_(outlet),
      conversation_(thread, *this, std::move(caller), setup),
      reader_(*this, thread.gateway.memory, work_of(thread), conversation_.longest()),
      core_(std::make_shared<Core>(thread, *this)),
      heard_(now),
      pinged_(now),
      shake_by_(now + shake_time) {
  core_->accept();
}

WebSocket::~WebSocket() { core_->let_go(); }

void WebSocket::receive(tl::ByteView bytes, mtproto::Time now) {
  heard_ = now;
  core_->feed(bytes);
  if (core_->unread() > enough_ahead) set_full(true);
}

void WebSocket::progressed(mtproto::Time now) {
  heard_ = now;
  if (close_by_) give_time_to_close(now);
  core_->write_on();
}

void WebSocket::written(mtproto::Time) { core_->write_on(); }

void WebSocket::set_full(bool full) {
  if (std::exchange(full_, full) != full) outlet_.pause(full);
}

// There is no half of a WebSocket.
void WebSocket::end(mtproto::Time) { over(); }

void WebSocket::tick(mtproto::Time now) {
  if ((shake_by_ && *shake_by_ <= now) || (close_by_ && *close_by_ <= now)) return over();
  if (heard_ + silent_after <= now) return outlet_.abandon("it is silent: no answer to a ping");
  if (std::max(heard_, pinged_) + ping_after <= now) {
    pinged_ = now;
    core_->ping();
  }
  conversation_.tick(now);
}

std::optional<mtproto::Time> WebSocket::deadline() const {
  auto due = std::min(heard_ + silent_after, std::max(heard_, pinged_) + ping_after);
  if (shake_by_) due = std::min(due, *shake_by_);
  if (close_by_) due = std::min(due, *close_by_);
  return std::min(due, conversation_.deadline().value_or(due));
}

void WebSocket::set_congested(bool congested) {
  conversation_.connection().set_congested(congested);
}

void WebSocket::drain() {
  draining_ = true;
  reader_.end();
}

void WebSocket::close() {
  core_->let_go();
  conversation_.connection().close();
}

std::size_t WebSocket::held() const { return core_->held() + conversation_.connection().held(); }

void WebSocket::on_busy(bool busy) {
  if (std::exchange(busy_, busy) && !busy) core_->read_on();
}

void WebSocket::on_object(Incoming&& object) {
  conversation_.take(std::move(object));
  reader_.set_longest(conversation_.longest());
}

void WebSocket::on_failure(std::string_view id, const Failure& failure, std::size_t bytes) {
  conversation_.refuse(id, failure, bytes);
}

void WebSocket::complete(bool secret) {
  conversation_.copy_out(object_, 0);
  core_->send(std::exchange(object_, {}), secret);
  outlet_.weigh();
  outlet_.wake();
}

void WebSocket::finish() {
  if (draining_) return say_goodbye(websocket::close_code::going_away, "the gateway is stopping");
  say_goodbye(websocket::close_code::policy_error, "a token is wanted");
}

void WebSocket::say_goodbye(std::uint16_t code, std::string_view reason) {
  if (close_by_) return;
  give_time_to_close(upstream::boot_time());
  core_->close({static_cast<websocket::close_code>(code),
                boost::beast::string_view(reason.data(), reason.size())});
  outlet_.wake();
}

// What was answered before is to be read first.
void WebSocket::give_time_to_close(mtproto::Time now) {
  close_by_ = now + (core_->held() > 0 ? read_time : close_time);
}

void WebSocket::over() {
  conversation_.connection().close();
  outlet_.hang_up(true);
}

}  // namespace server::channel

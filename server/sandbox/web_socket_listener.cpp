#include "server/sandbox/web_socket_listener.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <string_view>

#include "mtproto/framing/detection.hpp"
#include "server/channel/memory_stream.hpp"

namespace server::sandbox {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::string_view get = "GET ";
constexpr std::size_t longest_head = 8192;
// Beast takes what came in smaller pieces than the socket gives it: so much may wait in between.
constexpr std::size_t enough_ahead = std::size_t{128} << 10;

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

enum class Network : std::uint8_t { none, production, test };

Network network_of(std::string_view head) {
  const auto path = head.substr(get.size(), head.find_first_of(" ?\r", get.size()) - get.size());
  if (path == "/apiws" || path == "/apiws_premium") return Network::production;
  if (path == "/apiws_test" || path == "/apiws_test_premium") return Network::test;
  return Network::none;
}

// Whether `binary` is among the protocols that the head offers.
bool offers_binary(std::string_view head) {
  const auto text = lower_case(head);
  constexpr std::string_view name = "\r\nsec-websocket-protocol:";
  const auto at = text.find(name);
  if (at == std::string::npos) return false;
  const auto from = at + name.size();
  std::string_view rest = std::string_view(text).substr(from, text.find("\r\n", from) - from);
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    auto one = rest.substr(0, end);
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    one = one.substr(0, one.find_last_not_of(" \t") + 1);
    if (one == "binary") return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace

// What handlers under way hold on to; the listener may be gone before them.
class WebSocketListener::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(const asio::any_io_executor& executor, WebSocketListener& web_socket)
      : listener_(&web_socket), stream_(executor, [this](std::string_view bytes) {
          if (listener_ != nullptr) {
            listener_->out_ += bytes;
            listener_->driver_.wake();
          }
          return true;  // a message is a packet that lies in memory anyway
        }) {
    stream_.auto_fragment(false);
    stream_.binary(true);
    stream_.read_message_max(0);  // its bytes are taken as they come
    stream_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      response.set(boost::beast::http::field::sec_websocket_protocol, "binary");
    }));
  }

  void accept() {
    stream_.async_accept([self = shared_from_this()](error_code failed) {
      if (self->listener_ == nullptr) return;
      if (failed) return self->over();
      self->listener_->over_by_.reset();
      self->accepted_ = true;
      self->read();
    });
  }
  void feed(tl::ByteView bytes) {
    stream_.next_layer().feed(bytes);
    set_full(stream_.next_layer().unread() > enough_ahead);
  }
  void detach() {
    listener_ = nullptr;
    stream_.next_layer().end();
  }

  // One message after another: Beast wants no two writes at a time.
  bool may_send() const { return accepted_ && !sending_ && !closing_; }
  void send(tl::ByteView bytes) {
    sending_ = true;
    message_.assign(bytes.begin(), bytes.end());
    stream_.async_write(asio::buffer(message_),
                        [self = shared_from_this()](error_code failed, std::size_t) {
                          self->sending_ = false;
                          if (self->listener_ == nullptr) return;
                          if (failed) return self->over();
                          self->listener_->driver_.wake();
                        });
  }

  void say_goodbye(websocket::close_code code, std::string_view reason) {
    if (closing_) return;
    closing_ = true;
    listener_->over_by_ = upstream::boot_time() + shake_time;
    stream_.async_close({code, boost::beast::string_view(reason.data(), reason.size())},
                        [self = shared_from_this()](error_code) { self->over(); });
  }

 private:
  void read() {
    stream_.async_read_some(asio::buffer(buffer_),
                            [self = shared_from_this()](error_code failed, std::size_t size) {
                              if (self->listener_ != nullptr) self->take(failed, size);
                            });
  }

  void take(error_code failed, std::size_t size) {
    if (failed) return over();
    if (closing_) return;
    if (!stream_.got_binary()) {
      return say_goodbye(websocket::close_code::unknown_data, "binary messages are due");
    }
    listener_->take(tl::ByteView(buffer_).first(size));
    if (listener_ == nullptr || closing_) return;
    listener_->driver_.wake();
    read();
    if (stream_.next_layer().unread() < enough_ahead / 4) set_full(false);
  }

  void set_full(bool full) {
    if (std::exchange(full_, full) != full) listener_->driver_.pause(full);
  }

  void over() {
    if (listener_ != nullptr) listener_->driver_.close();
  }

  WebSocketListener* listener_;
  websocket::stream<channel::MemoryStream> stream_;
  std::array<std::uint8_t, 16384> buffer_;
  tl::Bytes message_;  // being sent
  bool accepted_ = false;
  bool sending_ = false;
  bool closing_ = false;
  bool full_ = false;
};

WebSocketListener::WebSocketListener(asio::any_io_executor executor,
                                     std::unique_ptr<upstream::Machine> inner)
    : executor_(std::move(executor)), inner_(std::move(inner)) {}

WebSocketListener::~WebSocketListener() {
  if (core_) core_->detach();
}

void WebSocketListener::receive(tl::ByteView bytes, mtproto::Time now) {
  switch (way_) {
    case Way::straight:
      return inner_->receive(bytes, now);
    case Way::web:
      return core_->feed(bytes);
    case Way::refused:
      return;
    case Way::unknown:
      tl::append(first_, bytes);
      return find_out(now);
  }
}

void WebSocketListener::find_out(mtproto::Time now) {
  const auto text = tl::as_text(first_);
  if (text.substr(0, get.size()) != get.substr(0, text.size())) {
    way_ = Way::straight;
    over_by_.reset();
    inner_->receive(std::exchange(first_, {}), now);
    return;
  }
  if (!over_by_) over_by_ = now + shake_time;
  if (text.find("\r\n\r\n") != std::string_view::npos) return shake_hands(now);
  if (text.size() > longest_head) refuse("431 Request Header Fields Too Large");
}

void WebSocketListener::shake_hands(mtproto::Time now) {
  const auto text = tl::as_text(first_);
  const auto head = text.substr(0, text.find("\r\n\r\n") + 2);
  const auto place = network_of(head);
  if (place == Network::none) return refuse("404 Not Found");
  if (!offers_binary(head)) return refuse("400 Bad Request");
  if (place == Network::test) driver_.test();
  way_ = Way::web;
  over_by_ = now + shake_time;
  core_ = std::make_shared<Core>(executor_, *this);
  core_->accept();
  core_->feed(std::exchange(first_, {}));
}

void WebSocketListener::refuse(std::string_view status) {
  way_ = Way::refused;
  first_ = {};
  out_ += "HTTP/1.1 ";
  out_ += status;
  out_ += "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  driver_.close();
}

// A piece of the stream inside. Telegram takes no other than an obfuscated one there.
void WebSocketListener::take(tl::ByteView bytes) {
  const auto now = upstream::boot_time();
  if (inside_known_) return inner_->receive(bytes, now);
  tl::append(first_, bytes);
  const auto found = mtproto::detect(first_);
  if (std::holds_alternative<mtproto::MoreNeeded>(found)) return;
  if (!std::holds_alternative<mtproto::Obfuscated>(found)) {
    return core_->say_goodbye(websocket::close_code::policy_error, "obfuscation is due");
  }
  inside_known_ = true;
  inner_->receive(std::exchange(first_, {}), now);
}

void WebSocketListener::tick(mtproto::Time now) {
  if (over_by_ && *over_by_ <= now) return driver_.close();
  if (const auto due = inner_->deadline(); due && *due <= now) inner_->tick(now);
}

std::optional<mtproto::Time> WebSocketListener::deadline() const {
  const auto due = inner_->deadline();
  if (!over_by_) return due;
  return std::min(*over_by_, due.value_or(*over_by_));
}

tl::ByteView WebSocketListener::output() {
  if (way_ == Way::straight) return inner_->output();
  if (core_ && core_->may_send()) {
    if (const auto bytes = inner_->output(); !bytes.empty()) {
      core_->send(bytes);
      inner_->written();
    }
  }
  if (writing_.empty()) writing_.swap(out_);
  return tl::as_bytes(writing_);
}

void WebSocketListener::written() {
  if (way_ == Way::straight) return inner_->written();
  writing_.clear();
}

}  // namespace server::sandbox

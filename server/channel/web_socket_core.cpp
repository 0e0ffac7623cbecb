#include "server/channel/web_socket_core.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <functional>

#include "server/gateway/gateway.hpp"
#include "server/upstream/work_pool.hpp"
#include "tl/spare_room.hpp"

namespace server::channel {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

// So much of a message is framed ahead of what the peer reads; the rest waits as it is.
constexpr std::size_t enough_unwritten = std::size_t{128} << 10;
// Of a message, whose memory is given back elsewhere.
constexpr std::size_t large_message = std::size_t{1} << 20;
// Of a message, compressed in one turn.
constexpr std::size_t compressed_at_once = std::size_t{64} << 10;
// A Close has at most 125 bytes behind its head of 6.
constexpr std::size_t longest_close = 131;
// Beast's own, with its buffer.
constexpr std::size_t protocol_state = std::size_t{4} << 10;
// Read at a time: most messages are short, and most of the time none comes.
constexpr std::size_t short_read = 256;
constexpr std::size_t long_read = 2048;

// More than this are seldom at work at a time.
constexpr std::size_t most_at_rest = 64;

// What Beast takes for permessage-deflate: windows both ways and tables (zlib/deflate_stream.ipp,
// init()), and a buffer to compress to.
constexpr std::size_t compression_state(const websocket::permessage_deflate& options) {
  const auto bits = [](int n) { return std::size_t{1} << n; };
  constexpr std::size_t written = 4096;
  return 4 * bits(options.server_max_window_bits) + 2 * bits(options.memLevel + 7) +
         4 * bits(options.memLevel + 6) + bits(options.client_max_window_bits) + written +
         sizeof(boost::beast::zlib::deflate_stream) + sizeof(boost::beast::zlib::inflate_stream);
}

// What Beast is given for text that is not made yet: it wants the size of a frame before, and hands on
// without a look what is in it.
constexpr std::array<char, std::size_t{4} << 10> to_be_made{};

bool is_to_be_made(std::string_view bytes) {
  const std::less<const char*> before;
  return !before(bytes.data(), to_be_made.data()) &&
         before(bytes.data(), to_be_made.data() + to_be_made.size());
}

}  // namespace

WebSocket::Core::Core(const ThreadState& thread, WebSocket& owner)
    : owner_(&owner),
      pool_(thread.gateway.pool),
      memory_(thread.gateway.memory),
      share_(std::in_place, thread.gateway.memory),
      stream_(thread.executor, [this](std::string_view bytes) { return put(bytes); }) {
  stream_.next_layer().on_hungry([this] { look_for_end(); });
  stream_.auto_fragment(false);
  stream_.read_message_max(0);  // counted by the reader, which can say so and go on
}

// --- the beginning ---

// Without memory for its state a client goes without.
void WebSocket::Core::offer_compression(const Handshake& handshake) {
  if (!owner_->thread_.gateway.options.ws_compression || handshake.extensions.empty()) return;
  websocket::permessage_deflate deflate;
  deflate.server_enable = true;
  if (!share_->try_resize(protocol_state + sizeof *this + compression_state(deflate))) return;
  compression_ = compression_state(deflate);
  stream_.set_option(deflate);
}

void WebSocket::Core::accept(const Handshake& handshake) {
  offer_compression(handshake);
  shake_hands_first(handshake);
}

// Beast has no other way to begin than with a handshake. The peer has had its answer to one.
void WebSocket::Core::resume() {
  resumed_ = true;
  shake_hands_first({"AAAAAAAAAAAAAAAAAAAAAA==", ""});
}

void WebSocket::Core::shake_hands_first(const Handshake& handshake) {
  stream_.set_option(websocket::stream_base::decorator([this](websocket::response_type& response) {
    response.set(http::field::server, "streamjson");
    compresses_ = response.count(http::field::sec_websocket_extensions) != 0;
  }));
  http::request<http::empty_body> request(http::verb::get, "/", 11);
  request.set(http::field::host, "localhost");
  request.set(http::field::connection, "upgrade");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::sec_websocket_version, "13");
  request.set(http::field::sec_websocket_key, handshake.key);
  request.set(http::field::sec_websocket_extensions, handshake.extensions);
  stream_.async_accept(request, [self = shared_from_this()](error_code failed) {
    if (self->owner_ == nullptr) return;
    if (failed) return self->owner_->over();
    self->accepted_ = true;
    self->read_on();
    self->write();
  });
  if (!compresses_) compression_ = 0;
  update_usage();
}

void WebSocket::Core::update_usage() {
  if (share_) {
    share_->resize(sizeof *this + protocol_state + compression_ + stream_.next_layer().held());
  }
}

// Nothing is begun on either side, and no frame to come needs those before. That none is begun is
// what the walk says: of one that is, Beast may hold a part.
bool WebSocket::Core::at_rest() const {
  const bool ends = goodbye_ || ended_ || leaving_ || closing_ || !close_.empty();
  const bool writes = writing_ || pinging_ || !queue_.empty();
  return accepted_ && !ends && !writes && !looking_ && !compresses_ && reading_ &&
         frames_.at_rest() && stream_.is_message_done() && stream_.next_layer().hungry();
}

void WebSocket::Core::rest() {
  if (owner_ != nullptr && !owner_->busy_ && at_rest()) owner_->let_go();
}

void WebSocket::Core::detach() {
  owner_ = nullptr;
  queue_.clear();
  share_.reset();
  stream_.next_layer().end();
}

// --- in ---

void WebSocket::Core::feed(tl::ByteView bytes) {
  if (!closing_ && close_.empty()) {
    const auto before = frames_.before_close(bytes);
    stream_.next_layer().feed(bytes.first(before));
    bytes = bytes.subspan(before);
    update_usage();
  }
  if (closing_) {
    stream_.next_layer().feed(bytes);
  } else if (!bytes.empty()) {
    close_ += tl::as_text(bytes.first(std::min(bytes.size(), longest_close - close_.size())));
    look_for_end();
  }
}

void WebSocket::Core::end() {
  ended_ = true;
  look_for_end();
}

// Not at once: Beast is on the stack.
void WebSocket::Core::look_for_end() {
  if (!stream_.next_layer().hungry() || std::exchange(looking_, true)) return;
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->looking_ = false;
    if (self->owner_ != nullptr && self->stream_.next_layer().hungry()) self->all_taken();
  });
}

void WebSocket::Core::all_taken() {
  update_usage();
  owner_->set_full(false);
  if (!goodbye_ && !closing_ && (ended_ || !close_.empty())) return owner_->all_asked();
  rest();
}

void WebSocket::Core::read_on() {
  if (goodbye_ || owner_->busy_ || std::exchange(reading_, true)) return;
  read();
}

asio::mutable_buffer WebSocket::Core::buffer() {
  if (buffer_.empty()) {
    tl::lend_room(buffer_);
    buffer_.resize(short_read);
  }
  return asio::buffer(buffer_);
}

void WebSocket::Core::read() {
  stream_.async_read_some(LateBuffer(*this),
                          [self = shared_from_this()](error_code failed, std::size_t size) {
                            self->reading_ = false;
                            if (self->owner_ != nullptr) self->take(failed, size);
                          });
}

void WebSocket::Core::take(error_code failed, std::size_t size) {
  if (failed) return owner_->over();
  if (goodbye_) return;
  if (!stream_.got_text()) {
    return owner_->say_goodbye(websocket::close_code::unknown_data,
                               "text is due: one JSON object a message");
  }
  owner_->reader_.feed({buffer_.data(), size});
  if (owner_ != nullptr && stream_.is_message_done()) owner_->reader_.finish();
  fit_buffer(size);
  if (owner_ == nullptr || goodbye_) return;
  read_on();
  update_usage();
  owner_->look_at_room();
}

// `size`: of what was read to it.
void WebSocket::Core::fit_buffer(std::size_t size) {
  if (stream_.is_message_done()) {
    tl::give_room_back(buffer_, short_read);
  } else if (size == buffer_.size()) {
    buffer_.resize(long_read);
  }
}

// --- out ---

void WebSocket::Core::send(LongText text, bool secret) {
  held_ += text.size();
  memory_usage_ += text.memory_usage();
  queue_.push_back({std::move(text), secret});
  write();
}

void WebSocket::Core::close(websocket::close_reason reason) {
  if (goodbye_) return;
  goodbye_ = std::make_unique<const websocket::close_reason>(std::move(reason));
  write();
}

void WebSocket::Core::answer_close() {
  leaving_ = true;
  write();
}

void WebSocket::Core::ping() {
  if (!accepted_ || goodbye_ || leaving_ || std::exchange(pinging_, true)) return;
  stream_.async_ping({}, [self = shared_from_this()](error_code) {
    self->pinging_ = false;
    self->rest();
  });
}

// One message after another; Beast wants no two writes at a time.
void WebSocket::Core::write() {
  if (writing_ || !accepted_ || owner_ == nullptr) return;
  if (queue_.empty()) {
    if ((goodbye_ || leaving_) && !closing_) shake_hands();
    return;
  }
  writing_ = true;
  message_ = std::move(queue_.front());
  queue_.pop_front();
  const bool compress = compresses_ && !message_.secret;
  stream_.compress(compress);
  compress ? write_piece() : write_whole();
}

// In one frame, for not every peer puts several together.
void WebSocket::Core::write_whole() {
  parts_.clear();
  if (message_.text.all_made()) {
    message_.text.each_part([&](std::string_view part) {
      parts_.emplace_back(part.data(), part.size());
      return true;
    });
  } else {
    for (auto left = message_.text.size(); left != 0; left -= parts_.back().size()) {
      parts_.emplace_back(to_be_made.data(), std::min(left, to_be_made.size()));
    }
  }
  stream_.async_write(
      std::span<const asio::const_buffer>(parts_),
      [self = shared_from_this()](error_code failed, std::size_t) { self->wrote(failed); });
}

// False: that is enough for now.
bool WebSocket::Core::put(std::string_view bytes) {
  if (owner_ == nullptr || (resumed_ && !accepted_)) return true;
  auto& out = owner_->byte_sink_.out();
  is_to_be_made(bytes) ? put_made(bytes.size(), out.end()) : static_cast<void>(out += bytes);
  owner_->byte_sink_.flush();
  return out.size() < enough_unwritten;
}

void WebSocket::Core::put_made(std::size_t size, std::string& out) {
  while (size != 0) {
    if (piece_at_ == piece_.size()) next_piece();
    const auto part = std::string_view(piece_).substr(piece_at_, size);
    if (part.empty()) return;
    out += part;
    piece_at_ += part.size();
    held_ -= part.size();
    memory_usage_ -= part.size();
    size -= part.size();
  }
}

void WebSocket::Core::next_piece() {
  forget(piece_, piece_.size());
  piece_at_ = 0;
  const auto before = message_.text.memory_usage();
  message_.text.take(piece_);
  memory_usage_ += piece_.size() + message_.text.memory_usage() - before;
}

// Compressing a large message at once would keep others waiting.
void WebSocket::Core::write_piece() {
  if (piece_at_ == piece_.size()) next_piece();
  const auto part = std::string_view(piece_).substr(piece_at_, compressed_at_once);
  const bool last = piece_at_ + part.size() == piece_.size() && message_.text.empty();
  stream_.async_write_some(
      last, asio::buffer(part.data(), part.size()),
      [self = shared_from_this(), size = part.size()](error_code failed, std::size_t) {
        self->wrote_piece(failed, size);
      });
}

void WebSocket::Core::wrote_piece(error_code failed, std::size_t size) {
  piece_at_ += size;
  held_ -= size;
  memory_usage_ -= size;
  if (failed || (piece_at_ == piece_.size() && message_.text.empty())) return wrote(failed);
  if (owner_ != nullptr) owner_->byte_sink_.update_usage();
  write_piece();
}

void WebSocket::Core::wrote(error_code failed) {
  writing_ = false;
  forget_message();
  if (owner_ == nullptr) return;
  if (failed) return owner_->over();
  owner_->byte_sink_.update_usage();
  write();
  rest();
}

void WebSocket::Core::forget_message() {
  held_ -= message_.text.size() + piece_.size() - piece_at_;
  memory_usage_ -= message_.text.memory_usage() + piece_.size() - piece_at_;
  forget(message_.text, message_.text.memory_usage());
  forget(piece_, piece_.size());
  piece_at_ = 0;
}

template <class Text>
void WebSocket::Core::forget(Text& text, std::size_t size) {
  auto gone = std::exchange(text, {});
  if (size <= large_message) return;
  MemoryShare share(memory_);
  share.resize(size);  // until the pool has given it back
  pool_.destroy(std::pair(std::move(gone), std::move(share)));
}

void WebSocket::Core::shake_hands() {
  closing_ = true;
  owner_->give_time_to_close(upstream::boot_time());
  owner_->wake();  // it may be less than before, with nothing written
  if (goodbye_) {
    stream_.async_close(*goodbye_, [self = shared_from_this()](error_code) {
      if (self->owner_ != nullptr) self->owner_->over();
    });
  } else if (close_.empty()) {  // the peer left without one
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      if (self->owner_ != nullptr) self->owner_->over();
    });
  }
  stream_.next_layer().feed(tl::as_bytes(close_));
}

// --- at rest ---

asio::execution_context::id WebSocket::RestingCores::id;

WebSocket::RestingCores& WebSocket::RestingCores::of(const ThreadState& thread) {
  return asio::use_service<RestingCores>(asio::query(thread.executor, asio::execution::context));
}

std::shared_ptr<WebSocket::Core> WebSocket::RestingCores::take(const ThreadState& thread,
                                                               WebSocket& owner) {
  if (cores_.empty()) {
    auto made = std::make_shared<Core>(thread, owner);
    made->resume();
    return made;
  }
  auto out = std::move(cores_.back());
  cores_.pop_back();
  out->serve(&owner);
  return out;
}

void WebSocket::RestingCores::give_back(std::shared_ptr<Core> core) {
  if (cores_.size() == most_at_rest) return core->detach();
  core->serve(nullptr);
  cores_.push_back(std::move(core));
}

// One that waits for what comes is something to do, for which the loop would go on.
void WebSocket::RestingCores::leave() {
  if (--users_ == 0) shutdown();
}

// Each holds on to itself while it waits.
void WebSocket::RestingCores::shutdown() {
  for (const auto& core : std::exchange(cores_, {})) core->detach();
}

}  // namespace server::channel

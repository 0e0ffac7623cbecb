#include "server/channel/tls_filter.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "tl/spare_room.hpp"

namespace server::channel {
namespace {

// Of OpenSSL 3.0 (tests/bench/run memory): a connection at rest, what a handshake takes beside, and
// the buffer of a record that has not come whole.
constexpr std::size_t at_rest = std::size_t{16} << 10;
constexpr std::size_t handshake = std::size_t{40} << 10;
constexpr std::size_t record = std::size_t{17} << 10;
// Of what goes out, for the next of the thread.
constexpr std::size_t kept_room = 512;

}  // namespace

// What OpenSSL reads from and writes to.
struct TlsFilter::Bio {
  static TlsFilter& filter(BIO* bio) { return *static_cast<TlsFilter*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* to, int size) {
    BIO_clear_retry_flags(bio);
    auto& in = filter(bio).in_;
    if (in.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const auto count = std::min(in.size(), static_cast<std::size_t>(size));
    std::copy_n(in.begin(), count, to);
    in = in.subspan(count);
    return static_cast<int>(count);
  }
  // No exception goes through OpenSSL.
  static int write(BIO* bio, const char* from, int size) noexcept {
    BIO_clear_retry_flags(bio);
    try {
      auto& out = filter(bio).out_;
      tl::lend_room(out);
      out.append(from, static_cast<std::size_t>(size));
      return size;
    } catch (const std::bad_alloc&) {
      return -1;
    }
  }
  static long control(BIO*, int what, long, void*) { return what == BIO_CTRL_FLUSH ? 1 : 0; }

  static BIO_METHOD* make_method() {
    auto* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "a TLS filter");
    if (method == nullptr) throw std::bad_alloc();
    BIO_meth_set_read(method, read);
    BIO_meth_set_write(method, write);
    BIO_meth_set_ctrl(method, control);
    return method;
  }
  static BIO* make(TlsFilter& filter) {
    static const auto* const method = make_method();
    auto* const bio = BIO_new(method);
    if (bio == nullptr) return nullptr;
    BIO_set_data(bio, &filter);
    BIO_set_init(bio, 1);
    return bio;
  }
};

TlsFilter::TlsFilter(SSL_CTX& context) : ssl_(SSL_new(&context)) {
  auto* const bio = Bio::make(*this);
  if (ssl_ == nullptr || bio == nullptr) {
    SSL_free(ssl_);
    BIO_free(bio);
    throw std::bad_alloc();
  }
  SSL_set_bio(ssl_, bio, bio);
  SSL_set_accept_state(ssl_);
}

TlsFilter::~TlsFilter() { SSL_free(ssl_); }

void TlsFilter::feed(tl::ByteView bytes, const std::function<void(tl::ByteView)>& plain) {
  // Records are opened as they come, so that the buffer in between stays small.
  while (!bytes.empty() && state_ != State::failed && state_ != State::ended) {
    in_ = bytes.first(std::min(bytes.size(), piece));
    bytes = bytes.subspan(in_.size());
    // All of it is read, unless this is the end, or there is no memory.
    const std::unique_ptr<tl::ByteView, void (*)(tl::ByteView*)> forget(
        &in_, [](tl::ByteView* in) { *in = {}; });
    step(plain);
  }
}

void TlsFilter::step(const std::function<void(tl::ByteView)>& plain) {
  ERR_clear_error();
  if (state_ == State::shaking) {
    const auto result = SSL_do_handshake(ssl_);
    if (result != 1) return failed(result);
    state_ = State::open;
  }
  thread_local std::array<std::uint8_t, piece> buffer;
  while (state_ == State::open) {
    const auto size = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
    if (size <= 0) return failed(size);
    plain(tl::ByteView(buffer).first(static_cast<std::size_t>(size)));
  }
}

void TlsFilter::failed(int result) {
  const auto why = SSL_get_error(ssl_, result);
  ERR_clear_error();
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return;
  state_ = why == SSL_ERROR_ZERO_RETURN ? State::ended : State::failed;
}

std::size_t TlsFilter::seal(tl::ByteView plain) {
  if (plain.empty()) return 0;
  ERR_clear_error();
  const auto size = SSL_write(ssl_, plain.data(), static_cast<int>(std::min(plain.size(), piece)));
  if (size > 0) return static_cast<std::size_t>(size);
  failed(size);
  return 0;
}

void TlsFilter::shut() {
  if (state_ != State::open && state_ != State::ended) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

std::size_t TlsFilter::held() const {
  auto size = at_rest + in_.size() + out_.size();
  if (state_ == State::shaking) size += handshake;
  if (SSL_has_pending(ssl_) != 0) size += record;
  return size;
}

void TlsFilter::take_output(std::string& out) {
  if (out.empty()) {
    out.swap(out_);
  } else {
    out += out_;
  }
  tl::give_room_back(out_, kept_room);
}

}  // namespace server::channel

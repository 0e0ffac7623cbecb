#include "server/channel/tls_filter.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <new>

namespace server::channel {
namespace {

// Of OpenSSL 3.0 (tests/bench/run memory): a connection at rest, what a handshake takes beside, and
// the buffer of a record that has not come whole.
constexpr std::size_t at_rest = std::size_t{18} << 10;
constexpr std::size_t handshake = std::size_t{40} << 10;
constexpr std::size_t record = std::size_t{17} << 10;

}  // namespace

TlsFilter::TlsFilter(std::shared_ptr<SSL_CTX> context)
    : context_(std::move(context)),
      ssl_(SSL_new(context_.get())),
      in_(BIO_new(BIO_s_mem())),
      out_(BIO_new(BIO_s_mem())) {
  if (ssl_ == nullptr || in_ == nullptr || out_ == nullptr) {
    SSL_free(ssl_);
    BIO_free(in_);
    BIO_free(out_);
    throw std::bad_alloc();
  }
  SSL_set_bio(ssl_, in_, out_);
  SSL_set_accept_state(ssl_);
}

TlsFilter::~TlsFilter() { SSL_free(ssl_); }

void TlsFilter::feed(tl::ByteView bytes, const std::function<void(tl::ByteView)>& plain) {
  // Records are opened as they come, so that the buffer in between stays small.
  while (!bytes.empty() && state_ != State::failed && state_ != State::ended) {
    const auto part = bytes.first(std::min(bytes.size(), piece));
    bytes = bytes.subspan(part.size());
    if (BIO_write(in_, part.data(), static_cast<int>(part.size())) <= 0) {
      state_ = State::failed;
      return;
    }
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
  auto size = at_rest + BIO_ctrl_pending(in_) + BIO_ctrl_pending(out_);
  if (state_ == State::shaking) size += handshake;
  if (SSL_has_pending(ssl_) != 0) size += record;
  return size;
}

void TlsFilter::take_output(std::string& out) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out_, &data);
  if (size <= 0) return;
  out.append(data, static_cast<std::size_t>(size));
  BIO_reset(out_);
}

}  // namespace server::channel

#include "mtproto/framing/fake_tls.hpp"

#include <utility>

#include "mtproto/errc.hpp"
#include "mtproto/framing/tls_records.hpp"

namespace mtproto {
namespace {

// Some proxies send what a real server would: a few more of them.
constexpr unsigned most_handshakes = 17;
constexpr std::size_t longest_client_hello = 4096;

// Of the record at the beginning, head included.
std::size_t record_size(ByteView bytes) {
  return tls_record_head + (static_cast<std::size_t>(bytes[3]) << 8 | bytes[4]);
}

}  // namespace

FakeTlsClient::FakeTlsClient(ProxySecret secret, UnixTime now, tl::Random& random)
    : secret_(std::move(secret)), hello_(make_client_hello(secret_, now, random)) {}

tl::Result<bool> FakeTlsClient::receive(ByteView bytes) {
  tl::append(answer_, bytes);
  while (true) {
    const auto left = ByteView(answer_).subspan(seen_);
    if (left.size() < tls_record_head) return false;
    const auto size = record_size(left);
    const auto type = static_cast<TlsRecord>(left[0]);
    const bool fits = (type == TlsRecord::handshake && !changed_) ||
                      (type == TlsRecord::change_cipher_spec && handshakes_ > 0 && !changed_ &&
                       size == change_cipher_spec.size()) ||
                      (type == TlsRecord::application_data && changed_);
    if (!fits || left[1] != 3 || left[2] != 3 || size > tls_record_head + longest_tls_record) {
      return errc::bad_tls_hello;
    }
    if (left.size() < size) return false;
    seen_ += size;
    if (type == TlsRecord::handshake && ++handshakes_ > most_handshakes) {
      return errc::bad_tls_hello;
    }
    changed_ = changed_ || type == TlsRecord::change_cipher_spec;
    if (type == TlsRecord::application_data) return end();
  }
}

tl::Result<bool> FakeTlsClient::end() const {
  if (seen_ != answer_.size()) return errc::bad_tls_hello;
  if (!proves_key(answer_, hello_, secret_)) return errc::wrong_proxy_secret;
  return true;
}

tl::Result<bool> FakeTlsServer::receive(ByteView bytes, UnixTime now, Bytes& out) {
  tl::append(received_, bytes);
  const auto type = static_cast<std::uint8_t>(TlsRecord::handshake);
  if (!received_.empty() && received_[0] != type) return errc::bad_tls_hello;
  if (received_.size() < tls_record_head) return false;
  const auto size = record_size(received_);
  if (size > longest_client_hello) return errc::bad_tls_hello;
  if (received_.size() < size) return false;
  const auto hello = open_client_hello(ByteView(received_).first(size), secret_, now);
  if (!hello) return {boost::system::in_place_error, hello.error()};
  tl::append(out, make_server_hello(*hello, secret_, random_));
  received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(size));
  return true;
}

}  // namespace mtproto

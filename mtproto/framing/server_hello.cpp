#include "mtproto/crypto/hmac.hpp"
#include "mtproto/crypto/x25519.hpp"
#include "mtproto/framing/tls_blocks.hpp"
#include "mtproto/framing/tls_hello.hpp"
#include "mtproto/framing/tls_records.hpp"

namespace mtproto {
namespace {

// What a certificate and the rest would take, encrypted.
constexpr std::size_t least_noise = 1024;
constexpr std::size_t noise_range = 3072;

Sha256 proof(ByteView answer, ByteView client_random, const ProxySecret& secret) {
  constexpr HelloRandom zeros{};
  return hmac_sha256(secret.key.bytes(), {client_random, answer.first(hello_random_at), zeros,
                                          answer.subspan(hello_random_at + zeros.size())});
}

void put_body(const ClientHello& hello, tl::Random& random, Bytes& out) {
  X25519Key key;
  random.fill(key);
  put({3, 3}, out);
  out.resize(out.size() + sizeof(HelloRandom));
  put_block(1, out, [&] { tl::append(out, hello.session_id); });
  put({0x13, 0x01, 0}, out);
  put_block(2, out, [&] {
    put({0x00, 0x33, 0, 36, 0x00, 0x1d, 0, 32}, out);  // key_share
    tl::append(out, x25519_public(key));
    put({0x00, 0x2b, 0, 2, 3, 4}, out);  // supported_versions
  });
}

}  // namespace

Bytes make_server_hello(const ClientHello& hello, const ProxySecret& secret, tl::Random& random) {
  Bytes out;
  put({static_cast<std::uint8_t>(TlsRecord::handshake), 3, 3}, out);
  put_block(2, out, [&] {
    out.push_back(2);
    put_block(3, out, [&] { put_body(hello, random, out); });
  });
  tl::append(out, change_cipher_spec);
  Bytes noise(least_noise + random.word() % noise_range);
  random.fill(noise);
  put_record_head(TlsRecord::application_data, noise.size(), out);
  tl::append(out, noise);
  const auto shown = proof(out, hello.random, secret);
  std::copy(shown.begin(), shown.end(), out.begin() + hello_random_at);
  return out;
}

bool proves_key(ByteView answer, ByteView client_hello, const ProxySecret& secret) {
  constexpr std::size_t size = sizeof(HelloRandom);
  if (answer.size() < hello_random_at + size || client_hello.size() < hello_random_at + size) {
    return false;
  }
  const auto client_random = client_hello.subspan(hello_random_at, size);
  return same_secret(proof(answer, client_random, secret), answer.subspan(hello_random_at, size));
}

}  // namespace mtproto

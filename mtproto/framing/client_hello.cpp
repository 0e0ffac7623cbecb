// What a browser of today says first, in its order; every value that it draws is drawn.
#include "mtproto/crypto/hmac.hpp"
#include "mtproto/crypto/x25519.hpp"
#include "mtproto/errc.hpp"
#include "mtproto/framing/tls_blocks.hpp"
#include "mtproto/framing/tls_hello.hpp"
#include "mtproto/framing/tls_records.hpp"

namespace mtproto {
namespace {

constexpr std::size_t record_length = client_hello_size - tls_record_head;

// Values without a meaning (RFC 8701) keep servers used to unknown ones.
class Grease {
 public:
  explicit Grease(tl::Random& random) { random.fill(drawn_); }
  void put(std::size_t which, Bytes& out) const {
    auto byte = static_cast<std::uint8_t>((drawn_[which] & 0xf0) | 0x0a);
    // The last extension is another one than the first.
    if (which == last_extension && (drawn_[which] ^ drawn_[extension]) < 0x10) byte ^= 0x10;
    out.insert(out.end(), {byte, byte});
  }
  enum : std::size_t { cipher, extension, group, version, last_extension, count };

 private:
  std::array<std::uint8_t, count> drawn_{};
};

template <class Inside>
void put_extension(std::uint16_t type, Bytes& out, Inside inside) {
  put_number(type, 2, out);
  put_block(2, out, inside);
}

void put_extension(std::uint16_t type, Bytes& out, std::initializer_list<std::uint8_t> inside) {
  put_extension(type, out, [&] { put(inside, out); });
}

void put_server_name(std::string_view domain, Bytes& out) {
  put_extension(0x0000, out, [&] {
    put_block(2, out, [&] {
      out.push_back(0);
      put_block(2, out, [&] { tl::append(out, tl::as_bytes(domain)); });
    });
  });
}

void put_key_share(const Grease& grease, tl::Random& random, Bytes& out) {
  X25519Key private_key;
  random.fill(private_key);
  const auto shown = x25519_public(private_key);
  wipe(private_key);
  put_extension(0x0033, out, [&] {
    put_block(2, out, [&] {
      grease.put(Grease::group, out);
      put({0, 1, 0}, out);
      put({0x00, 0x1d}, out);
      put_block(2, out, [&] { tl::append(out, shown); });
    });
  });
}

void put_extensions(std::string_view domain, const Grease& grease, tl::Random& random, Bytes& out) {
  grease.put(Grease::extension, out);
  put({0, 0}, out);
  put_server_name(domain, out);
  put_extension(0x0017, out, {});   // extended_master_secret
  put_extension(0xff01, out, {0});  // renegotiation_info
  put_extension(0x000a, out, [&] {  // supported_groups
    put_block(2, out, [&] {
      grease.put(Grease::group, out);
      put({0x00, 0x1d, 0x00, 0x17, 0x00, 0x18}, out);
    });
  });
  put_extension(0x000b, out, {1, 0});  // ec_point_formats
  put_extension(0x0023, out, {});      // session_ticket
  put_extension(0x0010, out, {0, 12, 2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'});
  put_extension(0x0005, out, {1, 0, 0, 0, 0});  // status_request
  put_extension(0x000d, out, {0, 16, 4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1});
  put_extension(0x0012, out, {});  // certificate timestamps
  put_key_share(grease, random, out);
  put_extension(0x002d, out, {1, 1});  // psk_key_exchange_modes
  put_extension(0x002b, out, [&] {     // supported_versions
    put_block(1, out, [&] {
      grease.put(Grease::version, out);
      put({3, 4, 3, 3}, out);
    });
  });
  put_extension(0x001b, out, {2, 0, 2});            // compress_certificate
  put_extension(0x4469, out, {0, 3, 2, 'h', '2'});  // application settings
  grease.put(Grease::last_extension, out);
  put({0, 1, 0}, out);
}

void put_body(std::string_view domain, tl::Random& random, Bytes& out) {
  const Grease grease(random);
  HelloRandom session_id;
  random.fill(session_id);
  put({3, 3}, out);
  out.resize(out.size() + sizeof(HelloRandom));
  put_block(1, out, [&] { tl::append(out, session_id); });
  put_block(2, out, [&] {
    grease.put(Grease::cipher, out);
    put({0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30, 0xcc,
         0xa9, 0xcc, 0xa8, 0xc0, 0x13, 0xc0, 0x14, 0x00, 0x9c, 0x00, 0x9d, 0x00, 0x2f, 0x00, 0x35},
        out);
  });
  put({1, 0}, out);  // no compression
  put_block(2, out, [&] {
    put_extensions(domain, grease, random, out);
    put_extension(0x0015, out, [&] { out.resize(client_hello_size); });  // padding
  });
}

Sha256 proof(ByteView record, const ProxySecret& secret) {
  constexpr HelloRandom zeros{};
  return hmac_sha256(secret.key.bytes(), {record.first(hello_random_at), zeros,
                                          record.subspan(hello_random_at + zeros.size())});
}

std::uint32_t seconds(UnixTime now) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

std::string_view server_name(BlockReader extensions) {
  while (!extensions.empty()) {
    const auto type = extensions.number(2);
    BlockReader inside(extensions.block(2));
    if (type != 0) continue;
    BlockReader names(inside.block(2));
    if (names.number(1) != 0) return {};
    return tl::as_text(names.block(2));
  }
  return {};
}

}  // namespace

Bytes make_client_hello(const ProxySecret& secret, UnixTime now, tl::Random& random) {
  Bytes out;
  out.reserve(client_hello_size);
  put({static_cast<std::uint8_t>(TlsRecord::handshake), 3, 1}, out);
  put_block(2, out, [&] {
    out.push_back(1);
    put_block(3, out, [&] { put_body(secret.domain, random, out); });
  });
  auto shown = proof(out, secret);
  const auto time = seconds(now);
  for (unsigned i = 0; i < 4; ++i) shown[28 + i] ^= static_cast<std::uint8_t>(time >> (8 * i));
  std::copy(shown.begin(), shown.end(), out.begin() + hello_random_at);
  return out;
}

tl::Result<ClientHello> open_client_hello(ByteView record, const ProxySecret& secret,
                                          UnixTime now) {
  BlockReader outer(record);
  const auto type = outer.number(1);
  outer.take(2);
  BlockReader handshake(outer.block(2));
  const auto kind = handshake.number(1);
  BlockReader body(handshake.block(3));
  body.take(2);
  ClientHello out;
  const auto random = body.take(out.random.size());
  const auto session_id = body.block(1);
  body.block(2);  // ciphers
  body.block(1);  // compressions
  const BlockReader extensions(body.block(2));
  if (type != static_cast<std::size_t>(TlsRecord::handshake) || kind != 1 || body.bad() ||
      session_id.size() != out.session_id.size() || !outer.empty()) {
    return errc::bad_tls_hello;
  }
  std::copy(random.begin(), random.end(), out.random.begin());
  std::copy(session_id.begin(), session_id.end(), out.session_id.begin());

  const auto due = proof(record, secret);
  constexpr std::size_t plain = 28;
  if (!same_secret(ByteView(due).first(plain), random.first(plain))) {
    return errc::wrong_proxy_secret;
  }
  if (server_name(extensions) != secret.domain) return errc::wrong_proxy_secret;
  std::uint32_t said = 0;
  for (unsigned i = 0; i < 4; ++i) {
    said |= static_cast<std::uint32_t>(due[plain + i] ^ random[plain + i]) << (8 * i);
  }
  constexpr std::int32_t most_skew = 20 * 60;
  const auto skew = static_cast<std::int32_t>(said - seconds(now));
  if (skew > most_skew || skew < -most_skew) return errc::wrong_hello_time;
  return out;
}

}  // namespace mtproto

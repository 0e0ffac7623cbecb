// The messages of the key exchange, boxed, as typed structs. core.telegram.org/mtproto/auth_key
// A ByteView in what read() gives points into the bytes that the reader was made from. read() marks
// a failure in the reader where the constructor is another one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "mtproto/crypto/secret.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace mtproto {

using Nonce = std::array<std::uint8_t, 16>;
using NewNonce = Secret<32>;
using NonceHash = std::array<std::uint8_t, 16>;

struct ReqPq {
  static constexpr std::uint32_t id = 0xbe7e8ef1;      // req_pq_multi
  static constexpr std::uint32_t old_id = 0x60469778;  // req_pq; read() takes both
  Nonce nonce{};

  static ReqPq read(tl::Reader&);
  void write(tl::Writer&) const;
};

struct ResPq {
  static constexpr std::uint32_t id = 0x05162463;
  Nonce nonce{};
  Nonce server_nonce{};
  ByteView pq;
  std::vector<std::uint64_t> fingerprints;

  static ResPq read(tl::Reader&);
  void write(tl::Writer&) const;
};

// Four constructors: for a permanent or a temporary key (expires_in), without or with a dc.
struct PqInnerData {
  static constexpr std::uint32_t id = 0x83c95aec;
  static constexpr std::uint32_t id_dc = 0xa9f55f95;
  static constexpr std::uint32_t id_temp = 0x3c6a84d4;
  static constexpr std::uint32_t id_temp_dc = 0x56fddf88;
  ByteView pq;
  ByteView p;
  ByteView q;
  Nonce nonce{};
  Nonce server_nonce{};
  NewNonce new_nonce;
  std::optional<std::int32_t> dc;
  std::optional<std::int32_t> expires_in;

  static PqInnerData read(tl::Reader&);
  void write(tl::Writer&) const;
};

struct ReqDhParams {
  static constexpr std::uint32_t id = 0xd712e4be;
  Nonce nonce{};
  Nonce server_nonce{};
  ByteView p;
  ByteView q;
  std::uint64_t public_key_fingerprint = 0;
  ByteView encrypted_data;

  static ReqDhParams read(tl::Reader&);
  void write(tl::Writer&) const;
};

struct ServerDhParamsOk {
  static constexpr std::uint32_t id = 0xd0e8075c;
  Nonce nonce{};
  Nonce server_nonce{};
  ByteView encrypted_answer;

  static ServerDhParamsOk read(tl::Reader&);
  void write(tl::Writer&) const;
};

struct ServerDhParamsFail {
  static constexpr std::uint32_t id = 0x79cb045d;
  Nonce nonce{};
  Nonce server_nonce{};
  NonceHash new_nonce_hash{};  // SHA1(new_nonce)[4:20]

  static ServerDhParamsFail read(tl::Reader&);
  void write(tl::Writer&) const;
};

struct ServerDhInnerData {
  static constexpr std::uint32_t id = 0xb5890dba;
  Nonce nonce{};
  Nonce server_nonce{};
  std::int32_t g = 0;
  ByteView dh_prime;
  ByteView g_a;
  std::int32_t server_time = 0;

  static ServerDhInnerData read(tl::Reader&);
  void write(tl::Writer&) const;
};

struct ClientDhInnerData {
  static constexpr std::uint32_t id = 0x6643b654;
  Nonce nonce{};
  Nonce server_nonce{};
  std::array<std::uint8_t, 8> retry_id{};
  ByteView g_b;

  static ClientDhInnerData read(tl::Reader&);
  void write(tl::Writer&) const;
};

struct SetClientDhParams {
  static constexpr std::uint32_t id = 0xf5045f1f;
  Nonce nonce{};
  Nonce server_nonce{};
  ByteView encrypted_data;

  static SetClientDhParams read(tl::Reader&);
  void write(tl::Writer&) const;
};

// dh_gen_ok, dh_gen_retry, dh_gen_fail: one shape, and the number is the one inside the hash.
struct DhGenAnswer {
  enum class Kind : std::uint8_t { ok = 1, retry = 2, fail = 3 };
  static constexpr std::uint32_t id_ok = 0x3bcbf734;
  static constexpr std::uint32_t id_retry = 0x46dc1fb9;
  static constexpr std::uint32_t id_fail = 0xa69dae02;
  Kind kind = Kind::fail;
  Nonce nonce{};
  Nonce server_nonce{};
  NonceHash new_nonce_hash{};

  static DhGenAnswer read(tl::Reader&);
  void write(tl::Writer&) const;
};

template <class Message>
Bytes serialise(const Message& message) {
  Bytes out;
  tl::Writer writer(out);
  message.write(writer);
  return out;
}

}  // namespace mtproto

// Both halves of a key exchange by hand: what a server and a client of our own making would send,
// so that a test can change one field of it.
#pragma once

#include <catch2/catch.hpp>

#include "mtproto/crypto/dh.hpp"
#include "mtproto/crypto/factorize.hpp"
#include "mtproto/errc.hpp"
#include "mtproto/exchange/client_key_exchange.hpp"
#include "mtproto/exchange/derived.hpp"
#include "mtproto/exchange/messages.hpp"
#include "mtproto/exchange/server_key_exchange.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/rsa_keys.hpp"
#include "tests/support/sized_random.hpp"
#include "tests/support/vectors.hpp"
#include "tests/support/work.hpp"

namespace exchange_test {

using namespace mtproto;
using support::hex;
using support::operator+;
using support::run_work;
using support::test_key;
using support::unhex;
using Error = boost::system::error_code;
using Kind = DhGenAnswer::Kind;

inline const Error none;
inline const Time start_time = Time(std::chrono::hours(5));
inline const UnixTime start_wall = UnixTime(std::chrono::seconds(1700000000));

inline DhNumber dh_number(ByteView bytes) {
  DhNumber out{};
  std::copy_backward(bytes.begin(), bytes.end(), out.end());
  return out;
}

template <class Machine>
Error run(Machine& machine, Time now = start_time) {
  const auto outcome = run_work(machine, now);
  return outcome ? none : outcome.error();
}

// Receives, and does the work that comes of it.
inline Error give(ClientKeyExchange& client, ByteView body, Time now = start_time) {
  const auto received = client.receive(body, now);
  return received ? run(client, now) : received.error();
}
inline Error give(ServerKeyExchange& server, ByteView body, Time now = start_time,
                  UnixTime wall = start_wall) {
  const auto received = server.receive(body, now, wall);
  return received ? run(server, now) : received.error();
}

template <class Machine>
Bytes output(Machine& machine) {
  auto out = machine.take_output();
  REQUIRE(out);
  return *out;
}

// Every message to and fro until nobody says anything. The first error.
inline Error talk(ClientKeyExchange& client, ServerKeyExchange& server, Time now = start_time) {
  while (true) {
    auto up = client.take_output();
    if (!up) return none;
    if (auto error = give(server, *up, now)) return error;
    auto down = server.take_output();
    if (!down) return none;
    if (auto error = give(client, *down, now)) return error;
  }
}

// A client up to where a test wants it, and the server that it talks to, made by hand. pq is 15: real
// ones take ten times as long to factor.
struct HandServer {
  explicit HandServer(std::uint64_t seed = 1)
      : random(seed), client({{test_key().public_key()}}, client_random(seed)) {
    client.start();
    output(client);
  }

  tl::Random& client_random(std::uint64_t seed) {
    new_nonce = NewNonce(ByteView(support::drawn(seed + 100, 32)).first<32>());
    const auto drawn_nonce = support::drawn(seed + 200, 16);
    std::copy(drawn_nonce.begin(), drawn_nonce.end(), nonce.begin());
    random.fill(server_nonce);
    a = support::drawn(seed + 300, 256);
    b = support::drawn(seed + 400, 256);
    source = support::SizedRandom(seed);
    source.put(drawn_nonce).put(Bytes(new_nonce.bytes().begin(), new_nonce.bytes().end())).put(b);
    return source;
  }

  ResPq res_pq() {
    return {nonce, server_nonce, pq, {0x1111, test_key().public_key().fingerprint()}};
  }
  ServerDhInnerData inner() {
    static const std::uint8_t base[] = {3};
    g_a = public_power(base, a, known_prime());
    return {nonce, server_nonce, 3, known_prime(), g_a, 1700000000};
  }
  Bytes params(const Bytes& plain) {
    auto sealed = plain;
    const auto tmp = tmp_aes(new_nonce.bytes(), server_nonce);
    ige_encrypt(tmp.key, tmp.iv, sealed);
    return serialise(ServerDhParamsOk{nonce, server_nonce, sealed});
  }
  Bytes params(const ServerDhInnerData& from) {
    const auto sealed = seal(serialise(from), tmp_aes(new_nonce.bytes(), server_nonce), random);
    return serialise(ServerDhParamsOk{nonce, server_nonce, sealed});
  }
  AuthKey key() {
    const std::uint8_t base[] = {3};
    const auto g_b = public_power(base, b, known_prime());
    return AuthKey(power(g_b, a, known_prime()).bytes());
  }
  DhGenAnswer dh_gen(Kind kind) {
    return {kind, nonce, server_nonce,
            key().new_nonce_hash(new_nonce.bytes(), static_cast<std::uint8_t>(kind))};
  }

  // The client has answered resPQ; it has answered server_DH_params_ok.
  HandServer& after_res_pq() {
    REQUIRE(give(client, serialise(res_pq())) == none);
    output(client);
    return *this;
  }
  HandServer& after_params() {
    after_res_pq();
    REQUIRE(give(client, params(inner())) == none);
    output(client);
    return *this;
  }

  support::ScriptedRandom random;
  support::SizedRandom source;
  Bytes pq = {15};
  Nonce nonce{}, server_nonce{};
  NewNonce new_nonce;
  Bytes a, b;
  DhNumber g_a{};
  ClientKeyExchange client;
};

// A server up to where a test wants it, and the client that it talks to, made by hand.
struct HandClient {
  explicit HandClient(ServerExchangeOptions options = {{test_key()}}, std::uint64_t seed = 1)
      : random(seed), source(seed), server(std::move(options), source) {
    random.fill(nonce);
    random.fill(new_nonce.bytes());
    b = support::drawn(seed + 400, 256);
  }

  HandClient& after_req_pq() {
    REQUIRE(give(server, serialise(ReqPq{nonce})) == none);
    read_res_pq(output(server));
    return *this;
  }
  void read_res_pq(const Bytes& body) {
    tl::Reader in(body);
    const auto message = ResPq::read(in);
    REQUIRE(in);
    server_nonce = message.server_nonce;
    pq.assign(message.pq.begin(), message.pq.end());
    fingerprint = message.fingerprints.at(0);
    const auto number = *from_big_endian(pq);
    support::ScriptedRandom walk;
    const auto factors = factorize(number, walk);
    REQUIRE(factors);
    p = minimal(factors->first);
    q = minimal(factors->second);
  }
  PqInnerData inner() { return {pq, p, q, nonce, server_nonce, new_nonce, 2, {}}; }
  ReqDhParams req_dh(ByteView encrypted) {
    return {nonce, server_nonce, p, q, fingerprint, encrypted};
  }
  Bytes req_dh(const PqInnerData& from) {
    const auto encrypted = test_key().public_key().encrypt_padded(serialise(from), random);
    return serialise(req_dh(ByteView(encrypted)));
  }

  HandClient& after_req_dh() {
    after_req_pq();
    REQUIRE(give(server, req_dh(inner())) == none);
    read_params(output(server));
    return *this;
  }
  void read_params(const Bytes& body) {
    tl::Reader in(body);
    const auto message = ServerDhParamsOk::read(in);
    REQUIRE(in);
    const auto plain = unseal(message.encrypted_answer, tmp_aes(new_nonce.bytes(), server_nonce));
    REQUIRE(plain);
    const auto answer = read_unsealed<ServerDhInnerData>(plain->bytes());
    REQUIRE(answer);
    REQUIRE(answer->g == 3);
    server_time = answer->server_time;
    g_a = dh_number(answer->g_a);
    static const std::uint8_t base[] = {3};
    g_b = public_power(base, b, known_prime());
  }
  ClientDhInnerData client_inner() { return {nonce, server_nonce, {}, g_b}; }
  Bytes set_client(const ClientDhInnerData& from) { return set_client_sealed(serialise(from)); }
  Bytes set_client_sealed(const Bytes& object) {
    const auto sealed = seal(object, tmp_aes(new_nonce.bytes(), server_nonce), random);
    return serialise(SetClientDhParams{nonce, server_nonce, sealed});
  }
  AuthKey key() { return AuthKey(power(g_a, b, known_prime()).bytes()); }

  support::ScriptedRandom random;
  support::SizedRandom source;
  Nonce nonce{}, server_nonce{};
  NewNonce new_nonce;
  Bytes pq, p, q, b;
  std::uint64_t fingerprint = 0;
  std::int32_t server_time = 0;
  DhNumber g_a{}, g_b{};
  ServerKeyExchange server;
};

}  // namespace exchange_test

// What the client refuses, and how it repeats.
#include "tests/mtproto/exchange/exchange_support.hpp"

using namespace exchange_test;

namespace {

DhNumber small(std::uint8_t value) {
  DhNumber out{};
  out.back() = value;
  return out;
}

// The error of a fresh client that gets this in place of resPQ; of one that gets it in place of
// server_DH_params_ok; in place of dh_gen_ok.
Error first(const std::function<Bytes(HandServer&)>& body) {
  HandServer by_hand;
  const auto error = give(by_hand.client, body(by_hand));
  CHECK_FALSE(by_hand.client.take_key());
  return error;
}
Error second(const std::function<Bytes(HandServer&)>& body) {
  HandServer by_hand;
  by_hand.after_res_pq();
  const auto error = give(by_hand.client, body(by_hand));
  CHECK_FALSE(by_hand.client.take_key());
  if (error) CHECK_FALSE(by_hand.client.take_output());
  return error;
}
Error third(const std::function<Bytes(HandServer&)>& body) {
  HandServer by_hand;
  by_hand.after_params();
  const auto error = give(by_hand.client, body(by_hand));
  if (error) CHECK_FALSE(by_hand.client.take_key());
  return error;
}

Error first_with(const std::function<void(ResPq&)>& change) {
  return first([&](HandServer& by_hand) {
    auto message = by_hand.res_pq();
    change(message);
    return serialise(message);
  });
}
Error second_with(const std::function<void(ServerDhInnerData&)>& change) {
  return second([&](HandServer& by_hand) {
    auto inner = by_hand.inner();
    change(inner);
    return by_hand.params(inner);
  });
}
Error third_with(Kind kind, const std::function<void(DhGenAnswer&)>& change) {
  return third([&](HandServer& by_hand) {
    auto message = by_hand.dh_gen(kind);
    change(message);
    return serialise(message);
  });
}
Error with_pq(const Bytes& pq) {
  return first_with([&](ResPq& message) { message.pq = pq; });
}

}  // namespace

TEST_CASE("The hand-made server is one that the client accepts") {
  CHECK(first_with([](ResPq&) {}) == none);
  CHECK(second_with([](ServerDhInnerData&) {}) == none);
  CHECK(third_with(Kind::ok, [](DhGenAnswer&) {}) == none);
}

TEST_CASE("The client refuses a resPQ by the field that is wrong") {
  CHECK(first_with([](ResPq& m) { m.nonce[0] ^= 1; }) == errc::wrong_nonce);
  CHECK(first_with([](ResPq& m) { m.nonce[15] ^= 1; }) == errc::wrong_nonce);
  CHECK(first_with([](ResPq& m) { m.fingerprints.clear(); }) == errc::unknown_fingerprint);
  CHECK(first_with([](ResPq& m) { m.fingerprints = {1, 2, 3}; }) == errc::unknown_fingerprint);
  CHECK(first_with([](ResPq& m) { m.fingerprints.back() ^= 1; }) == errc::unknown_fingerprint);
}

TEST_CASE("The client refuses a pq that is no product of two odd primes, or too long") {
  CHECK(with_pq({}) == errc::bad_pq);
  CHECK(with_pq({0}) == errc::bad_pq);
  CHECK(with_pq({1}) == errc::bad_pq);
  CHECK(with_pq({13}) == errc::bad_pq);
  CHECK(with_pq({14}) == errc::bad_pq);
  CHECK(with_pq({49}) == errc::bad_pq);
  CHECK(with_pq({105}) == errc::bad_pq);
  CHECK(with_pq(unhex("7fffffffffffffe7")) == errc::bad_pq);    // prime
  CHECK(with_pq(unhex("8000000000000001")) == errc::bad_pq);    // above 2^63
  CHECK(with_pq(unhex("01000000a8000008f7")) == errc::bad_pq);  // nine bytes
  CHECK(with_pq(Bytes(100000, 1)) == errc::bad_pq);
  CHECK(with_pq({21}) == none);
}

TEST_CASE("p and q are sent in order and as short as they are") {
  HandServer by_hand;
  by_hand.pq = unhex("17ed48941a08f981");
  REQUIRE(give(by_hand.client, serialise(by_hand.res_pq())) == none);
  const auto body = output(by_hand.client);
  tl::Reader in(body);
  const auto request = ReqDhParams::read(in);
  REQUIRE(in);
  CHECK(hex(request.p) == "494c553b");
  CHECK(hex(request.q) == "53911073");
  CHECK(request.nonce == by_hand.nonce);
  CHECK(request.server_nonce == by_hand.server_nonce);
}

TEST_CASE("What the client encrypts names pq, nonces, dc and lifetime") {
  support::SizedRandom random;
  ClientExchangeOptions options{{test_key().public_key()}};
  options.dc = -10002;
  options.expires_in = 77;
  ClientKeyExchange client(options, random);
  client.start();
  const auto start = output(client);
  Nonce nonce{}, server_nonce{};
  std::copy_n(start.begin() + 4, 16, nonce.begin());
  server_nonce[3] = 9;
  const Bytes pq = {15};
  REQUIRE(give(client, serialise(ResPq{
                           nonce, server_nonce, pq, {test_key().public_key().fingerprint()}})) ==
          none);
  const auto body = output(client);
  tl::Reader in(body);
  const auto plain = test_key().decrypt(ReqDhParams::read(in).encrypted_data);
  REQUIRE(plain);
  tl::Reader inside(*plain);
  const auto inner = PqInnerData::read(inside);
  REQUIRE(inside);
  CHECK(hex(inner.pq) == "0f");
  CHECK(hex(inner.p) == "03");
  CHECK(hex(inner.q) == "05");
  CHECK(inner.nonce == nonce);
  CHECK(inner.server_nonce == server_nonce);
  CHECK(inner.dc == -10002);
  CHECK(inner.expires_in == 77);
}

TEST_CASE("The client refuses the outside of server_DH_params_ok by the field that is wrong") {
  const auto with = [](const std::function<void(Bytes&)>& change) {
    return second([&](HandServer& by_hand) {
      auto body = by_hand.params(by_hand.inner());
      change(body);
      return body;
    });
  };
  CHECK(with([](Bytes& body) { body[4] ^= 1; }) == errc::wrong_nonce);
  CHECK(with([](Bytes& body) { body[20] ^= 1; }) == errc::wrong_server_nonce);
  CHECK(with([](Bytes& body) { body[0] ^= 1; }) == errc::exchange_unexpected);
  CHECK(with([](Bytes& body) { tl::append(body, Bytes(36, 0)); }) == none);
  for (std::size_t i = 40; i < 40 + 592; i += 61) {
    CHECK(with([&](Bytes& body) { body[i] ^= 0x80; }) == errc::bad_answer_hash);
  }
  for (std::size_t size : {0, 16, 31, 100, 584, 2064}) {
    const Bytes sealed(size, 3);
    CHECK(second([&](HandServer& by_hand) {
            return serialise(ServerDhParamsOk{by_hand.nonce, by_hand.server_nonce, sealed});
          }) == errc::exchange_malformed);
  }
}

TEST_CASE("The client refuses the answer inside by hash and by padding") {
  const auto with = [](const std::function<void(Bytes&)>& change) {
    return second([&](HandServer& by_hand) {
      const auto object = serialise(by_hand.inner());
      const auto hash = sha1({object});
      auto plain = Bytes(hash.begin(), hash.end()) + object;
      plain.resize((plain.size() + 15) / 16 * 16);
      change(plain);
      return by_hand.params(plain);
    });
  };
  CHECK(with([](Bytes&) {}) == none);
  CHECK(with([](Bytes& plain) { plain[0] ^= 1; }) == errc::bad_answer_hash);
  CHECK(with([](Bytes& plain) { plain[19] ^= 1; }) == errc::bad_answer_hash);
  CHECK(with([](Bytes& plain) { plain[60] ^= 1; }) == errc::bad_answer_hash);
  CHECK(with([](Bytes& plain) { plain.back() ^= 1; }) == none);  // padding is free
  CHECK(with([](Bytes& plain) { plain.resize(plain.size() + 16); }) == errc::bad_answer_padding);
  CHECK(with([](Bytes& plain) { plain.resize(plain.size() - 16); }) == errc::bad_answer_hash);
  CHECK(second([](HandServer& by_hand) {  // another constructor, its hash right
          auto object = serialise(by_hand.inner());
          object[0] ^= 1;
          const auto sealed = seal(object, tmp_aes(by_hand.new_nonce.bytes(), by_hand.server_nonce),
                                   by_hand.random);
          return serialise(ServerDhParamsOk{by_hand.nonce, by_hand.server_nonce, sealed});
        }) == errc::bad_answer_hash);
}

TEST_CASE("The client refuses the answer's fields by name") {
  CHECK(second_with([](auto& inner) { inner.nonce[0] ^= 1; }) == errc::wrong_nonce);
  CHECK(second_with([](auto& inner) { inner.server_nonce[0] ^= 1; }) == errc::wrong_server_nonce);
  for (std::int32_t g : {-3, 0, 1, 2, 5, 6, 8, 259}) {
    CHECK(second_with([&](auto& inner) { inner.g = g; }) == errc::bad_generator);
  }
  CHECK(second_with([](auto& inner) { inner.g = 4; }) == none);

  auto prime = known_prime();
  prime[128] ^= 4;
  CHECK(second_with([&](auto& inner) { inner.dh_prime = prime; }) == errc::bad_prime);
  CHECK(second_with([&](auto& inner) { inner.dh_prime = ByteView(prime).first(255); }) ==
        errc::bad_prime);
  const auto longer = Bytes{0} + Bytes(known_prime().begin(), known_prime().end());
  CHECK(second_with([&](auto& inner) { inner.dh_prime = longer; }) == errc::bad_prime);
  CHECK(second_with([](auto& inner) { inner.dh_prime = {}; }) == errc::bad_prime);

  auto p_less_one = known_prime();
  p_less_one.back() -= 1;
  auto just_below = DhNumber{};
  std::fill(just_below.begin() + 8, just_below.end(), std::uint8_t{0xff});
  for (const auto& g_a : {small(0), small(1), small(2), p_less_one, known_prime(), just_below}) {
    CHECK(second_with([&](auto& inner) { inner.g_a = g_a; }) == errc::bad_g_a);
  }
  CHECK(second_with([](auto& inner) { inner.g_a = {}; }) == errc::bad_g_a);
  const auto long_g_a = Bytes(257, 1);
  CHECK(second_with([&](auto& inner) { inner.g_a = long_g_a; }) == errc::bad_g_a);
}

TEST_CASE("A safe prime that nobody has proven yet is proven and then used") {
  const auto bytes = support::Vectors("primes.txt").bytes("rfc3526_group14");
  const auto prime = dh_number(bytes);
  const std::uint8_t two[] = {2};
  const auto g_a = public_power(two, support::drawn(9, 256), prime);
  CHECK(second_with([&](auto& inner) {
          inner.g = 2;
          inner.dh_prime = prime;
          inner.g_a = g_a;
        }) == none);
}

TEST_CASE("server_DH_params_fail is believed only with its hash") {
  const auto with = [](const std::function<void(ServerDhParamsFail&)>& change) {
    return second([&](HandServer& by_hand) {
      ServerDhParamsFail message{by_hand.nonce, by_hand.server_nonce,
                                 params_fail_hash(by_hand.new_nonce)};
      change(message);
      return serialise(message);
    });
  };
  CHECK(with([](auto&) {}) == errc::params_refused);
  CHECK(with([](auto& message) { message.nonce[1] ^= 1; }) == errc::wrong_nonce);
  CHECK(with([](auto& message) { message.server_nonce[1] ^= 1; }) == errc::wrong_server_nonce);
  CHECK(with([](auto& message) { message.new_nonce_hash[15] ^= 1; }) == errc::bad_new_nonce_hash);
}

TEST_CASE("A confirmation of any kind is believed only with nonces and hash") {
  for (auto kind : {Kind::ok, Kind::retry, Kind::fail}) {
    CHECK(third_with(kind, [](auto& m) { m.nonce[0] ^= 1; }) == errc::wrong_nonce);
    CHECK(third_with(kind, [](auto& m) { m.server_nonce[0] ^= 1; }) == errc::wrong_server_nonce);
    CHECK(third_with(kind, [](auto& m) { m.new_nonce_hash[0] ^= 1; }) == errc::bad_new_nonce_hash);
    for (auto other : {Kind::ok, Kind::retry, Kind::fail}) {
      if (other == kind) continue;
      CHECK(third_with(kind, [&](auto& m) { m.kind = other; }) == errc::bad_new_nonce_hash);
    }
  }
  CHECK(third_with(Kind::fail, [](auto&) {}) == errc::exchange_refused);
}

TEST_CASE("dh_gen_retry has the client try another b, which names the failed key") {
  HandServer by_hand;
  by_hand.after_params();
  for (int attempt = 1; attempt <= 6; ++attempt) {
    const auto failed = by_hand.key();
    by_hand.b = support::drawn(5000 + static_cast<std::uint64_t>(attempt), 256);
    by_hand.source.put(by_hand.b);
    DhGenAnswer retry{Kind::retry, by_hand.nonce, by_hand.server_nonce,
                      failed.new_nonce_hash(by_hand.new_nonce.bytes(), 2)};
    const auto error = give(by_hand.client, serialise(retry));
    if (attempt == 6) {
      CHECK(error == errc::exchange_refused);
      return;
    }
    REQUIRE(error == none);
    const auto body = output(by_hand.client);
    tl::Reader in(body);
    const auto plain = unseal(SetClientDhParams::read(in).encrypted_data,
                              tmp_aes(by_hand.new_nonce.bytes(), by_hand.server_nonce));
    REQUIRE(plain);
    const auto inner = read_unsealed<ClientDhInnerData>(plain->bytes());
    REQUIRE(inner);
    CHECK(inner->retry_id == failed.aux_hash());
    CHECK(inner->g_b.size() == 256);
  }
}

TEST_CASE("A retry can end in a key") {
  HandServer by_hand;
  by_hand.after_params();
  const auto retry = serialise(by_hand.dh_gen(Kind::retry));
  by_hand.b = support::drawn(6000, 256);
  by_hand.source.put(by_hand.b);
  REQUIRE(give(by_hand.client, retry) == none);
  output(by_hand.client);
  REQUIRE(give(by_hand.client, serialise(by_hand.dh_gen(Kind::ok))) == none);
  const auto fresh = by_hand.client.take_key();
  REQUIRE(fresh);
  CHECK(fresh->key.id() == by_hand.key().id());
}

TEST_CASE("No message from the server is taken from a part of it") {
  HandServer maker;
  const auto res_pq = serialise(maker.res_pq());
  for (std::size_t size = 0; size < res_pq.size(); ++size) {
    HandServer by_hand;
    CHECK(give(by_hand.client, ByteView(res_pq).first(size)) == errc::exchange_malformed);
  }
  const auto params = maker.params(maker.inner());
  for (std::size_t size = 0; size < params.size(); size += size < 60 ? 1 : 23) {
    HandServer by_hand;
    by_hand.after_res_pq();
    CHECK(give(by_hand.client, ByteView(params).first(size)) == errc::exchange_malformed);
  }
  const auto dh_gen = serialise(maker.dh_gen(Kind::ok));
  for (std::size_t size = 0; size < dh_gen.size(); size += 3) {
    HandServer by_hand;
    by_hand.after_params();
    CHECK(give(by_hand.client, ByteView(dh_gen).first(size)) == errc::exchange_malformed);
  }
}

TEST_CASE("A message out of its turn is refused, and so is everything behind an error") {
  HandServer maker;
  const auto messages = {serialise(maker.res_pq()), maker.params(maker.inner()),
                         serialise(maker.dh_gen(Kind::ok)), Bytes(40, 0)};
  for (int stage = 0; stage < 4; ++stage) {
    int at = 0;
    for (const auto& message : messages) {
      if (at++ == stage) continue;
      HandServer by_hand;
      if (stage == 1) by_hand.after_res_pq();
      if (stage == 2) by_hand.after_params();
      if (stage == 3) {
        by_hand.after_params();
        REQUIRE(give(by_hand.client, serialise(by_hand.dh_gen(Kind::ok))) == none);
      }
      CHECK(give(by_hand.client, message) == errc::exchange_unexpected);
      CHECK(give(by_hand.client, serialise(by_hand.res_pq())) == errc::exchange_unexpected);
    }
  }
  support::ScriptedRandom random;
  ClientKeyExchange not_started({{test_key().public_key()}}, random);
  CHECK(give(not_started, serialise(maker.res_pq())) == errc::exchange_unexpected);
}

TEST_CASE("An answer that comes while work is under way is unexpected") {
  HandServer by_hand;
  REQUIRE(by_hand.client.receive(serialise(by_hand.res_pq()), start_time));
  CHECK(by_hand.client.receive(serialise(by_hand.res_pq()), start_time).error() ==
        errc::exchange_unexpected);
}

TEST_CASE("Work of an exchange that was started anew is dropped, foreign work refused") {
  HandServer by_hand;
  REQUIRE(by_hand.client.receive(serialise(by_hand.res_pq()), start_time));
  auto work = by_hand.client.take_work();
  REQUIRE(work.size() == 1);
  work[0]->run();
  by_hand.client.start();
  output(by_hand.client);
  CHECK(by_hand.client.done(std::move(work[0]), start_time));
  CHECK_FALSE(by_hand.client.take_output());

  class Foreign final : public Work {
    void run() override {}
  };
  CHECK(by_hand.client.done(std::make_unique<Foreign>(), start_time).error() ==
        errc::exchange_unexpected);
  CHECK(by_hand.client.done(nullptr, start_time).error() == errc::exchange_unexpected);
}

TEST_CASE("Every attempt draws a nonce of its own") {
  support::ScriptedRandom random;
  ClientKeyExchange client({{test_key().public_key()}}, random);
  client.start();
  const auto one = output(client);
  client.start();
  CHECK(output(client) != one);
}

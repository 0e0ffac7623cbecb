// What the server refuses, how it repeats, and how it starts anew.
#include <set>

#include "tests/mtproto/exchange/exchange_support.hpp"

using namespace exchange_test;

namespace {

Error opening_with(const std::function<void(PqInnerData&)>& change,
                   ServerExchangeOptions options = {{test_key()}}) {
  HandClient by_hand(std::move(options));
  by_hand.after_req_pq();
  auto inner = by_hand.inner();
  change(inner);
  return give(by_hand.server, by_hand.req_dh(inner));
}

Error request_with(const std::function<void(ReqDhParams&)>& change) {
  HandClient by_hand;
  by_hand.after_req_pq();
  const auto encrypted =
      test_key().public_key().encrypt_padded(serialise(by_hand.inner()), by_hand.random);
  auto message = by_hand.req_dh(ByteView(encrypted));
  change(message);
  return give(by_hand.server, serialise(message));
}

Error confirming_with(const std::function<void(ClientDhInnerData&)>& change) {
  HandClient by_hand;
  by_hand.after_req_dh();
  auto inner = by_hand.client_inner();
  change(inner);
  const auto error = give(by_hand.server, by_hand.set_client(inner));
  if (error) CHECK_FALSE(by_hand.server.take_key());
  return error;
}

Error confirming_body(const std::function<void(Bytes&)>& change) {
  HandClient by_hand;
  by_hand.after_req_dh();
  auto body = by_hand.set_client(by_hand.client_inner());
  change(body);
  return give(by_hand.server, body);
}

DhGenAnswer dh_gen(const Bytes& body) {
  tl::Reader in(body);
  auto message = DhGenAnswer::read(in);
  REQUIRE(in);
  return message;
}

}  // namespace

TEST_CASE("The hand-made client is one that the server accepts") {
  CHECK(opening_with([](PqInnerData&) {}) == none);
  CHECK(request_with([](ReqDhParams&) {}) == none);
  CHECK(confirming_with([](ClientDhInnerData&) {}) == none);
}

TEST_CASE("pq is a product of two primes of 31 bits, another one each time") {
  std::set<Bytes> seen;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    HandClient by_hand({{test_key()}}, seed);
    by_hand.after_req_pq();
    CHECK(by_hand.pq.size() == 8);
    CHECK(by_hand.p.size() == 4);
    CHECK(by_hand.q.size() == 4);
    CHECK((by_hand.p[0] >> 6) == 1);
    CHECK((by_hand.q[0] >> 6) == 1);
    CHECK(by_hand.p < by_hand.q);
    seen.insert(by_hand.pq);
  }
  CHECK(seen.size() == 20);
}

TEST_CASE("Both ways to begin are accepted") {
  HandClient by_hand;
  auto old = serialise(ReqPq{by_hand.nonce});
  old[0] = 0x78, old[1] = 0x97, old[2] = 0x46, old[3] = 0x60;
  REQUIRE(give(by_hand.server, old) == none);
  by_hand.read_res_pq(output(by_hand.server));
  CHECK(give(by_hand.server, by_hand.req_dh(by_hand.inner())) == none);
}

TEST_CASE("The server refuses req_DH_params by the field that is wrong") {
  const Bytes other = {1, 2, 3, 4};
  CHECK(request_with([](auto& m) { m.nonce[0] ^= 1; }) == errc::wrong_nonce);
  CHECK(request_with([](auto& m) { m.server_nonce[0] ^= 1; }) == errc::wrong_server_nonce);
  CHECK(request_with([](auto& m) { std::swap(m.p, m.q); }) == errc::bad_pq);
  CHECK(request_with([&](auto& m) { m.p = other; }) == errc::bad_pq);
  CHECK(request_with([&](auto& m) { m.q = other; }) == errc::bad_pq);
  CHECK(request_with([&](auto& m) { m.q = {}; }) == errc::bad_pq);
  CHECK(request_with([](auto& m) { m.public_key_fingerprint ^= 1; }) == errc::unknown_fingerprint);
}

TEST_CASE("The server refuses p with a leading zero") {
  HandClient by_hand;
  by_hand.after_req_pq();
  by_hand.p.insert(by_hand.p.begin(), 0);
  CHECK(give(by_hand.server, by_hand.req_dh(by_hand.inner())) == errc::bad_pq);
}

TEST_CASE("A ciphertext that was tampered with is refused without saying why") {
  for (std::size_t i : {0, 1, 31, 32, 100, 255}) {
    Bytes changed;
    CHECK(request_with([&](auto& m) {
            changed.assign(m.encrypted_data.begin(), m.encrypted_data.end());
            changed[i] ^= 1;
            m.encrypted_data = changed;
          }) == errc::bad_rsa_pad);
  }
  const Bytes too_long(257, 1), too_large(256, 0xff), too_short(255, 1);
  for (const auto* data : {&too_long, &too_large, &too_short}) {
    CHECK(request_with([&](auto& m) { m.encrypted_data = *data; }) == errc::bad_rsa_pad);
  }
  CHECK(request_with([](auto& m) { m.encrypted_data = {}; }) == errc::bad_rsa_pad);
}

TEST_CASE("The older padding around the inner data is accepted") {
  HandClient by_hand;
  by_hand.after_req_pq();
  const auto data = serialise(by_hand.inner());
  std::array<std::uint8_t, 256> block{};
  const auto hash = sha1({data});
  std::copy(hash.begin(), hash.end(), block.begin() + 1);
  std::copy(data.begin(), data.end(), block.begin() + 21);
  const auto encrypted = test_key().public_key().raw(block);
  REQUIRE(encrypted);
  CHECK(give(by_hand.server, serialise(by_hand.req_dh(ByteView(*encrypted)))) == none);
}

TEST_CASE("The server refuses inner data by the field that is wrong") {
  const Bytes other = {1, 2, 3, 4};
  CHECK(opening_with([&](auto& inner) { inner.pq = other; }) == errc::bad_inner_data);
  CHECK(opening_with([&](auto& inner) { inner.p = other; }) == errc::bad_inner_data);
  CHECK(opening_with([&](auto& inner) { inner.q = other; }) == errc::bad_inner_data);
  CHECK(opening_with([](auto& inner) { inner.nonce[0] ^= 1; }) == errc::wrong_nonce);
  CHECK(opening_with([](auto& inner) { inner.server_nonce[0] ^= 1; }) == errc::wrong_server_nonce);
  for (std::int32_t expires_in : {0, -1, 30 * 86400 + 1, 2147483647}) {
    CHECK(opening_with([&](auto& inner) { inner.expires_in = expires_in; }) ==
          errc::bad_inner_data);
  }
  for (std::int32_t expires_in : {1, 86400, 30 * 86400}) {
    CHECK(opening_with([&](auto& inner) { inner.expires_in = expires_in; }) == none);
  }
}

TEST_CASE("Inner data of no constructor that there is are refused") {
  HandClient by_hand;
  by_hand.after_req_pq();
  for (const auto& data : {Bytes(100, 0x44), Bytes{}}) {
    const auto encrypted = test_key().public_key().encrypt_padded(data, by_hand.random);
    CHECK(give(by_hand.server, serialise(by_hand.req_dh(ByteView(encrypted)))) ==
          errc::bad_inner_data);
    by_hand.after_req_pq();
  }
}

TEST_CASE("A key for another data centre, or for the other environment, is refused apart") {
  const auto with = [](std::int32_t dc, std::optional<bool> test) {
    ServerExchangeOptions options{{test_key()}};
    options.dc = 2;
    options.test = test;
    return opening_with([&](PqInnerData& inner) { inner.dc = dc; }, options);
  };
  CHECK(with(2, false) == none);
  CHECK(with(-2, false) == none);
  CHECK(with(10002, true) == none);
  CHECK(with(-10002, true) == none);
  for (std::int32_t dc : {0, 1, 3, 10002, -10002, 20002, 2147483647, -2147483647 - 1}) {
    CHECK(with(dc, false) == errc::wrong_data_centre);
  }
  for (std::int32_t dc : {2, -2, 10001, 20002}) {
    CHECK(with(dc, true) == errc::wrong_data_centre);
  }
  // Of either.
  for (std::int32_t dc : {2, -2, 10002, -10002}) CHECK(with(dc, std::nullopt) == none);
  for (std::int32_t dc : {0, 1, 10001, 20002, -2147483647 - 1}) {
    CHECK(with(dc, std::nullopt) == errc::wrong_data_centre);
  }
}

TEST_CASE("The server refuses set_client_DH_params by the field that is wrong") {
  CHECK(confirming_body([](Bytes& body) { body[4] ^= 1; }) == errc::wrong_nonce);
  CHECK(confirming_body([](Bytes& body) { body[20] ^= 1; }) == errc::wrong_server_nonce);
  for (std::size_t i = 40; i < 40 + 336; i += 47) {
    CHECK(confirming_body([&](Bytes& body) { body[i] ^= 1; }) == errc::bad_answer_hash);
  }
  CHECK(confirming_with([](auto& inner) { inner.nonce[0] ^= 1; }) == errc::wrong_nonce);
  CHECK(confirming_with([](auto& inner) { inner.server_nonce[0] ^= 1; }) ==
        errc::wrong_server_nonce);
  CHECK(confirming_with([](auto& inner) { inner.retry_id[0] ^= 1; }) == errc::bad_inner_data);
  auto p_less_one = known_prime();
  p_less_one.back() -= 1;
  const Bytes one = {1}, too_long(257, 1);
  CHECK(confirming_with([&](auto& inner) { inner.g_b = one; }) == errc::bad_g_b);
  CHECK(confirming_with([&](auto& inner) { inner.g_b = p_less_one; }) == errc::bad_g_b);
  CHECK(confirming_with([&](auto& inner) { inner.g_b = known_prime(); }) == errc::bad_g_b);
  CHECK(confirming_with([&](auto& inner) { inner.g_b = too_long; }) == errc::bad_g_b);
  CHECK(confirming_with([](auto& inner) { inner.g_b = {}; }) == errc::bad_g_b);
}

TEST_CASE("A g_b without its leading zero is the same number") {
  HandClient by_hand;
  by_hand.b = support::drawn(337, 256);
  by_hand.after_req_dh();
  REQUIRE(by_hand.g_b[0] == 0);
  auto inner = by_hand.client_inner();
  inner.g_b = ByteView(by_hand.g_b).subspan(1);
  REQUIRE(give(by_hand.server, by_hand.set_client(inner)) == none);
  const auto fresh = by_hand.server.take_key();
  REQUIRE(fresh);
  CHECK(fresh->key.id() == by_hand.key().id());
}

TEST_CASE("Sealed data with too much padding are refused") {
  HandClient by_hand;
  by_hand.after_req_dh();
  const auto object = serialise(by_hand.client_inner());
  const auto hash = sha1({object});
  auto plain = Bytes(hash.begin(), hash.end()) + object;
  plain.resize(plain.size() + 12 + 16);
  const auto tmp = tmp_aes(by_hand.new_nonce.bytes(), by_hand.server_nonce);
  ige_encrypt(tmp.key, tmp.iv, plain);
  CHECK(give(by_hand.server, serialise(SetClientDhParams{by_hand.nonce, by_hand.server_nonce,
                                                         plain})) == errc::bad_answer_padding);
}

TEST_CASE("After an error the server has forgotten everything, and takes a new beginning") {
  HandClient by_hand;
  by_hand.after_req_dh();
  const auto good = by_hand.set_client(by_hand.client_inner());
  auto bad = good;
  bad[50] ^= 1;
  CHECK(give(by_hand.server, bad) == errc::bad_answer_hash);
  CHECK(give(by_hand.server, good) == errc::exchange_unexpected);
  CHECK_FALSE(by_hand.server.take_output());
  by_hand.after_req_dh();
  CHECK(give(by_hand.server, by_hand.set_client(by_hand.client_inner())) == none);
}

TEST_CASE("An identical request gets the identical answer for ten minutes") {
  HandClient by_hand;
  const auto one = serialise(ReqPq{by_hand.nonce});
  REQUIRE(give(by_hand.server, one) == none);
  const auto first = output(by_hand.server);
  by_hand.read_res_pq(first);
  const auto late = start_time + std::chrono::minutes(9);
  CHECK(give(by_hand.server, one, late) == none);
  CHECK(output(by_hand.server) == first);

  const auto two = by_hand.req_dh(by_hand.inner());
  REQUIRE(give(by_hand.server, two) == none);
  const auto second = output(by_hand.server);
  by_hand.read_params(second);
  CHECK(give(by_hand.server, two, late) == none);
  CHECK(output(by_hand.server) == second);
  CHECK(give(by_hand.server, one, late) == none);
  CHECK(output(by_hand.server) == first);

  const auto three = by_hand.set_client(by_hand.client_inner());
  REQUIRE(give(by_hand.server, three) == none);
  const auto third = output(by_hand.server);
  CHECK(by_hand.server.take_key());
  CHECK(give(by_hand.server, three, late) == none);
  CHECK(output(by_hand.server) == third);
  CHECK_FALSE(by_hand.server.take_key());

  const auto too_late = start_time + std::chrono::minutes(10);
  CHECK(give(by_hand.server, three, too_late) == errc::exchange_unexpected);
}

TEST_CASE("An unfinished exchange is forgotten after ten minutes") {
  HandClient by_hand;
  by_hand.after_req_dh();
  CHECK(give(by_hand.server, by_hand.set_client(by_hand.client_inner()),
             start_time + std::chrono::minutes(10)) == errc::exchange_unexpected);
}

TEST_CASE("A repeat of a request that is being worked on waits for its answer") {
  HandClient by_hand;
  by_hand.after_req_pq();
  const auto body = by_hand.req_dh(by_hand.inner());
  REQUIRE(by_hand.server.receive(body, start_time, start_wall));
  CHECK(by_hand.server.receive(body, start_time, start_wall));
  CHECK_FALSE(by_hand.server.take_output());
  CHECK(run(by_hand.server) == none);
  CHECK(by_hand.server.take_output());
  CHECK(by_hand.server.take_work().empty());
}

TEST_CASE("A new beginning is accepted at any time, also while work is under way") {
  HandClient by_hand;
  by_hand.after_req_pq();
  REQUIRE(by_hand.server.receive(by_hand.req_dh(by_hand.inner()), start_time, start_wall));
  auto work = by_hand.server.take_work();
  REQUIRE(work.size() == 1);
  work[0]->run();
  const auto old_server_nonce = by_hand.server_nonce;
  by_hand.nonce[5] ^= 1;
  by_hand.after_req_pq();
  CHECK(by_hand.server_nonce != old_server_nonce);
  CHECK(by_hand.server.done(std::move(work[0]), start_time));
  CHECK_FALSE(by_hand.server.take_output());
  CHECK(give(by_hand.server, by_hand.req_dh(by_hand.inner())) == none);
  CHECK(by_hand.server.take_output());
  by_hand.nonce[5] ^= 2;
  by_hand.after_req_dh();
  CHECK(give(by_hand.server, by_hand.set_client(by_hand.client_inner())) == none);
  CHECK(by_hand.server.take_key());
}

TEST_CASE("A key that exists already is tried again, at most five times, and then refused") {
  int asked = 0;
  ServerExchangeOptions options{{test_key()}};
  options.taken = [&](AuthKeyId) { return ++asked > 0; };
  HandClient by_hand(options);
  by_hand.after_req_dh();
  auto inner = by_hand.client_inner();
  for (int attempt = 1; attempt <= 6; ++attempt) {
    const auto key = by_hand.key();
    REQUIRE(give(by_hand.server, by_hand.set_client(inner)) == none);
    const auto answer = dh_gen(output(by_hand.server));
    const auto expected = attempt == 6 ? Kind::fail : Kind::retry;
    CHECK(answer.kind == expected);
    CHECK(answer.new_nonce_hash ==
          key.new_nonce_hash(by_hand.new_nonce.bytes(), static_cast<std::uint8_t>(expected)));
    CHECK_FALSE(by_hand.server.take_key());
    inner.retry_id = key.aux_hash();
    by_hand.b = support::drawn(700 + static_cast<std::uint64_t>(attempt), 256);
    const std::uint8_t base[] = {3};
    by_hand.g_b = public_power(base, by_hand.b, known_prime());
  }
  CHECK(asked == 6);
  CHECK(give(by_hand.server, by_hand.set_client(inner)) == errc::exchange_unexpected);
}

TEST_CASE("A client gets its key after a retry") {
  int asked = 0;
  ServerExchangeOptions options{{test_key()}};
  options.taken = [&](AuthKeyId) { return ++asked == 1; };
  support::ScriptedRandom client_random(1), server_random(2);
  ClientKeyExchange client({{test_key().public_key()}}, client_random);
  ServerKeyExchange server(options, server_random);
  client.start();
  CHECK(talk(client, server) == none);
  const auto mine = client.take_key(), theirs = server.take_key();
  REQUIRE(mine);
  REQUIRE(theirs);
  CHECK(mine->key.id() == theirs->key.id());
  CHECK(asked == 2);
}

TEST_CASE("No request is taken from a part of it") {
  HandClient maker;
  const auto req_pq = serialise(ReqPq{maker.nonce});
  for (std::size_t size = 0; size < req_pq.size(); ++size) {
    HandClient by_hand;
    CHECK(give(by_hand.server, ByteView(req_pq).first(size)) == errc::exchange_malformed);
  }
  for (std::size_t size = 0; size < 320; size += size < 70 ? 1 : 13) {
    HandClient by_hand;
    by_hand.after_req_pq();
    const auto body = by_hand.req_dh(by_hand.inner());
    REQUIRE(size < body.size());
    CHECK(give(by_hand.server, ByteView(body).first(size)) == errc::exchange_malformed);
  }
  for (std::size_t size = 0; size < 376; size += size < 44 ? 3 : 37) {
    HandClient by_hand;
    by_hand.after_req_dh();
    const auto body = by_hand.set_client(by_hand.client_inner());
    REQUIRE(size < body.size());
    CHECK(give(by_hand.server, ByteView(body).first(size)) == errc::exchange_malformed);
  }
}

TEST_CASE("A request out of its turn, or of no kind, is unexpected") {
  HandClient maker;
  maker.after_req_dh();
  const auto req_dh = maker.req_dh(maker.inner());
  const auto set_client = maker.set_client(maker.client_inner());
  for (const auto& body : {req_dh, set_client, Bytes(40, 0)}) {
    HandClient by_hand;
    CHECK(give(by_hand.server, body) == errc::exchange_unexpected);
  }
  CHECK(give(maker.server, req_dh) == errc::exchange_unexpected);  // padded anew: no repeat
  HandClient waiting;
  waiting.after_req_pq();
  CHECK(give(waiting.server, set_client) == errc::exchange_unexpected);
}

TEST_CASE("The server's clock is the one at the answer, and both get it") {
  HandClient by_hand;
  by_hand.after_req_pq();
  const auto asked = start_time + std::chrono::minutes(1);
  const auto wall = start_wall + std::chrono::minutes(1);
  REQUIRE(by_hand.server.receive(by_hand.req_dh(by_hand.inner()), asked, wall));
  CHECK(run(by_hand.server, asked + std::chrono::seconds(3)) == none);
  by_hand.read_params(output(by_hand.server));
  CHECK(by_hand.server_time == 1700000063);
}

TEST_CASE("Foreign work is refused by the server") {
  HandClient by_hand;
  CHECK(by_hand.server.done(nullptr, start_time).error() == errc::exchange_unexpected);
}

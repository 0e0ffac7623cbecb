// The two halves with each other, and the client with two recordings.
#include "mtproto/exchange/plain_message.hpp"
#include "tests/mtproto/exchange/exchange_support.hpp"

using namespace exchange_test;
using support::drawn;

namespace {

struct Halves {
  explicit Halves(ClientExchangeOptions client_options = {{test_key().public_key()}},
                  ServerExchangeOptions server_options = {{test_key()}})
      : client(std::move(client_options), client_random),
        server(std::move(server_options), server_random) {}

  // The key that both have now.
  FreshKey exchange(Time now = start_time) {
    client.start();
    REQUIRE(talk(client, server, now) == none);
    auto mine = client.take_key(), theirs = server.take_key();
    REQUIRE(mine);
    REQUIRE(theirs);
    CHECK(hex(mine->key.bytes()) == hex(theirs->key.bytes()));
    CHECK(mine->key.id() == theirs->key.id());
    CHECK(mine->server_salt == theirs->server_salt);
    CHECK(mine->expires_in == theirs->expires_in);
    CHECK(mine->dc == theirs->dc);
    CHECK_FALSE(client.take_key());
    CHECK_FALSE(server.take_key());
    CHECK(client.take_work().empty());
    CHECK(server.take_work().empty());
    return *mine;
  }

  support::SizedRandom client_random{1}, server_random{2};
  ClientKeyExchange client;
  ServerKeyExchange server;
};

// As real servers do.
Bytes with_tail(Bytes body, std::size_t count) {
  body.resize(body.size() + count, 0x5c);
  return body;
}

}  // namespace

TEST_CASE("A recorded exchange with Telegram is replayed byte for byte") {
  const support::Vectors recorded("exchange_recorded.txt");
  support::ScriptedRandom random(recorded.bytes("step1_random") + recorded.bytes("new_nonce") +
                                 recorded.bytes("rsa_pad_padding") +
                                 recorded.bytes("rsa_pad_temp_key") +
                                 recorded.bytes("step3_random"));
  ClientExchangeOptions options{{support::telegram_key("test")}};
  options.legacy_inner_data = true;
  ClientKeyExchange client(options, random);
  client.start();
  CHECK(hex(output(client)) == recorded.text("step1_request"));
  CHECK(give(client, recorded.bytes("step1_response")) == none);
  CHECK(hex(output(client)) == recorded.text("step2_request"));
  CHECK(give(client, recorded.bytes("step2_response")) == none);
  CHECK(hex(output(client)) == recorded.text("step3_request"));
  CHECK(give(client, recorded.bytes("step3_response"),
             start_time + std::chrono::milliseconds(250)) == none);
  const auto fresh = client.take_key();
  REQUIRE(fresh);
  CHECK(hex(fresh->key.bytes()) == recorded.text("auth_key"));
  CHECK(fresh->server_salt == 4459407212920268508u);
  CHECK(fresh->server_time ==
        UnixTime(std::chrono::seconds(1693436740)) + std::chrono::milliseconds(250));
  CHECK_FALSE(client.take_output());
}

TEST_CASE("The official sample is replayed, with the bytes that real servers append") {
  const support::Vectors sample("exchange_sample.txt");
  support::SizedRandom random;
  random.put(sample.bytes("nonce")).put(sample.bytes("new_nonce")).put(sample.bytes("b"));
  random.put(sample.bytes("client_padding"));
  ClientKeyExchange client({{support::telegram_key("production")}}, random);
  client.start();
  CHECK(hex(output(client)) ==
        sample.text("msg1_req_pq_multi_full_packet").substr(2 * plain_message_head));
  auto packet = with_tail(sample.bytes("msg2_resPQ_packet_as_printed"), 104);
  CHECK(give(client, parse_plain_message(packet)->body) == none);
  const auto second = output(client);
  tl::Reader in(second);
  const auto request = ReqDhParams::read(in);
  CHECK(hex(request.p) == sample.text("p"));
  CHECK(hex(request.q) == sample.text("q"));
  CHECK(request.public_key_fingerprint == 0xd09d1d85de64fd85);
  CHECK(request.encrypted_data.size() == 256);
  const auto nonce = sample.array<16>("nonce"), server_nonce = sample.array<16>("server_nonce");
  const auto answer = sample.bytes("encrypted_answer");
  CHECK(give(client, with_tail(serialise(ServerDhParamsOk{nonce, server_nonce, answer}), 36)) ==
        none);
  const auto sealed = sample.bytes("client_encrypted_data");
  CHECK(hex(output(client)) == hex(serialise(SetClientDhParams{nonce, server_nonce, sealed})));
  packet = with_tail(sample.bytes("dh_gen_ok_packet_as_printed"), 60);
  CHECK(give(client, parse_plain_message(packet)->body) == none);
  const auto fresh = client.take_key();
  REQUIRE(fresh);
  CHECK(hex(fresh->key.bytes()) == sample.text("auth_key"));
  CHECK(fresh->server_salt == 0xfea726f0ffb22f52);
}

TEST_CASE("Client and server agree about a permanent key") {
  Halves halves;
  const auto fresh = halves.exchange();
  CHECK_FALSE(fresh.expires_in);
  CHECK(fresh.dc == 2);
  CHECK(fresh.server_time == start_wall);
}

TEST_CASE("Client and server agree about a temporary key") {
  ClientExchangeOptions options{{test_key().public_key()}};
  options.expires_in = 86400;
  Halves halves(options);
  CHECK(halves.exchange().expires_in == 86400);
}

TEST_CASE("A permanent and then a temporary key come out of two exchanges on one object") {
  Halves halves;
  const auto first = halves.exchange();
  const auto second = halves.exchange(start_time + std::chrono::seconds(1));
  CHECK(first.key.id() != second.key.id());
  ClientExchangeOptions options{{test_key().public_key()}};
  options.expires_in = 3600;
  ClientKeyExchange temporary(options, halves.client_random);
  temporary.start();
  REQUIRE(talk(temporary, halves.server) == none);
  REQUIRE(temporary.take_key());
  CHECK(halves.server.take_key()->expires_in == 3600);
}

TEST_CASE("Test and media data centres are named by their numbers") {
  for (const auto& [dc, own, test] :
       {std::tuple{2, 2, false}, {-2, 2, false}, {10003, 3, true}, {-10003, 3, true}}) {
    ClientExchangeOptions client{{test_key().public_key()}};
    client.dc = dc;
    ServerExchangeOptions server{{test_key()}};
    server.dc = own;
    server.test = test;
    CHECK(Halves(client, server).exchange().dc == dc);
  }
}

TEST_CASE("Inner data that name no data centre are accepted") {
  ClientExchangeOptions client{{test_key().public_key()}};
  client.legacy_inner_data = true;
  client.dc = 10002;
  ServerExchangeOptions server{{test_key()}};
  server.test = true;
  Halves(client, server).exchange();
}

TEST_CASE("Of several keys on either side the common one is used") {
  const auto other = RsaPrivateKey::generate();
  ClientExchangeOptions client{{support::telegram_key("test"), test_key().public_key()}};
  ServerExchangeOptions server{{other, test_key()}};
  Halves(client, server).exchange();
}

TEST_CASE("Nonces that begin with zeros make the same key on both sides") {
  Halves halves;
  halves.client_random.put(Bytes(2, 0) + drawn(5, 14)).put(Bytes(3, 0) + drawn(6, 29));
  halves.server_random.put(Bytes(1, 0) + drawn(7, 15));
  halves.exchange();
}

TEST_CASE("Public numbers that begin with a zero make the same key on both sides") {
  const std::uint8_t g[] = {3};
  REQUIRE(public_power(g, drawn(337, 256), known_prime())[0] == 0);
  REQUIRE(public_power(g, drawn(413, 256), known_prime())[0] == 0);
  Halves halves;
  halves.client_random.put(drawn(337, 256));
  halves.server_random.put(drawn(413, 256));
  halves.exchange();
}

TEST_CASE("A key that begins with a zero keeps it") {
  Halves halves;
  halves.server_random.put(drawn(1, 256));
  halves.client_random.put(drawn(515, 256));
  const auto fresh = halves.exchange();
  CHECK(fresh.key.bytes()[0] == 0);
}

TEST_CASE("Exponents whose power is out of range are drawn again") {
  Halves halves;
  halves.server_random.put(Bytes(256, 0)).put(Bytes(255, 0) + Bytes{7});
  halves.client_random.put(Bytes(256, 0)).put(Bytes(255, 0) + Bytes{9});
  halves.exchange();
}

TEST_CASE("Many exchanges with other randomness all succeed") {
  for (std::uint64_t seed = 10; seed < 20; ++seed) {
    support::ScriptedRandom client_random(seed), server_random(seed + 1000);
    ClientKeyExchange client({{test_key().public_key()}}, client_random);
    ServerKeyExchange server({{test_key()}}, server_random);
    client.start();
    CHECK(talk(client, server) == none);
    CHECK(client.take_key());
  }
}

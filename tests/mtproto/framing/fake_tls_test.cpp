#include "mtproto/framing/fake_tls.hpp"

#include "mtproto/framing/tls_records.hpp"
#include "tests/mtproto/framing/framing_support.hpp"

using namespace framing_test;

namespace {

constexpr UnixTime noon{std::chrono::seconds(1'700'000'000)};

ProxySecret secret(std::string domain = "example.org") {
  return {SecretBytes(sequence(0, 15)), true, std::move(domain)};
}

Bytes hello_at(UnixTime now, const ProxySecret& with = secret()) {
  ScriptedRandom random;
  return make_client_hello(with, now, random);
}

boost::system::error_code opening(ByteView hello, const ProxySecret& with = secret()) {
  return open_client_hello(hello, with, noon).error();
}

// What the server's half makes of `hello`.
Bytes answer_to(ByteView hello) {
  ScriptedRandom random(7);
  FakeTlsServer server(secret(), random);
  Bytes out;
  const auto done = server.receive(hello, noon, out);
  REQUIRE(done);
  REQUIRE(*done);
  return out;
}

}  // namespace

TEST_CASE("A client hello has 517 bytes whatever the domain") {
  for (const std::size_t size : {1, 11, 100, 182}) {
    const auto hello = hello_at(noon, secret(std::string(size, 'a')));
    CHECK(hello.size() == 517);
    CHECK(hex(ByteView(hello).first(11)) == "1603010200010001fc0303");
    CHECK_FALSE(opening(hello, secret(std::string(size, 'a'))));
  }
}

TEST_CASE("Two client hellos share no random bytes") {
  ScriptedRandom random;
  const auto one = make_client_hello(secret(), noon, random);
  const auto two = make_client_hello(secret(), noon, random);
  CHECK_FALSE(std::equal(one.begin() + 11, one.begin() + 43, two.begin() + 11));
  CHECK_FALSE(std::equal(one.begin() + 44, one.begin() + 76, two.begin() + 44));
}

TEST_CASE("The server's half takes mtcute's hello") {
  const support::Vectors vectors("proxy_hello.txt");
  const auto hello = vectors.bytes("mtcute_hello");
  const auto opened = open_client_hello(hello, secret(), noon);
  REQUIRE(opened);
  CHECK(hex(opened->random) == hex(ByteView(hello).subspan(11, 32)));
  CHECK(hex(opened->session_id) == hex(ByteView(hello).subspan(44, 32)));
}

TEST_CASE("A hello of another key or domain or with a changed byte is refused") {
  const auto hello = hello_at(noon);
  auto other = secret();
  other.key.bytes()[15] ^= 1;
  CHECK(opening(hello, other) == errc::wrong_proxy_secret);
  CHECK(opening(hello_at(noon, secret("example.com"))) == errc::wrong_proxy_secret);
  for (const std::size_t at : {11U, 38U, 50U, 200U, 516U}) {
    auto changed = hello;
    changed[at] ^= 1;
    CHECK(opening(changed) == errc::wrong_proxy_secret);
  }
}

TEST_CASE("A hello of another time is refused") {
  using std::chrono::minutes;
  CHECK_FALSE(opening(hello_at(noon + minutes(19))));
  CHECK_FALSE(opening(hello_at(noon - minutes(19))));
  CHECK(opening(hello_at(noon + minutes(21))) == errc::wrong_hello_time);
  CHECK(opening(hello_at(noon - minutes(21))) == errc::wrong_hello_time);
}

TEST_CASE("Nonsense in the place of a client hello is refused at once") {
  ScriptedRandom random;
  for (const char* bytes :
       {"ef", "17", "1603011001", "160301000401000000", "16030100080100000403030000"}) {
    FakeTlsServer server(secret(), random);
    Bytes out;
    CHECK(server.receive(unhex(bytes), noon, out).error() == errc::bad_tls_hello);
    CHECK(out.empty());
  }
}

TEST_CASE("A cut hello waits for its rest and what follows it is kept") {
  ScriptedRandom random;
  FakeTlsServer server(secret(), random);
  const auto hello = hello_at(noon) + unhex("140303000101");
  Bytes out;
  for (std::size_t i = 0; i < 516; ++i) {
    const auto done = server.receive(ByteView(hello).subspan(i, 1), noon, out);
    REQUIRE(done);
    REQUIRE_FALSE(*done);
  }
  CHECK(out.empty());
  const auto done = server.receive(ByteView(hello).subspan(516), noon, out);
  REQUIRE(done);
  CHECK(*done);
  CHECK(hex(server.take_rest()) == "140303000101");
  CHECK(hex(ByteView(out).first(3)) == "160303");
}

TEST_CASE("The two halves of the handshake agree byte by byte") {
  ScriptedRandom random;
  FakeTlsClient client(secret(), noon, random);
  const auto answer = answer_to(client.hello());
  for (std::size_t i = 0; i + 1 < answer.size(); ++i) {
    const auto done = client.receive(ByteView(answer).subspan(i, 1));
    REQUIRE(done);
    REQUIRE_FALSE(*done);
  }
  const auto done = client.receive(ByteView(answer).last(1));
  REQUIRE(done);
  CHECK(*done);
}

TEST_CASE("The server's answer says the client's session id") {
  const auto hello = hello_at(noon);
  const auto answer = answer_to(hello);
  CHECK(hex(ByteView(answer).subspan(43, 33)) == hex(ByteView(hello).subspan(43, 33)));
}

TEST_CASE("An answer proves the key as another implementation makes it") {
  const support::Vectors vectors("proxy_hello.txt");
  auto hello = hello_at(noon);
  const auto random = vectors.bytes("client_random");
  std::copy(random.begin(), random.end(), hello.begin() + 11);
  auto answer = vectors.bytes("answer");
  CHECK(proves_key(answer, hello, secret()));
  answer.back() ^= 1;
  CHECK_FALSE(proves_key(answer, hello, secret()));
}

TEST_CASE("The client's half refuses an answer of another key") {
  ScriptedRandom random;
  FakeTlsClient client(secret(), noon, random);
  auto answer = answer_to(client.hello());
  answer[42] ^= 1;
  CHECK(client.receive(answer).error() == errc::wrong_proxy_secret);
}

TEST_CASE("The client's half refuses what is no answer") {
  for (const char* bytes :
       {"1503030002", "1703030001", "1403030001", "1603010001", "160303ffff", "485454502f"}) {
    ScriptedRandom random;
    FakeTlsClient client(secret(), noon, random);
    CHECK(client.receive(unhex(bytes)).error() == errc::bad_tls_hello);
  }
}

TEST_CASE("The client's half refuses a proxy that says more than its answer") {
  ScriptedRandom random;
  FakeTlsClient client(secret(), noon, random);
  CHECK(client.receive(answer_to(client.hello()) + Bytes(1, 0x17)).error() == errc::bad_tls_hello);
}

TEST_CASE("The client's half refuses handshake records without end") {
  ScriptedRandom random;
  FakeTlsClient client(secret(), noon, random);
  const auto record = unhex("1603030000");
  for (int i = 0; i < 17; ++i) REQUIRE(client.receive(record));
  CHECK(client.receive(record).error() == errc::bad_tls_hello);
}

TEST_CASE("Records carry a stream whichever way they are cut") {
  RecordWriter writer(RecordWriter::Begin::after_change);
  Bytes wire;
  Bytes stream(10'000, 0);
  for (std::size_t i = 0; i < stream.size(); ++i) stream[i] = static_cast<std::uint8_t>(i * 7);
  writer.write(stream, wire);
  writer.write(unhex("0102"), wire);
  CHECK(hex(ByteView(wire).first(11)) == "1403030001011703030b3e");
  CHECK(hex(ByteView(wire).last(7)) == "17030300020102");
  for (const std::size_t step : {1U, 5U, 1000U, 100'000U}) {
    RecordReader reader;
    Bytes out;
    for (std::size_t at = 0; at < wire.size(); at += step) {
      REQUIRE(reader.read(ByteView(wire).subspan(at, std::min(step, wire.size() - at)), out));
    }
    CHECK(out == stream + unhex("0102"));
  }
}

TEST_CASE("What is no record of data is refused") {
  for (const char* bytes : {"1503030002", "1603030002", "1703010002", "17030341ff", "1403030002"}) {
    RecordReader reader;
    Bytes out;
    CHECK(reader.read(unhex(bytes), out).error() == errc::bad_tls_record);
  }
}

TEST_CASE("A transport in records is read by its proxy and fails at an alert") {
  ScriptedRandom random;
  ClientTransport options{Framing::padded, true, 2, sequence(0, 15), true};
  auto client = Transport::client(options, random);
  const auto wire = written(client, sequence(1, 24));
  CHECK(hex(ByteView(wire).first(9)) == "140303000101170303");
  client.feed(unhex("15030300020228"));
  CHECK(client.next().error() == errc::bad_tls_record);
}

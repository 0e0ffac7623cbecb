#include "mtproto/message/container.hpp"

#include <catch2/catch.hpp>

#include "mtproto/message/gzip.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/unpack.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/peer.hpp"

using namespace mtproto;
using support::words;

namespace {

std::uint32_t crc32(ByteView bytes) {
  std::uint32_t crc = ~0u;
  for (const auto byte : bytes) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

Incoming unpacked(const Bytes& body, std::size_t max = 1 << 20) {
  support::ScriptedRandom random;
  const auto key = support::fixed_key();
  Bytes packet;
  seal(key, Side::server, {0, SessionId(1), MessageId(1001), 1}, body, random, packet);
  return unpack(*open(key, Side::server, packet, false), key.id(), max);
}

Bytes packed(const Bytes& body) {
  auto out = pack_gzip(body);
  REQUIRE(out.has_value());
  return *out;
}

// A gzip_packed even where that is longer: stored, not compressed.
Bytes gzip_of(const Bytes& body) {
  const auto size = static_cast<std::uint16_t>(body.size());
  Bytes stream{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1};
  stream.push_back(static_cast<std::uint8_t>(size));
  stream.push_back(static_cast<std::uint8_t>(size >> 8));
  stream.push_back(static_cast<std::uint8_t>(~size));
  stream.push_back(static_cast<std::uint8_t>(~size >> 8));
  tl::append(stream, body);
  tl::Writer(stream).nat(crc32(body)).nat(size);
  Bytes out;
  tl::Writer(out).nat(gzip_packed_id).bytes(stream);
  return out;
}

Bytes of(ByteView view) { return {view.begin(), view.end()}; }

// It becomes about three quarters as long, wherever one looks.
Bytes noise_of_letters(std::size_t size) {
  Bytes body(size);
  std::uint64_t state = 1;
  for (auto& byte : body) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<std::uint8_t>('a' + (state >> 33) % 50);
  }
  return body;
}

}  // namespace

TEST_CASE("a container is read as it was written") {
  const auto one = words({1});
  const auto two = words({2, 3});
  Bytes body;
  write_container(
      std::vector{InnerMessage{MessageId(4), 1, one}, InnerMessage{MessageId(8), 2, two}}, body);
  CHECK(body == words({0x73f1f8dc, 2, 4, 0, 1, 4, 1, 8, 0, 2, 8, 2, 3}));
  const auto read = read_container(body);
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 2);
  CHECK((*read)[1].id == MessageId(8));
  CHECK((*read)[1].seqno == 2);
  CHECK(of((*read)[1].body) == two);
}

TEST_CASE("containers that lie about lengths, counts or nesting are refused") {
  CHECK(read_container(words({0x73f1f8dc})).error() == errc::bad_container);
  CHECK(read_container(words({0x73f1f8dc, 1})).error() == errc::bad_container);
  CHECK(read_container(words({0x73f1f8dc, 0xffffffff, 4, 0, 1, 4, 1})).error() ==
        errc::bad_container);
  CHECK(read_container(words({0x73f1f8dc, 1, 4, 0, 1, 8, 1})).error() == errc::bad_container);
  CHECK(read_container(words({0x73f1f8dc, 1, 4, 0, 1, 3, 1})).error() == errc::bad_container);
  CHECK(read_container(words({0x73f1f8dc, 1, 4, 0, 1, 8, 0x73f1f8dc, 0})).error() ==
        errc::bad_container);
  CHECK(read_container(words({1, 1, 4, 0, 1, 4, 1})).error() == errc::bad_container);
}

TEST_CASE("1024 messages are the most") {
  const auto one = words({1});
  std::vector<InnerMessage> messages(1024, InnerMessage{MessageId(4), 1, one});
  Bytes body;
  write_container(messages, body);
  CHECK(read_container(body).has_value());
  messages.push_back(messages.front());
  body.clear();
  write_container(messages, body);
  CHECK(read_container(body).error() == errc::bad_container);
}

TEST_CASE("gzip gives back what was packed") {
  const Bytes body(10'000, 7);
  const auto small = packed(body);
  CHECK(small.size() < 200);
  CHECK(is_gzip_packed(small));
  CHECK(unpack_gzip(small, 10'000).value() == body);
}

TEST_CASE("what gzip does not make shorter stays as it is") {
  support::ScriptedRandom random;
  Bytes noise(10'000);
  random.fill(noise);
  CHECK_FALSE(pack_gzip(noise).has_value());
  CHECK_FALSE(pack_gzip(Bytes(16)).has_value());
}

TEST_CASE("a gzip bomb is refused at the limit, whatever length it names") {
  auto bomb = packed(Bytes(1'000'000));
  CHECK(unpack_gzip(bomb, 999'999).error() == errc::gzip_too_long);
  CHECK(unpack_gzip(bomb, 1'000'000).has_value());
  // The tail of the stream says how long it is, and is there to be forged.
  for (const auto named : Bytes{0, 1, 255}) {
    auto forged = bomb;
    for (std::size_t i = 0; i < 12; ++i) {
      auto at = forged.size() - 1 - i;
      auto trial = forged;
      trial[at] = named;
      const auto out = unpack_gzip(trial, 2'000'000);
      if (out) CHECK(out->size() == 1'000'000);
    }
  }
}

TEST_CASE("broken gzip is refused") {
  CHECK(unpack_gzip(words({gzip_packed_id}), 100).error() == errc::bad_gzip);
  CHECK(unpack_gzip(words({gzip_packed_id, 0x41414103}), 100).error() == errc::bad_gzip);
  auto cut = packed(Bytes(1000, 1));
  cut.resize(cut.size() - 4);
  CHECK(unpack_gzip(cut, 10'000).error() == errc::bad_gzip);
}

TEST_CASE("a zlib stream where gzip belongs is read and checked as well") {
  // What Python's zlib.compress(bytes(i // 100 for i in range(1000)), 6) makes.
  const auto stream = support::unhex(
      "789cbdc1870100200800201b66fdff70570844f41bc00416b081040e50c0051ef001cc551195");
  Bytes body(1000);
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>(i / 100);
  const auto wrapped = [](const Bytes& inside) {
    Bytes out;
    tl::Writer(out).nat(gzip_packed_id).bytes(inside);
    return out;
  };
  CHECK(unpack_gzip(wrapped(stream), 1000).value() == body);
  CHECK(unpack_gzip(wrapped(stream), 999).error() == errc::gzip_too_long);
  for (std::size_t at = 0; at < stream.size(); ++at) {
    auto broken = stream;
    broken[at] ^= 0x10;
    // A bit that pads says nothing: what is read is the body or nothing at all.
    const auto out = unpack_gzip(wrapped(broken), 1000);
    CHECK((!out || *out == body));
    auto cut = stream;
    cut.resize(at);
    CHECK_FALSE(unpack_gzip(wrapped(cut), 1000).has_value());
  }
}

TEST_CASE("messages are laid flat: container, gzip, gzip in a container, a packed result") {
  const auto plain = words({0xdddd0001, 1});
  CHECK(of(unpacked(plain).messages.at(0).body) == plain);
  const Bytes big(5'000, 9);
  CHECK(of(unpacked(packed(big)).messages.at(0).body) == big);

  const auto result = write_rpc_result(MessageId(44), packed(big));
  const auto inner = packed(big);
  Bytes body;
  write_container(
      std::vector{InnerMessage{MessageId(5), 1, inner}, InnerMessage{MessageId(9), 3, result}},
      body);
  for (const auto& form : {body, gzip_of(body)}) {
    const auto incoming = unpacked(form);
    CHECK(incoming.container);
    REQUIRE(incoming.messages.size() == 2);
    CHECK(of(incoming.messages[0].body) == big);
    CHECK(incoming.messages[0].id == MessageId(5));
    const auto read = read_rpc_result(incoming.messages[1].body);
    REQUIRE(read.has_value());
    CHECK(read->req_msg_id == MessageId(44));
    CHECK(of(read->result) == big);
  }
}

TEST_CASE("a large body is handed over with its buffer and a small one is copied") {
  for (const std::size_t size : {std::size_t{1'000}, std::size_t{400'000}}) {
    Bytes body(size);
    for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<std::uint8_t>(i / 50);
    for (const auto& form :
         {write_rpc_result(MessageId(44), body), write_rpc_result(MessageId(44), packed(body))}) {
      auto incoming = unpacked(form);
      const auto view = read_rpc_result(incoming.messages.at(0).body)->result;
      const auto* place = view.data();
      const auto taken = incoming.spend(view);
      CHECK(taken == body);
      CHECK((taken.data() == place) == (size > 300'000));
    }
  }
}

TEST_CASE("of a large packet whose messages were all packed nothing is kept") {
  Bytes body(20'000'000);
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>(i * i / 5000);
  const auto answer = packed(body);
  REQUIRE(answer.size() > 300'000);
  CHECK(unpacked(write_rpc_result(MessageId(44), answer), body.size()).packet.empty());
  const auto plain = words({1});
  const std::vector<InnerMessage> both{{MessageId(5), 1, answer}, {MessageId(9), 1, plain}};
  Bytes container;
  write_container(both, container);
  CHECK(!unpacked(container, body.size()).packet.empty());
}

TEST_CASE("a large packed answer is undone as well, and told by its beginning where it is broken") {
  const auto body = noise_of_letters(4'000'000);
  const auto answer = packed(body);
  REQUIRE(answer.size() > large_gzip);
  const auto undone = unpacked(write_rpc_result(MessageId(44), answer), body.size());
  CHECK(of(read_rpc_result(undone.messages.at(0).body)->result) == body);
  CHECK(of(unpacked(answer, body.size()).messages.at(0).body) == body);
  // Too long: nothing was touched.
  const auto long_one = unpacked(write_rpc_result(MessageId(44), answer), body.size() - 1);
  CHECK(of(read_rpc_result(long_one.messages.at(0).body)->result) == answer);

  const auto beginning = of(ByteView(answer).first(kept_of_gzip));
  const auto told = [&](std::size_t at, std::uint8_t change) {
    auto broken = answer;
    broken[at] ^= change;
    const auto incoming = unpacked(write_rpc_result(MessageId(44), broken), body.size());
    return of(read_rpc_result(incoming.messages.at(0).body)->result);
  };
  const auto end_of_stream = answer.size() - (answer.size() % 4 == 0 ? 4 : 0);
  CHECK(told(answer.size() / 2, 0x10) == beginning);   // its inside, or its checksum
  CHECK(told(end_of_stream - 12, 0x10) == beginning);  // its checksum or the last of it
}

TEST_CASE("a large gzip that names another length than it has is broken") {
  const auto body = noise_of_letters(4'000'000);
  const auto answer = packed(body);
  tl::Reader read(answer);
  read.nat();
  const auto stream = read.bytes();
  const auto length = static_cast<std::size_t>(stream.data() + stream.size() - answer.data()) - 4;
  for (const std::uint32_t named : {0U, 1U, 3'999'999U, 4'000'001U, 5'000'000U}) {
    auto lie = answer;
    std::memcpy(lie.data() + length, &named, sizeof named);
    REQUIRE(can_use_up_gzip(lie, 5'000'000));
    CHECK(use_up_gzip(lie).error() == errc::bad_gzip);
  }
}

TEST_CASE("of a large gzip nothing is left in memory behind what was read") {
  auto answer = packed(noise_of_letters(4'000'000));
  const auto before = answer;
  REQUIRE(use_up_gzip(answer).has_value());
  CHECK(std::equal(answer.begin(), answer.begin() + kept_of_gzip, before.begin()));
  const auto left = answer.size() - std::count(answer.begin(), answer.end(), 0);
  CHECK(left < 512 << 10);
}

TEST_CASE("gzip within gzip is undone once and no deeper, within one limit for all") {
  Bytes big(100'000);
  for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<std::uint8_t>(i / 400);
  const auto once = packed(big);
  const auto twice = packed(once);
  CHECK(of(unpacked(twice).messages[0].body) == big);
  CHECK(of(unpacked(twice, 100'000).messages[0].body) == twice);
  CHECK(of(unpacked(once, 99'999).messages[0].body) == once);
}

TEST_CASE("a container within a packed message of a container is bad") {
  std::vector<InnerMessage> many;
  const auto one = words({1});
  for (std::uint64_t i = 0; i < 100; ++i) many.push_back({MessageId(4 * i), 1, one});
  Bytes inside;
  write_container(many, inside);
  const auto hidden = packed(inside);
  Bytes body;
  write_container(std::vector{InnerMessage{MessageId(5), 1, hidden}}, body);
  const auto incoming = unpacked(body);
  CHECK(incoming.bad_container);
  CHECK(incoming.messages.empty());
}

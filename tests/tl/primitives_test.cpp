#include <catch2/catch.hpp>

#include "tests/support/hex.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

using support::hex;
using support::unhex;
using tl::Bytes;
using tl::Reader;
using tl::Writer;

namespace {

std::string written_bytes(const std::string& value) {
  Bytes out;
  Writer(out).bytes(value);
  return hex(out);
}

}  // namespace

TEST_CASE("strings are written with the known bytes") {
  CHECK(written_bytes("") == "00000000");
  CHECK(written_bytes("\x01") == "01010000");
  CHECK(written_bytes("\x01\x02\x03") == "03010203");
  CHECK(written_bytes("\x01\x02\x03\x04") == "0401020304000000");
}

TEST_CASE("a string's length form and padding change where they should") {
  struct Known {
    std::size_t size;
    std::string prefix;
    std::size_t total;
    std::size_t tail;
  };
  const auto known = GENERATE(Known{253, "fd", 256, 2}, Known{254, "fefe0000", 260, 2},
                              Known{255, "feff0000", 260, 1}, Known{256, "fe000100", 260, 0});
  const auto text = written_bytes(std::string(known.size, '\xab'));
  CHECK(text.size() == known.total * 2);
  CHECK(text.substr(0, known.prefix.size()) == known.prefix);
  CHECK(text.substr(text.size() - known.tail * 2) == std::string(known.tail * 2, '0'));
  Reader reader{tl::ByteView{}};
  const auto bytes = unhex(text);
  reader = Reader(bytes);
  CHECK(reader.bytes().size() == known.size);
  CHECK(reader.left() == 0);
}

TEST_CASE("numbers, Bool and vectors are written with the known bytes") {
  Bytes out;
  Writer(out).boolean(true).boolean(false).int64(1).float64(1.5);
  CHECK(hex(out) ==
        "b5757299"
        "379779bc"
        "0100000000000000"
        "000000000000f83f");
  out.clear();
  Writer(out).vector(2).int32(1).int32(2);
  CHECK(hex(out) == "15c4b51c020000000100000002000000");
}

TEST_CASE("what is written reads back") {
  Bytes out;
  Writer(out).nat(0xFFFFFFFF).int32(INT32_MIN).int64(INT64_MIN).float64(-0.1).boolean(true);
  Writer(out).bytes("abc").vector(1).int64(7);
  Reader reader(out);
  CHECK(reader.nat() == 0xFFFFFFFF);
  CHECK(reader.int32() == INT32_MIN);
  CHECK(reader.int64() == INT64_MIN);
  CHECK(reader.float64() == -0.1);
  CHECK(reader.boolean());
  CHECK(tl::as_text(reader.bytes()) == "abc");
  CHECK(reader.count() == 1);
  CHECK(reader.int64() == 7);
  CHECK(reader.ok());
  CHECK(reader.left() == 0);
}

TEST_CASE("a reader keeps its first failure and gives nothing after it") {
  const auto bytes = unhex("0100000002");
  Reader reader(bytes);
  CHECK(reader.int32() == 1);
  CHECK(reader.int32() == 0);
  CHECK_FALSE(reader.ok());
  CHECK(reader.offset() == 4);
  CHECK(reader.int32() == 0);
  CHECK(reader.bytes().empty());
  CHECK(reader.left() == 0);
  CHECK(reader.offset() == 4);
}

TEST_CASE("a string longer than what is left fails where it begins") {
  const auto text = GENERATE(std::string("04010203"), std::string("fe050000aabbccdd"),
                             std::string("ff000000"), std::string("0401"));
  const auto bytes = unhex(text);
  Reader reader(bytes);
  CHECK(reader.bytes().empty());
  CHECK_FALSE(reader.ok());
  CHECK(reader.offset() == 0);
}

TEST_CASE("padding of a string need not be zero") {
  const auto bytes = unhex("01aaffff02000000");
  Reader reader(bytes);
  CHECK(hex(reader.bytes()) == "aa");
  CHECK(reader.int32() == 2);
}

TEST_CASE("a vector's count is held against the bytes left") {
  const auto bytes = unhex("15c4b51c030000000100000002000000");
  CHECK(Reader(bytes).count() == 0);
  Reader reader(bytes);
  reader.count();
  CHECK_FALSE(reader.ok());
  const auto huge = unhex("15c4b51cffffffff");
  Reader other(huge);
  CHECK(other.count(true, 8) == 0);
  CHECK_FALSE(other.ok());
  const auto bare = unhex("0100000005000000");
  Reader third(bare);
  CHECK(third.count(false) == 1);
  CHECK(third.ok());
}

TEST_CASE("what is neither boolTrue nor boolFalse is no Bool") {
  const auto bytes = unhex("01000000");
  Reader reader(bytes);
  CHECK_FALSE(reader.boolean());
  CHECK_FALSE(reader.ok());
  CHECK(reader.offset() == 0);
}

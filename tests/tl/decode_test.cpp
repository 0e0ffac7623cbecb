// What bytes look like as JSON.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/tl/codec_helpers.hpp"
#include "tl/writer.hpp"

using namespace codec_test;
using support::unhex;
using tl::Bytes;
using tl::Notation;
using tl::Writer;

namespace {

const tl::Schema& api() { return support::api_schema(); }

// The text of one field `x` of the type, behind its key.
std::string field(std::string_view type, tl::ByteView bytes, Notation notation) {
  const auto schema = support::small_schema("a#1 x:" + std::string(type) + " = A; e#2 = E;");
  Bytes whole = unhex("01000000");
  tl::append(whole, bytes);
  const auto text = decode(*schema, "A", whole, notation);
  const std::string head = R"({"_cons":"a","x":)";
  CHECK(text.starts_with(head));
  return text.substr(head.size(), text.size() - head.size() - 1);
}

std::string real(double value) {
  Bytes bytes;
  Writer(bytes).float64(value);
  return field("double", bytes, Notation::classic);
}

std::string text(std::string_view value) {
  Bytes bytes;
  Writer(bytes).bytes(value);
  return field("string", bytes, Notation::classic);
}

}  // namespace

TEST_CASE("a long is a number in classic and a string in plain") {
  Bytes bytes;
  Writer(bytes).int64(INT64_MIN);
  CHECK(field("long", bytes, Notation::classic) == "-9223372036854775808");
  CHECK(field("long", bytes, Notation::plain) == "\"-9223372036854775808\"");
  bytes.clear();
  Writer(bytes).int64(-1);
  CHECK(field("long", bytes, Notation::classic) == "-1");
}

TEST_CASE("in auto a long is a string only where a double can't hold it") {
  const auto written = [](std::int64_t value) {
    Bytes bytes;
    Writer(bytes).int64(value);
    return field("long", bytes, Notation::automatic);
  };
  CHECK(written(0) == "0");
  CHECK(written(9007199254740992) == "9007199254740992");
  CHECK(written(-9007199254740992) == "-9007199254740992");
  CHECK(written(9007199254740993) == "\"9007199254740993\"");
  CHECK(written(-9007199254740993) == "\"-9007199254740993\"");
  CHECK(written(INT64_MIN) == "\"-9223372036854775808\"");
}

TEST_CASE("a double is the shortest text that reads back the same") {
  CHECK(real(1) == "1");
  CHECK(real(52.37) == "52.37");
  CHECK(real(0.1) == "0.1");
  CHECK(real(-0.0) == "-0");
  CHECK(real(1.0 / 3) == "0.3333333333333333");
  CHECK(real(5e-324) == "5e-324");
  CHECK(real(1e22) == "1e+22");
  CHECK(real(NAN) == "\"NaN\"");
  CHECK(real(INFINITY) == "\"Infinity\"");
  CHECK(real(-INFINITY) == "\"-Infinity\"");
}

TEST_CASE("a string is text, and base64 where it is no UTF-8") {
  CHECK(text("a\nb\"") == R"("a\nb\"")");
  CHECK(text("мир 😀") == "\"мир 😀\"");
  CHECK(text("\xff\xfe") == R"({"_bytes":"//4="})");
  CHECK(text("fine until the last \xc3") == R"({"_bytes":"ZmluZSB1bnRpbCB0aGUgbGFzdCDD"})");
  CHECK(text(std::string("\0", 1)) == R"("\u0000")");
}

TEST_CASE("bytes, int128 and int256 are base64") {
  CHECK(field("bytes", unhex("03010203"), Notation::plain) == "\"AQID\"");
  CHECK(field("int128", Bytes(16, 0), Notation::classic) == "\"AAAAAAAAAAAAAAAAAAAAAA==\"");
  CHECK(field("int256", Bytes(32, 255), Notation::classic) ==
        "\"//////////////////////////////////////////8=\"");
}

TEST_CASE("Bool and true flags in both notations") {
  CHECK(field("Bool", unhex("b5757299"), Notation::classic) == R"({"_cons":"boolTrue"})");
  CHECK(field("Bool", unhex("379779bc"), Notation::plain) == "false");
  const auto schema = support::small_schema("a#1 flags:# x:flags.0?true y:flags.1?int = A;");
  CHECK(decode(*schema, "A", unhex("0100000001000000")) == R"({"_cons":"a","x":{"_cons":"true"}})");
  CHECK(decode(*schema, "A", unhex("0100000001000000"), Notation::plain) ==
        R"({"_cons":"a","x":true})");
  CHECK(decode(*schema, "A", unhex("0100000000000000")) == R"({"_cons":"a"})");
}

TEST_CASE("a whole answer that is a Bool or a vector") {
  CHECK(decode(api(), "Bool", unhex("b5757299")) == R"({"_cons":"boolTrue"})");
  CHECK(decode(api(), "Bool", unhex("379779bc"), Notation::plain) == "false");
  CHECK(decode(api(), "", unhex("b5757299")) == R"({"_cons":"boolTrue"})");
  const auto longs = unhex("15c4b51c01000000ffffffffffffffff");
  CHECK(decode(api(), "Vector<long>", longs) == R"({"_cons":"vector","_items":[-1]})");
  CHECK(decode(api(), "Vector<long>", longs, Notation::plain) == R"(["-1"])");
  CHECK(decode(api(), "Vector<long>", unhex("15c4b51c00000000")) ==
        R"({"_cons":"vector","_items":[]})");
}

TEST_CASE("a vector inside an answer is an array in both notations") {
  const auto schema =
      support::small_schema("a#1 x:Vector<Vector<int>> y:vector<b> = A; b#2 z:int = B;");
  const auto bytes = unhex(
      "01000000"
      "15c4b51c01000000"
      "15c4b51c0200000001000000ffffffff"
      "0100000009000000");
  CHECK(decode(*schema, "A", bytes) == R"({"_cons":"a","x":[[1,-1]],"y":[{"_cons":"b","z":9}]})");
}

TEST_CASE("an unknown constructor makes the whole answer _unknown, with its place") {
  const auto schema = support::small_schema(
      "top#1 items:Vector<Item> = Top; item#2 media:Media = Item;"
      "media#3 = Media;");
  const auto bytes = unhex(
      "01000000"
      "15c4b51c02000000"
      "0200000003000000"
      "02000000efbeadde");
  std::string out = "kept";
  CHECK_FALSE(tl::decode_text(*schema, *schema->find_type("Top"), bytes, Notation::classic, out));
  CHECK(out == R"(kept{"_cons":"_unknown","_id":"0xdeadbeef","_path":"/items/1/media",)"
               R"("_bytes":"AQAAABXEtRwCAAAAAgAAAAMAAAACAAAA776t3g=="})");
  CHECK(decode(*schema, "", unhex("efbe0000")) ==
        R"({"_cons":"_unknown","_id":"0x0000beef","_path":"","_bytes":"774AAA=="})");
  CHECK(decode(*schema, "Vector<Item>", unhex("15c4b51c01000000efbeadde"))
            .find(R"("_path":"/_items/0")") != std::string::npos);
  CHECK(decode(*schema, "Vector<Item>", unhex("15c4b51c01000000efbeadde"), Notation::plain)
            .find(R"("_path":"/0")") != std::string::npos);
}

TEST_CASE("bytes that do not fit are _unknown with a reason") {
  CHECK(decode(api(), "", {}) ==
        R"({"_cons":"_unknown","_path":"","_bytes":"","_reason":"the bytes end too early"})");
  const auto cut = decode(api(), "Pong",
                          unhex("c5737734"
                                "0100000000000000"
                                "01"));
  CHECK(cut == R"({"_cons":"_unknown","_id":"0x347773c5","_path":"/ping_id",)"
               R"("_bytes":"xXN3NAEAAAAAAAAAAQ==","_reason":"the bytes end too early"})");
  CHECK(decode(api(), "Vector<long>", unhex("15c4b51cffffffff")).find("counts more items") !=
        std::string::npos);
}

TEST_CASE("a constructor of another type inside an object is not shown as if it fitted") {
  const auto schema = support::small_schema("a#1 x:B = A; b#2 = B; c#3 = C;");
  CHECK(decode(*schema, "A", unhex("0100000003000000")).find("where B is due") !=
        std::string::npos);
  // A whole answer of another type is what it is.
  CHECK(decode(*schema, "A", unhex("02000000")) == R"({"_cons":"b"})");
}

TEST_CASE("nesting of bytes is bounded") {
  const auto schema = support::small_schema(
      "a#1 x:A = A; e#2 = A; loop#3 x:loop = Loop;"
      "z#4 = Z; zs#5 v:Vector<z> = Zs;");
  Bytes bytes;
  for (int i = 0; i < 100000; ++i) Writer(bytes).nat(1);
  Writer(bytes).nat(2);
  CHECK(decode(*schema, "A", bytes).find("nested too deep") != std::string::npos);
  CHECK(decode(*schema, "Loop", unhex("03000000")).find("nested too deep") != std::string::npos);
  Bytes shallow;
  for (int i = 0; i < 100; ++i) Writer(shallow).nat(1);
  Writer(shallow).nat(2);
  CHECK(decode(*schema, "A", shallow).find("_unknown") == std::string::npos);
  // Items that take no bytes can't multiply without end.
  CHECK(decode(*schema, "Zs", unhex("0500000015c4b51cffffff7f")).find("_unknown") !=
        std::string::npos);
}

TEST_CASE("values keep integers, doubles and bytes as they came") {
  std::pmr::monotonic_buffer_resource arena;
  Bytes bytes;
  Writer(bytes).nat(0x05162463).raw(Bytes(16, 1)).raw(Bytes(16, 2)).bytes("pq").vector(1);
  Writer(bytes).int64(INT64_MIN);
  auto value = tl::decode_value(api(), tl::any_object, bytes, arena);
  bytes.assign(bytes.size(), 0xEE);  // the value does not look at them any more
  REQUIRE(value.has_value());
  CHECK(value->constructor() == "resPQ");
  CHECK((*value)["pq"].kind() == tl::Value::Kind::bytes);
  CHECK(tl::as_text((*value)["pq"].as_bytes()) == "pq");
  CHECK((*value)["server_public_key_fingerprints"].items()[0].as_int64() == INT64_MIN);
}

TEST_CASE("functions are read only where they are asked for") {
  std::pmr::monotonic_buffer_resource arena;
  const auto bytes = encode(api(), R"({"_cons":"invokeWithLayer","layer":9,"query":)"
                                   R"({"_cons":"help.getConfig"}})")
                         .bytes;
  const auto request = tl::decode_value(api(), tl::any_object, bytes, arena, true);
  REQUIRE(request.has_value());
  CHECK((*request)["query"].constructor() == "help.getConfig");
  const auto answer = tl::decode_value(api(), tl::any_object, bytes, arena);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().offset == 0);
}

TEST_CASE("a decoding problem tells the offset and the place") {
  std::pmr::monotonic_buffer_resource arena;
  const auto schema = support::small_schema("a#1 x:int y:Vector<B> = A; b#2 z:long = B;");
  const auto result = tl::decode_value(*schema, tl::any_object,
                                       unhex("01000000"
                                             "00000000"
                                             "15c4b51c01000000"
                                             "02000000"
                                             "0000"),
                                       arena);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().path == "/y/0/z");
  CHECK(result.error().offset == 20);
}

namespace {

class Room final : public tl::TextRoom {
 public:
  explicit Room(std::size_t bytes) : bytes_(bytes) {}
  bool take(std::size_t bytes) override { return (most = std::max(most, bytes)) <= bytes_; }
  std::size_t most = 0;

 private:
  std::size_t bytes_;
};

}  // namespace

TEST_CASE("a text has no more room than it is given") {
  std::string flags = "a#1 flags:#";
  for (int i = 0; i < 32; ++i) {
    flags += " quite_a_long_name" + std::to_string(i) + ":flags." + std::to_string(i) + "?true";
  }
  const auto schema = support::small_schema(flags + " = A; many#2 x:Vector<A> = Many;");
  Bytes bytes = unhex("02000000");
  Writer(bytes).vector(10'000);
  for (int i = 0; i < 10'000; ++i) tl::append(bytes, unhex("01000000ffffffff"));
  std::string whole;
  CHECK(tl::decode_text(*schema, tl::any_object, bytes, Notation::classic, whole));
  CHECK(whole.size() > 100 * bytes.size());
  std::string out = "before";
  Room small(1'000'000);
  CHECK(tl::decode_text_within(small, *schema, tl::any_object, bytes, Notation::classic, out) ==
        tl::Decoded::too_long);
  CHECK(out == "before");
  CHECK(out.capacity() < 2'000'000);
  Room large(4 * whole.size());
  CHECK(tl::decode_text_within(large, *schema, tl::any_object, bytes, Notation::classic, out) ==
        tl::Decoded::whole);
  CHECK(out == "before" + whole);
  CHECK(large.most >= whole.size());
}

TEST_CASE("what is unknown is quoted where there is room for that") {
  Bytes bytes = unhex("78563412");
  bytes.resize(100'000);
  std::string out;
  Room small(50'000);
  CHECK(tl::decode_text_within(small, api(), tl::any_object, bytes, Notation::plain, out) ==
        tl::Decoded::too_long);
  CHECK(out.empty());
  Room enough(500'000);
  CHECK(tl::decode_text_within(enough, api(), tl::any_object, bytes, Notation::plain, out) ==
        tl::Decoded::unknown);
  CHECK(out.starts_with(R"({"_cons":"_unknown","_id":"0x12345678")"));
}

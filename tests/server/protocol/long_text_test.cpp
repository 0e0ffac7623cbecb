#include "server/protocol/long_text.hpp"

#include <catch2/catch.hpp>

#include "tests/server/two_layers.hpp"
#include "tl/writer.hpp"

using server::LongText;

namespace {

std::string all_of(LongText& text) {
  std::string out, part;
  for (text.take(part); !part.empty(); text.take(part)) out += part;
  return out;
}

const std::string large(100'000, 'x');

// So much text that is made while it is sent, and is that of `{"_cons":"box","text":"…"}`.
tl::TextParts parts_of_box(std::size_t size, std::string& text) {
  const auto schema = support::two_layers()->first().schema;
  auto body = std::make_shared<tl::Bytes>();
  tl::Writer(*body).nat(schema->constructor_by_name("box")->id).bytes(std::string(size, 'y'));
  tl::decode_text(*schema, tl::any_object, *body, tl::Notation::plain, text);
  tl::TextParts parts(schema, tl::any_object, tl::Notation::plain, body, *body);
  CHECK(parts.measure(1 << 30) == tl::Decoded::whole);
  return parts;
}

}  // namespace

TEST_CASE("Parts of a long text come out in the order in which they were put in") {
  LongText text;
  text += "{\"id\":1,";
  text.attach(large);
  text.attach("small");
  text += '}';
  text.end() += "\n";
  CHECK(text.size() == 100'015);
  CHECK(text.copy() == "{\"id\":1," + large + "small}\n");
  CHECK(text.copy(100'010) == "all}\n");
  CHECK(all_of(text) == "{\"id\":1," + large + "small}\n");
  CHECK(text.empty());
}

TEST_CASE("A large part of a text stays where it is in memory") {
  auto part = large;
  const auto* place = part.data();
  LongText text;
  text += "before";
  text.attach(std::move(part));
  LongText outer;
  outer += "[";
  outer.attach(std::move(text));
  CHECK(text.empty());
  std::string taken;
  outer.take(taken);
  CHECK(taken == "[before");
  outer.take(taken);
  CHECK(taken.data() == place);
}

TEST_CASE("Small texts use the same memory again") {
  LongText text;
  std::string taken(200, ' ');
  const auto* place = taken.data();
  text.end().reserve(200);
  text.take(taken);
  text += "again";
  CHECK(text.end().data() == place);
}

TEST_CASE("What is made while it is sent stands in its place, and is no memory until then") {
  for (const std::size_t size : {10, 1'000'000}) {
    std::string message;
    LongText text;
    text += "{\"id\":1,\"message\":";
    text.attach(parts_of_box(size, message));
    text += '}';
    LongText outer;
    outer += "before ";
    outer.attach(std::move(text));
    outer += " behind";
    const auto whole = "before {\"id\":1,\"message\":" + message + "} behind";
    CHECK(outer.size() == whole.size());
    CHECK(outer.memory_usage() < 200);
    CHECK(outer.copy() == whole);
    CHECK(outer.copy(whole.size() - 10) == whole.substr(whole.size() - 10));
    std::string first;
    outer.each_part([&](std::string_view part) { return (first += part).size() < 100; });
    CHECK(first.size() < 200'000);
    CHECK(whole.starts_with(first));
    auto copy = outer;
    CHECK(all_of(outer) == whole);
    CHECK(outer.empty());
    CHECK(all_of(copy) == whole);
  }
}

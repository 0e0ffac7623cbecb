#include "server/protocol/long_text.hpp"

#include <catch2/catch.hpp>

using server::LongText;

namespace {

std::string all_of(LongText& text) {
  std::string out, part;
  for (text.take(part); !part.empty(); text.take(part)) out += part;
  return out;
}

const std::string large(100'000, 'x');

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

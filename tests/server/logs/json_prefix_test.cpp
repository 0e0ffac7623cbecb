#include "server/logs/json_prefix.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>

#include "tl/json_reader.hpp"

using server::logs::closed_prefix;

TEST_CASE("A beginning is closed behind its last whole value") {
  CHECK(closed_prefix(R"({"a":[1,{"b":"c)") == R"({"a":[1,{}]})");
  CHECK(closed_prefix(R"({"a":[1,2,3)") == R"({"a":[1,2]})");
  CHECK(closed_prefix(R"({"a":1,"b":)") == R"({"a":1})");
  CHECK(closed_prefix(R"({"a":{},)") == R"({"a":{}})");
  CHECK(closed_prefix(R"({"a":"\"]},{\\","b)") == R"({"a":"\"]},{\\"})");
  CHECK(closed_prefix("").empty());
}

TEST_CASE("Every beginning of an object is closed to JSON") {
  const std::string whole =
      R"({"id":1,"x":[[],{"a":"\u00e4\\\"","b":[true,null,-1.5e3]},{}],"ü":{"_cons":"true"}})";
  for (std::size_t size = 1; size <= whole.size(); ++size) {
    std::pmr::monotonic_buffer_resource arena;
    const auto closed = closed_prefix(std::string_view(whole).substr(0, size));
    CAPTURE(closed);
    CHECK(tl::read_json(closed, arena).has_value());
  }
  CHECK(closed_prefix(whole) == whole);
}

#include "tl/json_reader.hpp"

#include <catch2/catch.hpp>

TEST_CASE("JSON reads") {
  std::pmr::monotonic_buffer_resource arena;
  auto v = tl::read_json(R"({"a":[1,-0,1.50,"x\ny",18446744073709551615,true,null,{}]})", arena);
  REQUIRE(v);
  std::string out;
  tl::write_json(*v, out);
  CHECK(out == R"({"a":[1,-0,1.50,"x\ny",18446744073709551615,true,null,{}]})");
}

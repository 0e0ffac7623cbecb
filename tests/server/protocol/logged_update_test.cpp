#include "server/protocol/logged_update.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>

#include "tests/support/api_schema.hpp"
#include "tests/support/print_result.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"

namespace {

tl::Bytes body(std::string_view json) {
  std::pmr::monotonic_buffer_resource arena;
  tl::Bytes out;
  REQUIRE(tl::encode(support::api_schema(), *tl::read_json(json, arena), {}, out));
  return out;
}

std::string written(const tl::Schema* schema, const tl::Bytes& body) {
  std::string out;
  server::write_logged_update(8, 228, schema, body, out);
  return out;
}

}  // namespace

TEST_CASE("An update of a log is told by its number and its text") {
  CHECK(written(&support::api_schema(), body(R"({"_cons":"updatesTooLong"})")) ==
        R"("update_seq":8,"message":{"_cons":"updatesTooLong"})");
}

TEST_CASE("An update whose layer is not loaded has an error in the place of its text") {
  const auto text = written(nullptr, body(R"({"_cons":"updatesTooLong"})"));
  CHECK(text.starts_with(R"("update_seq":8,"error":"SchemeError")"));
  CHECK(text.find("layer 228") != text.npos);
}

TEST_CASE("An update of a log is told up to a length, and then that it is longer") {
  const auto message = [](std::size_t size) {
    return body(R"({"_cons":"updateShortMessage","id":1,"user_id":7,"message":")" +
                std::string(size, 'x') + R"(","pts":1,"pts_count":1,"date":1})");
  };
  const auto size = server::longest_logged_update;
  CHECK(written(&support::api_schema(), message(size / 2)).size() > size / 2);
  const auto text = written(&support::api_schema(), message(size));
  CHECK(text.starts_with(R"("update_seq":8,"error":"AnswerTooLong")"));
  CHECK(text.size() < 200);
}

// What a request may leave out, and nothing else.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/support/places.hpp"
#include "tests/tl/codec_helpers.hpp"
#include "tl/reader.hpp"

using namespace codec_test;

namespace {

const tl::Schema& api() { return support::api_schema(); }

tl::EncodeOptions with(tl::Random& random) {
  tl::EncodeOptions options;
  options.random = &random;
  return options;
}

bool reads_only(std::string_view name) {
  const auto last = name.substr(name.rfind('.') + 1);
  return last.starts_with("get") || last.starts_with("search");
}

}  // namespace

TEST_CASE("exactly the listed functions need no argument, get and search aside") {
  std::set<std::string> listed;
  std::istringstream lines(support::read_file(support::data_folder() + "/no_argument_methods.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line[0] != '#') listed.insert(line);
  }
  support::ScriptedRandom random;
  std::set<std::string> callable;
  for (const auto& combinator : api().combinators()) {
    if (!combinator.is_function || reads_only(combinator.name)) continue;
    if (encode(api(), "{\"_cons\":\"" + std::string(combinator.name) + "\"}", with(random))
            .result) {
      callable.emplace(combinator.name);
    }
  }
  CHECK(callable == listed);
}

TEST_CASE("a random_id is drawn, told, and never zero") {
  support::ScriptedRandom random(tl::Bytes{1, 2, 3, 4, 5, 6, 7, 8});
  const auto sent =
      encode(api(), R"({"_cons":"messages.sendMessage","peer":"me","message":""})", with(random));
  REQUIRE(sent.result.has_value());
  CHECK(sent.result->drawn == std::vector<std::int64_t>{0x0807060504030201});
  CHECK(support::hex(sent.bytes).ends_with("0102030405060708"));
  support::ScriptedRandom zeros(tl::Bytes(8, 0));
  const auto one =
      encode(api(), R"({"_cons":"messages.sendMessage","peer":"me","message":""})", with(zeros));
  CHECK(one.result->drawn == std::vector<std::int64_t>{1});
}

TEST_CASE("a random_id given is not drawn") {
  support::ScriptedRandom random;
  const auto sent =
      encode(api(), R"({"_cons":"messages.sendMessage","peer":"me","message":"","random_id":"-5"})",
             with(random));
  REQUIRE(sent.result.has_value());
  CHECK(sent.result->drawn.empty());
}

TEST_CASE("a vector of random_id gets as many as there are ids") {
  support::ScriptedRandom random;
  for (const std::size_t count : {0, 1, 3}) {
    std::string ids;
    for (std::size_t i = 0; i < count; ++i) ids += (i ? ",1" : "1");
    const auto sent = encode(api(),
                             R"({"_cons":"messages.forwardMessages","from_peer":"me",)"
                             R"("to_peer":"me","id":[)" +
                                 ids + "]}",
                             with(random));
    REQUIRE(sent.result.has_value());
    CHECK(sent.result->drawn.size() == count);
  }
}

TEST_CASE("a random_id inside an object is drawn too, and one of 32 bits fits") {
  support::ScriptedRandom random;
  const auto media =
      encode(api(),
             R"({"_cons":"messages.sendMultiMedia","peer":"me","multi_media":[)"
             R"({"_cons":"inputSingleMedia","media":{"_cons":"inputMediaEmpty"},"message":""},)"
             R"({"_cons":"inputSingleMedia","media":{"_cons":"inputMediaEmpty"},"message":""}]})",
             with(random));
  REQUIRE(media.result.has_value());
  CHECK(media.result->drawn.size() == 2);
  const auto call = encode(api(), R"({"_cons":"phone.createGroupCall","peer":"me"})", with(random));
  REQUIRE(call.result.has_value());
  REQUIRE(call.result->drawn.size() == 1);
  CHECK(call.result->drawn[0] == static_cast<std::int32_t>(call.result->drawn[0]));
}

TEST_CASE("without a source of randomness an absent random_id is missing") {
  const auto sent = encode(api(), R"({"_cons":"messages.sendMessage","peer":"me","message":""})");
  REQUIRE_FALSE(sent.result.has_value());
  CHECK(sent.result.error().path == "/random_id");
  CHECK(sent.result.error().kind == tl::Problem::Kind::scheme);
}

TEST_CASE("places and limits of what only reads are zero when absent") {
  const auto all = encode(api(), R"({"_cons":"messages.getHistory","peer":"me"})");
  const auto zeros =
      encode(api(), R"({"_cons":"messages.getHistory","peer":"me","offset_id":0,"offset_date":0,)"
                    R"("add_offset":0,"limit":0,"max_id":0,"min_id":0,"hash":0})");
  REQUIRE(all.result.has_value());
  CHECK(all.bytes == zeros.bytes);
  CHECK(encode(api(), R"({"_cons":"messages.searchGlobal","q":"x","filter":)"
                      R"({"_cons":"inputMessagesFilterEmpty"},"offset_peer":"me","min_date":0,)"
                      R"("max_date":0,"offset_rate":0})")
            .result.has_value());
  const auto missing = encode(api(), R"({"_cons":"messages.getHistory"})");
  REQUIRE_FALSE(missing.result.has_value());
  CHECK(missing.result.error().path == "/peer");
}

TEST_CASE("what does not only read has no such default") {
  const auto read = encode(api(), R"({"_cons":"messages.readHistory","peer":"me"})");
  REQUIRE_FALSE(read.result.has_value());
  CHECK(read.result.error().path == "/max_id");
  const auto erased = encode(api(), R"({"_cons":"messages.deleteHistory","peer":"me"})");
  REQUIRE_FALSE(erased.result.has_value());
  CHECK(erased.result.error().path == "/max_id");
  const auto part = encode(api(), R"({"_cons":"upload.getFile","location":)"
                                  R"({"_cons":"inputTakeoutFileLocation"}})");
  CHECK(part.result.has_value());  // offset and limit of a function that gets
}

TEST_CASE("the texts of initConnection and the settings of a code may be absent") {
  const auto init =
      encode(api(), R"({"_cons":"initConnection","api_id":5,"query":{"_cons":"help.getConfig"}})");
  CHECK(bytes_of(init) ==
        "a95ecdc1"
        "00000000"
        "05000000"
        "000000000000000000000000"
        "000000000000000000000000"
        "6b18f9c4");
  const auto no_id =
      encode(api(), R"({"_cons":"initConnection","query":{"_cons":"help.getConfig"}})");
  REQUIRE_FALSE(no_id.result.has_value());
  CHECK(no_id.result.error().path == "/api_id");
  const auto code = encode(
      api(), R"({"_cons":"auth.sendCode","phone_number":"9996620001","api_id":1,"api_hash":""})");
  REQUIRE(code.result.has_value());
  CHECK(support::hex(code.bytes)
            .ends_with("783d25ad"
                       "00000000"));
}

TEST_CASE("without defaults everything required has to be there") {
  tl::EncodeOptions options;
  support::ScriptedRandom random;
  options.random = &random;
  options.defaults = false;
  for (const auto* text : {R"({"_cons":"messages.getDialogFilters","hash":1,"x":1})",
                           R"({"_cons":"messages.sendMessage","peer":"me","message":""})",
                           R"({"_cons":"help.getCountriesList","lang_code":""})"}) {
    CHECK_FALSE(encode(api(), text, options).result.has_value());
  }
}

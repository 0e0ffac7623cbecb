#include "server/signin_cli/texts.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>

#include "tl/json_reader.hpp"

namespace {

template <class Function>
auto with(std::string_view json, Function function) {
  std::pmr::monotonic_buffer_resource arena;
  return function(*tl::read_json(json, arena));
}

}  // namespace

TEST_CASE("JSON as Python writes it") {
  std::string out;
  with(R"({"a":1,"b":[1,{"c":"x\"y"},[]],"d":{},"e":18446744073709551615,"f":null})",
       [&](const tl::Value& value) { server::write_spaced_json(value, out); });
  CHECK(out == R"({"a": 1, "b": [1, {"c": "x\"y"}, []], "d": {}, "e": 18446744073709551615, )"
               R"("f": null})");
}

TEST_CASE("where each kind of code went") {
  for (const auto& [json, words] : std::vector<std::pair<std::string, std::string>>{
           {R"({"type":"app","length":5})", "other Telegram apps (5 digits)"},
           {R"({"type":"sms","length":6})", "by SMS (6 digits)"},
           {R"({"type":"firebase_sms"})", "by SMS."},
           {R"({"type":"call","length":5})", "phone call"},
           {R"({"type":"flash_call"})", "last digits of the caller"},
           {R"({"type":"missed_call","length":4})", "last 4 digits"},
           {R"({"type":"email","email_pattern":"a*b"})", "a*b"},
           {R"({"type":"fragment_sms","url":"u"})", "to u"},
           {R"({"type":"sms_word","beginning":"w"})", "\"w\""},
           {R"({"type":"sms_phrase","beginning":"w"})", "\"w\""},
           {R"({"type":"new_way"})", "new_way"}}) {
    INFO(json);
    CHECK(with(json, server::where_code_went).find(words) != std::string::npos);
  }
}

TEST_CASE("refusals keep Telegram's own word beside ours") {
  for (const auto& [json, words] : std::vector<std::pair<std::string, std::string>>{
           {R"({"error_message":"PHONE_CODE_INVALID","_name":"PHONE_CODE_INVALID"})",
            "that is not the code (PHONE_CODE_INVALID)"},
           {R"({"error_message":"FLOOD_WAIT_30","_name":"FLOOD_WAIT","_value":30})",
            "wait 30 seconds (FLOOD_WAIT_30)"},
           {R"({"error_message":"STRANGE","_name":"STRANGE"})", "refuses: STRANGE"}}) {
    CHECK(with(json, server::refusal_in_words).find(words) != std::string::npos);
  }
}

#include "server/account/session_line.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>

#include "tl/base64.hpp"
#include "tl/json_reader.hpp"

using server::account::read_session;
using server::account::SessionLine;

namespace {

std::string key_text(std::size_t size = 256) {
  tl::Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(255 - i);
  std::string out;
  tl::append_base64(bytes, out);
  return out;
}

tl::Result<SessionLine, server::account::SessionProblem> read(std::string_view json) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(json, arena);
  REQUIRE(value);
  return read_session(*value);
}

std::string written(const SessionLine& line, tl::Notation notation = tl::Notation::classic) {
  std::string out;
  server::account::write_session(line, notation, out);
  return out;
}

std::string problem(std::string_view json) {
  const auto line = read(json);
  if (line) return "";
  return line.error().error + " " + line.error().path;
}

}  // namespace

TEST_CASE("a session line comes back as it was written") {
  const auto text = R"({"session_id":70368744177663,"auth_key":")" + key_text() +
                    R"(","last_seqno":7,"dc":2,"server_salt":"9223372036854775809","api_id":12345,)"
                    R"("user_id":7,"updates":{"pts":5}})";
  const auto line = read(text);
  REQUIRE(line.has_value());
  CHECK(line->session_id == 70368744177663U);
  CHECK(line->last_seqno == 7U);
  CHECK(line->dc == mtproto::DcId(2));
  CHECK(written(*line) == text);
}

TEST_CASE("in plain notation 64-bit numbers are strings, and are read as well") {
  const auto text = R"({"session_id":"18446744073709551615","auth_key":")" + key_text() +
                    R"(","last_seqno":7,"dc":2,"server_salt":"3","user_id":"7"})";
  const auto line = read(text);
  REQUIRE(line.has_value());
  CHECK(written(*line, tl::Notation::plain) == text);
}

TEST_CASE("a key may be in either alphabet, padded or not") {
  auto text = key_text();
  REQUIRE(text.find('/') != std::string::npos);
  REQUIRE(text.ends_with("=="));
  text.resize(text.size() - 2);
  for (auto& c : text) {
    if (c == '/') c = '_';
    if (c == '+') c = '-';
  }
  const auto line = read(R"({"auth_key":")" + text + R"(","session_id":1})");
  REQUIRE(line.has_value());
  CHECK(written(*line) == R"({"session_id":1,"auth_key":")" + key_text() + R"("})");
}

TEST_CASE("nothing, or nothing known, is a question") {
  for (const auto* json : {"{}", R"({"error_message":"no key"})", R"({"x":1,"user_id":5})",
                           R"({"auth_key":null,"session_id":null})"}) {
    const auto line = read(json);
    REQUIRE(line.has_value());
    CHECK(line->empty());
  }
  CHECK_FALSE(read(R"({"dc":4})")->empty());
}

TEST_CASE("before there is a key an error message is told") {
  CHECK(written({}).starts_with(R"({"error_message":")"));
}

TEST_CASE("the line of an older gateway loads, with numbers of 64 bits") {
  const auto line = read(R"({"session_id":18446744073709551615,"auth_key":")" + key_text() +
                         R"(","last_seqno":7,"dc":2,"server_salt":9223372036854775809})");
  REQUIRE(line.has_value());
  CHECK(line->session_id == 18446744073709551615U);
  CHECK(line->last_seqno == 7U);
  CHECK(line->server_salt == 9223372036854775809U);
  CHECK(read(R"({"session_id":5,"server_salt":12345,"last_seqno":0})")->server_salt == 12345U);
}

TEST_CASE("no number beyond 2^53 stands in a line, in any notation") {
  SessionLine line = *read(R"({"auth_key":")" + key_text() + "\"}");
  line.session_id = 9007199254740993;
  line.server_salt = 5;
  line.user_id = 9223372036854775807;
  for (const auto notation :
       {tl::Notation::classic, tl::Notation::plain, tl::Notation::automatic}) {
    const auto text = written(line, notation);
    CHECK(text.find(R"("session_id":"9007199254740993",)") != std::string::npos);
    CHECK(text.find(R"("server_salt":"5",)") != std::string::npos);
    CHECK(text.find(R"("user_id":"9223372036854775807"})") != std::string::npos);
  }
  line.session_id = 9007199254740992;
  CHECK(written(line).find(R"("session_id":9007199254740992,)") != std::string::npos);
  CHECK(written(line, tl::Notation::automatic).find(R"("session_id":9007199254740992,)") !=
        std::string::npos);
}

TEST_CASE("numbers that came home damaged are not known, and the key alone counts") {
  for (const auto* damaged : {R"("session_id":7322736019842080000)",
                              R"("session_id":7322736019842079744)",
                              R"("session_id":18446744073709551616)",
                              R"("session_id":18446744073709552000)",
                              R"("session_id":-1)",
                              R"("session_id":-9223372036854775808)",
                              R"("session_id":1.5)",
                              R"("session_id":7.0368744177663E13)",
                              R"("session_id":1e999999999)",
                              R"("session_id":"7.0368744177663e+13")",
                              R"("session_id":"")",
                              R"("session_id":true)",
                              R"("session_id":[])",
                              R"("last_seqno":4.0)",
                              R"("last_seqno":-1)",
                              R"("last_seqno":2147483648)",
                              R"("server_salt":-1)",
                              R"("server_salt":1.2e19)",
                              R"("server_salt":18446744073709551616)",
                              R"("server_salt":12345678901234567000)"}) {
    CAPTURE(damaged);
    const auto line =
        read(R"({"auth_key":")" + key_text() +
             R"(","session_id":5,"last_seqno":3,"server_salt":"7","dc":3,)" + damaged + "}");
    REQUIRE(line.has_value());
    CHECK(line->auth_key);
    CHECK_FALSE(line->session_id);
    CHECK_FALSE(line->last_seqno);
    CHECK_FALSE(line->server_salt);
    CHECK(line->dc == mtproto::DcId(3));
  }
}

TEST_CASE("the other numbers of a line are read by their value") {
  const auto line = read(R"({"dc":2.0,"api_id":1.2345E4,"user_id":9.996620001e9})");
  REQUIRE(line.has_value());
  CHECK(line->dc == mtproto::DcId(2));
  CHECK(line->api_id == 12345);
  CHECK(line->user_id == 9'996'620'001);
}

TEST_CASE("updates are those of a session, or nothing as some languages write it") {
  for (const auto* text : {R"("")", "[]", "{}", R"({"pts":"5","update_seq":2.0})"}) {
    CHECK(read(R"({"updates":)" + std::string(text) + "}")->updates == text);
  }
  for (const auto* text : {"5", "true", R"("x")", "[1]", R"({"pts":0})", R"({"pts":1.5})",
                           R"({"update_seq":9007199254740993})"}) {
    CHECK(problem(R"({"updates":)" + std::string(text) + "}") == "TypeError /updates");
  }
}

TEST_CASE("what is wrong with a session is named") {
  CHECK(problem("[]") == "TypeError ");
  CHECK(problem(R"({"auth_key":")" + key_text(255) + "\"}") == "SessionError /auth_key");
  CHECK(problem(R"({"auth_key":")" + key_text(257) + "\"}") == "SessionError /auth_key");
  CHECK(problem(R"({"auth_key":"no base64!"})") == "SessionError /auth_key");
  CHECK(problem(R"({"auth_key":""})") == "SessionError /auth_key");
  CHECK(problem(R"({"auth_key":5})") == "TypeError /auth_key");
  CHECK(problem(R"({"dc":0})") == "SessionError /dc");
  CHECK(problem(R"({"dc":[]})") == "TypeError /dc");
  CHECK(problem(R"({"dc":1.5})") == "TypeError /dc");
  CHECK(problem(R"({"api_id":-5})") == "SessionError /api_id");
}

TEST_CASE("a session of another library is a session") {
  // GramJS: 1, data centre 4, "127.0.0.1", port 443, the key.
  tl::Bytes bytes{4, 0, 9, '1', '2', '7', '.', '0', '.', '0', '.', '1', 1, 187};
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<std::uint8_t>(255 - i));
  std::string string = "1";
  tl::append_base64(bytes, string);
  const auto line = read(R"({"string":")" + string + R"(","api_id":5,"updates":{"pts":5}})");
  REQUIRE(line.has_value());
  CHECK(line->dc == mtproto::DcId(4));
  CHECK(line->api_id == 5);
  CHECK(line->updates == R"({"pts":5})");
  CHECK(!line->session_id);
  CHECK(written(*line).find(key_text()) != std::string::npos);

  // Beside the whole line of the same session it adds nothing.
  const auto both =
      read(R"({"auth_key":")" + key_text() + R"(","session_id":9,"string":")" + string + "\"}");
  REQUIRE(both.has_value());
  CHECK(both->session_id == 9U);
  CHECK(problem(R"({"dc":2,"string":")" + string + "\"}") == "SessionError /string");
  std::string other;
  tl::append_base64(tl::Bytes(256, 7), other);
  CHECK(problem(R"({"auth_key":")" + other + R"(","string":")" + string + "\"}") ==
        "SessionError /string");
}

TEST_CASE("a session line as text is a session, in its reply or alone") {
  const auto inner = R"({\"auth_key\":\")" + key_text() + R"(\",\"session_id\":8,\"dc\":3})";
  for (const auto& text : {inner, R"({\"id\":1,\"session\":)" + inner + "}"}) {
    const auto line = read(R"({"string":")" + text + "\"}");
    REQUIRE(line.has_value());
    CHECK(line->session_id == 8U);
    CHECK(line->dc == mtproto::DcId(3));
  }
}

TEST_CASE("a string that is no session is named, and so is a format that is none") {
  CHECK(problem(R"({"string":"hello"})") == "SessionError /string");
  CHECK(problem(R"({"string":5})") == "TypeError /string");
  CHECK(problem(R"({"string":"{\"session_id\":8}"})") == "SessionError /string");
  CHECK(problem(R"({"as":"pyrogram"})") == "SessionError /as");
  CHECK(problem(R"({"as":5})") == "SessionError /as");
  const auto asks = read(R"({"as":"gramjs"})");
  REQUIRE(asks.has_value());
  CHECK(asks->empty());
  CHECK(asks->as == server::account::SessionFormat::gramjs);
}

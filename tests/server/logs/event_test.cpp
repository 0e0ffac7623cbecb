// A line of the log taken apart, and as JSON.
#include "server/logs/event.hpp"

#include <catch2/catch.hpp>

using namespace server::logs;

namespace {

// "conn=5 from=1.2.3.4 | opened"; what is a number has a # before it.
std::string shown(std::string_view format, Values values) {
  const auto event = event_of(format, values);
  std::string out;
  for (const auto& field : event.fields) {
    out.append(field.name).append(field.number ? "=#" : "=").append(field.value).append(" ");
  }
  return out + "| " + event.message;
}

std::string json(std::string_view format, Values values) {
  return json_text("T", "info", event_of(format, values));
}

}  // namespace

TEST_CASE("What a line names with = is a field, the rest its message") {
  CHECK(shown("conn={} opened from={}", {5, "1.2.3.4"}) == "conn=#5 from=1.2.3.4 | opened");
  CHECK(shown("account={} is here, user={}", {"ada", 7}) == "account=ada user=#7 | is here");
  CHECK(shown("sandbox dc={} connection={} closed reason=\"{}\"", {2, 9, "end of file"}) ==
        "dc=#2 connection=#9 reason=end of file | sandbox closed");
  CHECK(shown("stopping", {}) == "| stopping");
  CHECK(shown("a wrong token from {}", {"::1"}) == "| a wrong token from ::1");
  CHECK(shown("log_level={} from now on", {"debug"}) == "log_level=debug | from now on");
}

TEST_CASE("A field may be a word of the format, or several values") {
  CHECK(shown("sandbox state=unsaved reason=\"{}\"", {"x"}) == "state=unsaved reason=x | sandbox");
  CHECK(shown("speaks=\"{}{}{}\"", {"TLS, ", 1, ""}) == "speaks=TLS, 1 | ");
  CHECK(shown("at={}:{}, done", {"h", 1}) == "at=h:1 | done");
}

TEST_CASE("Whatever a value holds stays in its field") {
  const std::string hostile = "x\" level=error conn=9 {} \n";
  CHECK(shown("conn={} reason=\"{}\"", {1, hostile}) == "conn=#1 reason=" + hostile + " | ");
  CHECK(shown("{}", {"conn=1 {} :"}) == "| conn=1 {} :");
  CHECK(shown("{}: {}", {"a=b", "c"}) == "| a=b: c");
}

TEST_CASE("A name that is taken stays in the message, so that no member comes twice") {
  CHECK(shown("time={} level={} message={}", {1, 2, 3}) == "| time=1 level=2 message=3");
  CHECK(shown("dc={} dc={}", {1, 2}) == "dc=#1 | dc=2");
}

TEST_CASE("JSON of a line has time, level, its fields and its message") {
  CHECK(json("conn={} opened from={}", {5, "::1"}) ==
        R"({"time":"T","level":"info","conn":5,"from":"::1","message":"opened"})");
  CHECK(json("clients={}", {0}) == R"({"time":"T","level":"info","clients":0})");
}

TEST_CASE("JSON of a line is exact for any bytes, and moves no cursor") {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const auto text = json("reason=\"{}\"", {all});
  CHECK(text.find(R"(\u0000\u0001)") != text.npos);
  CHECK(text.find(R"( !\"#$)") != text.npos);
  CHECK(text.find(R"([\\])") != text.npos);
  for (const char c : text) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
  CHECK(json("{}", {"\x9b"}).ends_with("\"message\":\"\xEF\xBF\xBD\"}"));
  CHECK(json("{}", {"\xC2\x9b\xE2\x80\xAE"}).ends_with(R"("message":"\u009b\u202e"})"));
}

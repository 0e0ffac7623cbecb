// @mtproto/core's file and GramJS's folder.
#include "server/session_files/json_sessions.hpp"

#include <catch2/catch.hpp>

#include "tests/server/session_files/fixture.hpp"

using namespace session_file_test;

namespace {

std::string numbers(std::uint8_t first, std::size_t count = 256) {
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    out += std::to_string(static_cast<std::uint8_t>(first + i));
  }
  return out + "]";
}

std::string core_file(const std::string& members) { return "{\n\t" + members + "\n}"; }
std::string core_key(int dc, std::uint8_t first) {
  return '"' + std::to_string(dc) + R"(authKey": ")" + numbers(first) + '"';
}

std::string buffer(const std::string& data) { return R"({"type":"Buffer","data":)" + data + "}"; }

}  // namespace

TEST_CASE("@mtproto/core's file is read, of its home data centre among several") {
  const support::TemporaryFolder folder;
  for (const auto* home : {R"("1")", R"("\"1\"")"}) {
    const auto found = read(folder.write(
        "s.json", core_file(core_key(2, 2) + ",\n\t" + core_key(1, 1) +
                            ",\n\t\"defaultDcId\": " + home + ",\n\t\"timeOffset\": \"0\"")));
    REQUIRE(found);
    CHECK(found->library == "@mtproto/core");
    CHECK(found->dc == mtproto::DcId(1));
    REQUIRE(is_key(found, 1));
    CHECK(found->notes.empty());
  }
}

TEST_CASE("@mtproto/core's home is its default where none was recorded, and that is said") {
  const support::TemporaryFolder folder;
  const auto found = read(folder.write("s.json", core_file(core_key(1, 1) + "," + core_key(2, 2))));
  REQUIRE(is_key(found, 2));
  REQUIRE(found->notes.size() == 1);
  CHECK(has(found->notes[0], "@mtproto/core's own default, 2"));
}

TEST_CASE("@mtproto/core's file says where it is wrong, and no secret") {
  const support::TemporaryFolder folder;
  for (const auto& [text, word] : std::vector<std::pair<std::string, std::string>>{
           {core_file(core_key(3, 1)), "/2authKey"},
           {core_file(R"("2authKey": ")" + numbers(1, 255) + '"'), "/2authKey"},
           {core_file(R"("2authKey": "[1,2,300]")"), "/2authKey"},
           {core_file(R"("2authKey": ")" + numbers(1, 255).insert(1, "256,") + '"'), "/2authKey"},
           {core_file(R"("2authKey": 7)"), "/2authKey"},
           {core_file(core_key(2, 1) + R"(,"defaultDcId": "0")"), "/defaultDcId"},
           {core_file(core_key(2, 1) + R"(,"defaultDcId": "[]")"), "/defaultDcId"},
           {core_file(core_key(2, 1)) + "x", "byte "},
           {"{", "as JSON"},
           {"{}", "no file of @mtproto/core"},
           {R"({"id": 1, "session": {"auth_key": "AAEC"}})", "a session line of streamjson"},
           {R"({"auth_key": "AAEC"})", "a session line of streamjson"}}) {
    const auto error = error_of(read(folder.write("s.json", text)));
    CHECK(has(error, word));
    CHECK_FALSE(has(error, "1,2,3"));
    CHECK_FALSE(has(error, "AAEC"));
  }
}

TEST_CASE("GramJS's folder is read, whatever divides its names") {
  for (const auto* name : {"me%3A", "we%2Fird%20name%3A%C3%BC%25%7C", ""}) {
    const support::TemporaryFolder folder;
    const std::string stem = name;
    folder.write(stem + "authKey", buffer(numbers(8)));
    folder.write(stem + "dcId", "4");
    folder.write(stem + "port", "443");
    folder.write(stem + "1000101", R"(["1000101","-1","ada","9996620001","Ada"])");
    for (const auto& path : {folder.path(), folder.path() / (stem + "authKey")}) {
      const auto found = read(path);
      REQUIRE(found);
      CHECK(found->library == "GramJS");
      CHECK(found->dc == mtproto::DcId(4));
      REQUIRE(is_key(found, 8));
      CHECK_FALSE(found->user_id);
    }
  }
}

TEST_CASE("GramJS's key that it dropped is none") {
  for (const auto* text : {"undefined", "", "null"}) {
    const support::TemporaryFolder folder;
    folder.write("me%3AauthKey", text);
    folder.write("me%3AdcId", "2");
    CHECK(has(error_of(read(folder.path())), "no key in its authKey"));
  }
}

TEST_CASE("GramJS's folder says what is wrong with it") {
  const std::string good = buffer(numbers(8));
  for (const auto& [key, dc, word] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {good, "", "dcId is missing"},
           {good, "0", "dcId is no data"},
           {good, "x", "dcId is no data"},
           {buffer(numbers(8, 20)), "2", "256 bytes"},
           {buffer("7"), "2", "256 bytes"},
           {"[", "2", "256 bytes"}}) {
    const support::TemporaryFolder folder;
    folder.write("me%3AauthKey", key);
    if (!dc.empty()) folder.write("me%3AdcId", dc);
    CHECK(has(error_of(read(folder.path())), word));
  }
}

TEST_CASE("of several sessions of GramJS in a folder one is to be named") {
  const support::TemporaryFolder folder;
  for (const auto* name : {"a", "b"}) {
    folder.write(name + std::string("%3AauthKey"), buffer(numbers(name[0] == 'a' ? 1 : 2)));
    folder.write(name + std::string("%3AdcId"), "2");
  }
  CHECK(has(error_of(read(folder.path())), "several sessions of GramJS"));
  CHECK(is_key(read(folder.path() / "b%3AauthKey"), 2));
}

TEST_CASE("what is no session is said to be none") {
  const support::TemporaryFolder folder;
  CHECK(has(error_of(read(folder.path())), "which file is the session?"));
  CHECK(has(error_of(read(folder.path() / "absent")), "No such file"));
  CHECK(has(error_of(read(folder.write("empty", ""))), "it is empty"));
  CHECK(has(error_of(read(folder.write("text", "hello"))), "no session of a program"));
  CHECK(has(error_of(read("/dev/null")), "not a regular file"));
  CHECK(has(error_of(read(folder.write("long.json", "{" + std::string(2 << 20, ' ')))),
            "no session of a program"));
}

#include "server/signin_cli/import_given.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "server/session_files/given_files.hpp"
#include "tests/server/session_files/binlog_fixture.hpp"
#include "tests/server/session_files/tdata_fixture.hpp"
#include "tl/base64.hpp"

using namespace server;
using session_file_test::has;

namespace {

std::string base64(std::string_view bytes) {
  std::string out;
  tl::append_base64(tl::as_bytes(bytes), out);
  return out;
}

// `more` stands behind the files.
std::string request(const std::vector<std::pair<std::string, std::string>>& files,
                    const std::string& more = "") {
  std::string out = R"({"files":{)";
  for (const auto& [path, bytes] : files) {
    if (!out.ends_with('{')) out += ',';
    out += '"' + path + R"(":")" + base64(bytes) + '"';
  }
  return out + "}" + more + "}";
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string telethon_file() {
  using namespace session_file_test;
  const support::TemporaryFolder folder;
  return text_of(make_database(folder, telethon_tables + telethon_row(1, key_literal(0))));
}

std::string failure_of(std::string_view request) {
  const auto answer = import_given(request);
  CHECK_FALSE(answer.found);
  CHECK(answer.object.starts_with(R"({"error":"SessionFileError","msg":")"));
  return answer.object;
}

}  // namespace

TEST_CASE("a given database is answered with a session and what a person should know") {
  for (const auto* path : {"a.session", "whatever", "folder/a.session"}) {
    const auto answer = import_given(request({{path, telethon_file()}}));
    CHECK(answer.found);
    CHECK(answer.object.starts_with(R"({"session":{"auth_key":"AAECAwQFBgcICQoL)"));
    CHECK(has(answer.object, R"(+/w==","dc":1},"library":"Telethon","notes":[)"));
    CHECK(has(answer.object, "Use it in one program at a time"));
  }
}

TEST_CASE("a given folder of GramJS is read with or without its name") {
  std::string numbers = "1";
  for (int i = 1; i < 256; ++i) numbers += ",1";
  const auto key = R"({"type":"Buffer","data":[)" + numbers + "]}";
  for (const std::string folder : {"", "store/"}) {
    const auto answer =
        import_given(request({{folder + "s%3AauthKey", key}, {folder + "s%3AdcId", "4"}}));
    CHECK(answer.found);
    CHECK(has(answer.object, R"("dc":4})"));
    CHECK(has(answer.object, R"("library":"GramJS")"));
  }
}

TEST_CASE("files that are none of a known program's are refused by name") {
  CHECK(has(failure_of(request({{"a.txt", "hello"}})), "a.txt: no session of a program"));
  const auto two = failure_of(request({{"a.txt", "x"}, {"b.txt", "y"}}));
  CHECK(has(two, R"("msg":"a folder, but none of)"));
  CHECK_FALSE(has(two, "wants"));
}

TEST_CASE("what is no such request says what is due") {
  CHECK(has(failure_of("{"), "no JSON from byte"));
  CHECK(has(failure_of(""), "no JSON"));
  for (const auto* text : {"[]", "1", "{}", R"({"files":{}})", R"({"files":["a"]})"}) {
    CHECK(has(failure_of(text), "is due, with at least one file"));
  }
  for (const auto* bytes : {"1", "null", "{}", R"("%")", R"("AA=A")"}) {
    CHECK(has(failure_of(R"({"files":{"a":)" + std::string(bytes) + "}}"), "in base64"));
  }
}

TEST_CASE("a path that leads elsewhere is refused, and so is a file given twice") {
  for (const auto* path : {"../a", "/etc/passwd", "", "a\\u0000"}) {
    CHECK(has(failure_of(request({{path, "x"}})), "a file's path is"));
  }
  CHECK(has(failure_of(request({{"a", "x"}, {"a", "y"}})), "given twice"));
}

TEST_CASE("more files than are taken are refused") {
  std::vector<std::pair<std::string, std::string>> files;
  for (std::size_t i = 0; i <= session_files::GivenFiles::most_files; ++i) {
    files.emplace_back(std::to_string(i), "");
  }
  CHECK(has(failure_of(request(files)), "4,096"));
  CHECK(has(too_much_given().object, "96 MiB"));
}

TEST_CASE("a passcode is wanted, and said to be wrong, and used") {
  const auto file = session_file_test::Binlog()
                        .value(1, "my_id", "1000101")
                        .value(2, "main_dc_id", "2")
                        .key(3, 2, 7)
                        .value(4, "auth", "ok")
                        .encrypted("open sesame");
  const auto asked = [&](const std::string& more) { return request({{"td.binlog", file}}, more); };
  const auto without = failure_of(asked(""));
  CHECK(has(without, "td.binlog: it has a database_encryption_key"));
  CHECK(without.ends_with(R"(,"wants":"passcode"})"));
  const auto wrong = failure_of(asked(R"(,"passcode":"simsalabim")"));
  CHECK(has(wrong, "That is not its key."));
  CHECK(wrong.ends_with(R"(,"wants":"passcode"})"));
  CHECK_FALSE(has(wrong, "simsalabim"));
  const auto found = import_given(asked(R"(,"passcode":"open sesame")"));
  CHECK(found.found);
  CHECK(has(found.object, R"("library":"TDLib","user_id":1000101)"));
}

TEST_CASE("of several accounts one is to be chosen, by its number") {
  using namespace session_file_test;
  Tdata tdata({0, 2});
  tdata.account(first_name, authorization(1000101, 2, {{2, 2}}));
  tdata.account("F8806DD0C461824F", authorization(1000103, 1, {{1, 1}}));
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::recursive_directory_iterator(tdata.path())) {
    if (!entry.is_regular_file()) continue;
    files.emplace_back("tdata/" + fs::relative(entry.path(), tdata.path()).string(),
                       text_of(entry.path()));
  }
  for (const auto* more : {"", R"(,"choice":0)", R"(,"choice":3)", R"(,"choice":"x")"}) {
    const auto asked = failure_of(request(files, more));
    CHECK(asked.ends_with(
        R"("choices":["user 1000101, data centre 2","user 1000103, data centre 1"]})"));
  }
  const auto second = import_given(request(files, R"(,"choice":2)"));
  CHECK(second.found);
  CHECK(has(second.object, R"("user_id":1000103)"));
}

#include "server/session_files/given_files.hpp"

#include <catch2/catch.hpp>

#include "tests/server/session_files/fixture.hpp"

using namespace session_file_test;
using server::session_files::GivenFiles;

namespace {

mtproto::SecretBytes bytes_of(std::string_view text) {
  return mtproto::SecretBytes(tl::as_bytes(text));
}

GivenFiles given(const std::vector<std::string>& paths) {
  GivenFiles files;
  for (const auto& path : paths) REQUIRE(files.add(path, bytes_of(path)).empty());
  return files;
}

}  // namespace

TEST_CASE("given files are read by the paths they came with") {
  const auto files = given({"tdata/key_datas", "tdata/D877F783D5D3EF8C/configs"});
  CHECK(files.exists("tdata/key_datas"));
  CHECK(files.exists("tdata"));
  CHECK(files.is_folder(""));
  CHECK(files.is_folder("tdata/D877F783D5D3EF8C"));
  CHECK_FALSE(files.is_folder("tdata/key_datas"));
  CHECK_FALSE(files.exists("tdata/key"));
  CHECK_FALSE(files.exists("/etc/passwd"));
  const auto read = files.read("tdata/key_datas", 100);
  REQUIRE(read);
  CHECK(tl::as_text(read->bytes()) == "tdata/key_datas");
  CHECK(files.who_has_open("tdata").empty());
}

TEST_CASE("given files say what can't be read in the words of a disk") {
  const auto files = given({"a/long"});
  CHECK(files.read("a/none", 100).error() == "a/none: No such file or directory");
  CHECK(files.read("a", 100).error() == "a: not a regular file");
  CHECK(has(files.read("a/long", 5).error(), "a/long: longer than"));
  CHECK(files.read_if_there("a/none", 100)->size() == 0);
}

TEST_CASE("given files lie in their own folder only, and are listed by their ends") {
  const auto files = given({"s/a%3AauthKey", "s/b%3AauthKey", "s/b%3AdcId", "s/in/c%3AauthKey"});
  CHECK(files.list("s", "authKey", 9) == std::vector<fs::path>{"s/a%3AauthKey", "s/b%3AauthKey"});
  CHECK(files.list("s", "authKey", 1).size() == 1);
  CHECK(files.list("", "authKey", 9).empty());
}

TEST_CASE("a given file's path leads nowhere but below") {
  GivenFiles files;
  using namespace std::string_view_literals;
  for (const auto path : {""sv, "/"sv, "/etc/passwd"sv, "a//b"sv, "a/"sv, "."sv, ".."sv, "a/../b"sv,
                          "../a"sv, "a/./b"sv, "a\0b"sv, "\0"sv}) {
    CHECK(has(files.add(path, bytes_of("x")), "a file's path is"));
  }
  CHECK(has(files.add(std::string(GivenFiles::longest_path + 1, 'a'), bytes_of("x")), "path is"));
  CHECK(files.add("..a/b..", bytes_of("x")).empty());
  CHECK(files.add("..a/b..", bytes_of("x")) == "..a/b..: it is given twice");
}

TEST_CASE("given files are few and short") {
  GivenFiles many;
  for (std::size_t i = 0; i < GivenFiles::most_files; ++i) {
    REQUIRE(many.add(std::to_string(i), {}).empty());
  }
  CHECK(has(many.add("one more", {}), "4,096"));
  GivenFiles long_ones;
  CHECK(long_ones.add("all", mtproto::SecretBytes(GivenFiles::most_bytes)).empty());
  CHECK(long_ones.add("nothing", {}).empty());
  CHECK(has(long_ones.add("a byte", mtproto::SecretBytes(std::size_t{1})), "64 MiB"));
}

TEST_CASE("of given files that is meant which a person would name") {
  const auto root = [](const std::vector<std::string>& paths) {
    return given(paths).root().string();
  };
  CHECK(root({"a.session"}) == "a.session");
  CHECK(root({"a.session", "a.session-wal", "a.session-shm"}) == "a.session");
  CHECK(root({"s/a.session", "s/a.session-journal"}) == "s/a.session");
  CHECK(root({"tdata/key_datas", "tdata/D877F783D5D3EF8Cs"}) == "tdata");
  CHECK(root({"key_datas", "D877F783D5D3EF8Cs"}).empty());
  CHECK(root({"a/x", "b/y"}).empty());
  CHECK(root({}).empty());
}

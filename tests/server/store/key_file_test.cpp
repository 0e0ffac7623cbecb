#include "server/store/key_file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

namespace {

bool same(const MasterKey& a, const MasterKey& b) {
  return std::ranges::equal(a.bytes(), b.bytes());
}

KeyFile found(std::string_view url, const std::string& option, const std::string& credentials) {
  const auto file = find_key_file(*read_store_url(url), option, credentials);
  REQUIRE(file);
  return *file;
}

}  // namespace

TEST_CASE("a key that is made is for its owner alone and is read again as it is") {
  const support::TemporaryFolder folder;
  const KeyFile file{folder.path() / "key"};
  const auto made = make_key_file(file);
  REQUIRE(made);
  struct stat about {};
  REQUIRE(::stat(file.path.c_str(), &about) == 0);
  CHECK((about.st_mode & 07777) == 0600);
  CHECK(same(*made, *read_key_file(file)));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("those who make a key at once have the same one") {
  const support::TemporaryFolder folder;
  const KeyFile file{folder.path() / "key"};
  std::vector<std::optional<MasterKey>> keys(8);
  {
    std::vector<std::jthread> threads;
    for (auto& key : keys) threads.emplace_back([&] { key = *make_key_file(file); });
  }
  for (const auto& key : keys) CHECK(same(*key, *keys[0]));
}

TEST_CASE("the key is beside the file of SQLite, where it is not said where it is") {
  const support::TemporaryFolder folder;
  const auto credentials = folder.path().string();
  CHECK(found("sqlite:/srv/a.db", "", "").path == "/srv/a.db.key");
  CHECK(found("sqlite:/srv/a.db", "", credentials).path == "/srv/a.db.key");
  CHECK(found("sqlite:/srv/a.db", "k", credentials).path == "k");
  CHECK(found("sqlite::memory:", "", "").path.empty());
  folder.write("store-key", "x");
  CHECK(found("sqlite:/srv/a.db", "", credentials).path == credentials + "/store-key");
  CHECK(found("sqlite:/srv/a.db", "k", credentials).path == "k");
}

TEST_CASE("a PostgreSQL wants to be told where the key is") {
  const auto file = find_key_file(*read_store_url("postgresql:///a"), "", "");
  REQUIRE_FALSE(file);
  CHECK(file.error().code == StoreErrc::no_key);
  CHECK(file.error().text.find("--store-key") != std::string::npos);
  CHECK(found("postgresql:///a", "k", "").path == "k");
}

TEST_CASE("a key that others may read is refused, unless systemd brought it") {
  const support::TemporaryFolder folder;
  const auto path = folder.write("store-key", std::string(32, 'k'));
  ::chmod(path.c_str(), 0440);
  CHECK(read_key_file({path}).error().text.find("chmod 600") != std::string::npos);
  CHECK(read_key_file(found("sqlite:a", "", folder.path())));
  CHECK(read_key_file(found("sqlite:a", path, folder.path())));
}

TEST_CASE("a key of another length is refused, one that begins as a byte order mark is not") {
  const support::TemporaryFolder folder;
  for (const auto size : {0, 31, 33}) {
    const KeyFile file{folder.write("key", std::string(static_cast<std::size_t>(size), 'k'))};
    ::chmod(file.path.c_str(), 0600);
    const auto key = read_key_file(file);
    REQUIRE_FALSE(key);
    CHECK(key.error().text.find("32 bytes are due") != std::string::npos);
  }
  const KeyFile file{folder.write("key", "\xef\xbb\xbf" + std::string(29, 'k'))};
  CHECK(read_key_file(file));
}

#include "tests/server/store/store_fixture.hpp"

#include "tests/server/store/postgres_server.hpp"

namespace store_test {

std::vector<std::string> lasting_engines() {
  std::vector<std::string> out{"file"};
  if (PostgresServer::shared() != nullptr) out.emplace_back("postgres");
  return out;
}

std::vector<std::string> engines() {
  auto out = lasting_engines();
  out.emplace_back("memory");
  return out;
}

Place::Place(const std::string& engine) {
  static int count = 0;
  std::string text = "sqlite::memory:";
  if (engine == "file") text = "sqlite:" + (folder() / "store.db").string();
  if (engine == "postgres") text = PostgresServer::shared()->url("t" + std::to_string(++count));
  url_ = *read_store_url(text);
  if (engine == "postgres") {
    key_file_.path = folder() / "key";
    REQUIRE(make_key_file(key_file_));
  } else {
    key_file_ = *find_key_file(url_, "", "");
  }
}

std::unique_ptr<AccountStore> Place::open() const {
  auto store = try_open();
  INFO((store ? "" : store.error().text));
  REQUIRE(store);
  return std::move(*store);
}

mtproto::SecretBytes auth_key(std::uint8_t seed) {
  mtproto::SecretBytes out(256);
  std::uint8_t next = seed;
  for (auto& byte : out.bytes()) byte = next = static_cast<std::uint8_t>(next * 167 + 89 + seed);
  return out;
}

StoredAccount account(std::string name, std::uint8_t seed) {
  StoredAccount out;
  out.name = std::move(name);
  out.dc = 2;
  out.user_id = 1'000'101;
  out.api_id = 12345;
  out.auth_key = auth_key(seed);
  return out;
}

LoggedUpdate update(std::int64_t number) {
  const auto text = "update " + std::to_string(number) + std::string("\0\xff", 2);
  const auto bytes = tl::as_bytes(text);
  return {number * 1000, 228, tl::Bytes(bytes.begin(), bytes.end())};
}

std::vector<LoggedUpdate> updates(std::int64_t first, std::int64_t last) {
  std::vector<LoggedUpdate> out;
  for (auto number = first; number <= last; ++number) out.push_back(update(number));
  return out;
}

}  // namespace store_test

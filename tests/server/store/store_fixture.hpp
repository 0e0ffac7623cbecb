// A store for one test, on each of the engines that are here.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/store/account_store.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/temporary_folder.hpp"

template <>
struct Catch::StringMaker<server::store::StoreError> {
  static std::string convert(const server::store::StoreError& error) {
    return std::string(name_of(error.code)) + ": " + error.text;
  }
};

namespace store_test {

using namespace server::store;

// "memory", "file", and "postgres" where PostgreSQL is installed; where it is not, that is said.
std::vector<std::string> engines();
std::vector<std::string> lasting_engines();  // without "memory"

class Place {
 public:
  explicit Place(const std::string& engine);

  const StoreUrl& url() const { return url_; }
  const KeyFile& key_file() const { return key_file_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  StoreResult<std::unique_ptr<AccountStore>> try_open() const {
    return AccountStore::open(url_, key_file_);
  }
  // Fails the test where that does not work.
  std::unique_ptr<AccountStore> open() const;

 private:
  support::TemporaryFolder folder_;
  StoreUrl url_;
  KeyFile key_file_;
};

// A key of 256 bytes that are all different from those of another seed.
mtproto::SecretBytes auth_key(std::uint8_t seed);
StoredAccount account(std::string name, std::uint8_t seed = 1);

// What update number N has as its body, in this test.
LoggedUpdate update(std::int64_t number);
std::vector<LoggedUpdate> updates(std::int64_t first, std::int64_t last);

}  // namespace store_test

// A Telegram that can be reached: its data centres, whose keys it signs with, what a person should
// know of it. Production, test, the sandbox of this process, or an address that somebody named;
// nobody but main.cpp knows how one came to be.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mtproto/crypto/rsa.hpp"
#include "mtproto/data_centres.hpp"
#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"

namespace server::upstream {

struct Address {
  std::string host;  // a name or an IP address
  std::uint16_t port = 443;
  bool obfuscated_only = false;
  bool operator==(const Address&) const = default;
};

// What was learned of addresses since the start, by any thread: an immutable table, swapped whole.
class DcOptions {
 public:
  using Table = std::map<std::int32_t, std::vector<Address>>;

  std::shared_ptr<const Table> table() const { return table_.load(); }  // none: nothing yet
  void replace(Table table) { table_ = std::make_shared<const Table>(std::move(table)); }
  // Whether it is time to ask; true for one of those who ask at a time.
  bool due(mtproto::Time now);
  // Nothing came of it.
  void ask_soon(mtproto::Time now);

 private:
  static constexpr auto ask_every = std::chrono::hours(1);
  static constexpr auto ask_again = std::chrono::minutes(1);

  std::atomic<std::shared_ptr<const Table>> table_;
  std::atomic<std::int64_t> next_ = 0;  // microseconds of boot time
};

// Somebody to sign in as, where the operator offers it.
struct SampleAccount {
  std::string phone;
  std::string name;
  std::string code;
  std::string password;   // empty: none
  std::string bot_token;  // of a bot, which has none of the above but a name
};

struct Telegram {
  enum class Kind : std::uint8_t { production, test, sandbox, custom };
  Kind kind = Kind::production;
  DcOptions::Table data_centres;       // as it was at the start
  std::shared_ptr<DcOptions> learned;  // none: nothing else is ever believed
  std::vector<mtproto::RsaPublicKey> keys;
  std::vector<SampleAccount> accounts;
  // What to say as api_id where nobody named one; 0: nothing (the real Telegram wants one's own).
  std::int32_t free_api_id = 0;
  std::string free_api_hash;

  // Where data centre `dc` is, in the order in which they are worth trying; a custom Telegram has
  // one address for all. Empty: there is none.
  std::vector<Address> addresses(mtproto::DcId dc, bool obfuscated = false) const;
  // The numbers of those that have an address, in order.
  std::vector<std::int32_t> known() const;
  // As a key exchange's inner data names it.
  std::int32_t inner_dc(mtproto::DcId dc) const;
};

std::string_view name_of(Telegram::Kind);

// One of the built-in tables, without addresses that are for files only.
Telegram from_table(const mtproto::DataCentreTable&, Telegram::Kind);

}  // namespace server::upstream

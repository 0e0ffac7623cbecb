// A Telegram that can be reached: its data centres, whose keys it signs with, what a person should
// know of it. Production, test, the sandbox of this process, or an address that somebody named;
// nobody but main.cpp knows how one came to be.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mtproto/crypto/rsa.hpp"
#include "mtproto/data_centres.hpp"
#include "mtproto/ids.hpp"

namespace server::upstream {

struct Address {
  std::string host;  // a name or an IP address
  std::uint16_t port = 443;
  bool operator==(const Address&) const = default;
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
  std::map<std::int32_t, std::vector<Address>> data_centres;
  std::vector<mtproto::RsaPublicKey> keys;
  std::vector<SampleAccount> accounts;
  // What to say as api_id where nobody named one; 0: nothing (the real Telegram wants one's own).
  std::int32_t free_api_id = 0;
  std::string free_api_hash;

  // Where data centre `dc` is; a custom Telegram has one address for all. Empty: there is none.
  std::vector<Address> addresses(mtproto::DcId dc) const;
  // As a key exchange's inner data names it.
  std::int32_t inner_dc(mtproto::DcId dc) const;
};

std::string_view name_of(Telegram::Kind);

// One of the built-in tables, without addresses that are for files only.
Telegram from_table(const mtproto::DataCentreTable&, Telegram::Kind);

}  // namespace server::upstream

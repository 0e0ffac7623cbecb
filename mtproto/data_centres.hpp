// Where a Telegram is: its data centres' addresses and the public keys that it signs with. The two
// built-in tables are what a first connection needs; help.getConfig knows better afterwards.
// core.telegram.org/api/datacenter
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mtproto/crypto/rsa.hpp"
#include "mtproto/ids.hpp"

namespace mtproto {

struct DataCentreAddress {
  std::string host;  // an IP address or a name
  std::uint16_t port = 443;
  bool ipv6 = false;
  bool media = false;  // for files only
};

struct DataCentre {
  DcId id;
  bool test = false;
  // In the order in which they are worth trying.
  std::vector<DataCentreAddress> addresses;

  // As the inner data of a key exchange names it: 10000 more for a test data centre.
  std::int32_t number() const { return dc_number(id.value(), test); }
};

// Immutable once made.
class DataCentreTable {
 public:
  static const DataCentreTable& production();
  static const DataCentreTable& test();

  // A sandbox's, or one that a person named. `telegram` is what a client reads as its name.
  DataCentreTable(std::string telegram, std::vector<DataCentre> data_centres,
                  std::vector<RsaPublicKey> keys);

  const std::string& telegram() const { return telegram_; }
  const std::vector<DataCentre>& data_centres() const { return data_centres_; }
  const std::vector<RsaPublicKey>& keys() const { return keys_; }
  const DataCentre* find(DcId id) const;

 private:
  std::string telegram_;
  std::vector<DataCentre> data_centres_;
  std::vector<RsaPublicKey> keys_;
};

// certs/telegram_production.pem and certs/telegram_test.pem, compiled in.
extern const std::string_view telegram_production_pem;
extern const std::string_view telegram_test_pem;

}  // namespace mtproto

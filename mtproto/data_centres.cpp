#include "mtproto/data_centres.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace mtproto {
namespace {

struct Known {
  std::int32_t dc;
  const char* host;
  bool ipv6 = false;
  bool media = false;
};

constexpr Known production_addresses[] = {
    {1, "149.154.175.50"},
    {1, "2001:b28:f23d:f001::a", true},
    {2, "149.154.167.51"},
    {2, "95.161.76.100"},
    {2, "2001:67c:4e8:f002::a", true},
    {2, "149.154.167.222", false, true},
    {2, "2001:67c:4e8:f002::b", true, true},
    {3, "149.154.175.100"},
    {3, "2001:b28:f23d:f003::a", true},
    {4, "149.154.167.91"},
    {4, "2001:67c:4e8:f004::a", true},
    {5, "149.154.171.5"},
    {5, "2001:b28:f23f:f005::a", true},
};

constexpr Known test_addresses[] = {
    {1, "149.154.175.10"},  {1, "2001:b28:f23d:f001::e", true},
    {2, "149.154.167.40"},  {2, "2001:67c:4e8:f002::e", true},
    {3, "149.154.175.117"}, {3, "2001:b28:f23d:f003::e", true},
};

// What a firewall lets through differs.
constexpr std::uint16_t ports[] = {443, 80, 5222};

std::vector<DataCentre> laid_out(std::span<const Known> known, bool test) {
  std::vector<DataCentre> out;
  for (const auto& it : known) {
    if (out.empty() || out.back().id.value() != it.dc) out.push_back({DcId(it.dc), test, {}});
  }
  for (auto& dc : out) {
    for (const auto port : ports) {
      for (const auto& it : known) {
        if (it.dc != dc.id.value()) continue;
        dc.addresses.push_back({it.host, port, it.ipv6, it.media});
      }
    }
  }
  return out;
}

// A key that is compiled in is one: a test says so.
std::vector<RsaPublicKey> key_of(std::string_view pem) {
  return {RsaPublicKey::from_pem(pem).value()};
}

}  // namespace

DataCentreTable::DataCentreTable(std::string telegram, std::vector<DataCentre> data_centres,
                                 std::vector<RsaPublicKey> keys)
    : telegram_(std::move(telegram)),
      data_centres_(std::move(data_centres)),
      keys_(std::move(keys)) {}

const DataCentreTable& DataCentreTable::production() {
  static const DataCentreTable table("production", laid_out(production_addresses, false),
                                     key_of(telegram_production_pem));
  return table;
}

const DataCentreTable& DataCentreTable::test() {
  static const DataCentreTable table("test", laid_out(test_addresses, true),
                                     key_of(telegram_test_pem));
  return table;
}

const DataCentre* DataCentreTable::find(DcId id) const {
  const auto at = std::find_if(data_centres_.begin(), data_centres_.end(),
                               [&](const auto& dc) { return dc.id == id; });
  return at == data_centres_.end() ? nullptr : &*at;
}

}  // namespace mtproto

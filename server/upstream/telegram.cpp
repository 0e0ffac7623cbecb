#include "server/upstream/telegram.hpp"

namespace server::upstream {

std::vector<Address> Telegram::addresses(mtproto::DcId dc) const {
  if (kind == Kind::custom && !data_centres.empty()) return data_centres.begin()->second;
  const auto found = data_centres.find(dc.value());
  return found == data_centres.end() ? std::vector<Address>{} : found->second;
}

std::int32_t Telegram::inner_dc(mtproto::DcId dc) const {
  constexpr std::int32_t test_offset = 10'000;
  return kind == Kind::test ? dc.value() + test_offset : dc.value();
}

std::string_view name_of(Telegram::Kind kind) {
  switch (kind) {
    case Telegram::Kind::production:
      return "production";
    case Telegram::Kind::test:
      return "test";
    case Telegram::Kind::sandbox:
      return "sandbox";
    case Telegram::Kind::custom:
      break;
  }
  return "custom";
}

Telegram from_table(const mtproto::DataCentreTable& table, Telegram::Kind kind) {
  Telegram out;
  out.kind = kind;
  out.keys = table.keys();
  for (const auto& data_centre : table.data_centres()) {
    auto& addresses = out.data_centres[data_centre.id.value()];
    for (const auto& address : data_centre.addresses) {
      if (!address.media) addresses.push_back({address.host, address.port});
    }
  }
  return out;
}

}  // namespace server::upstream

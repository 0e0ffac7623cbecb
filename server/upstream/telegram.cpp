#include "server/upstream/telegram.hpp"

#include <algorithm>
#include <set>

namespace server::upstream {

bool DcOptions::due(mtproto::Time now) {
  const std::int64_t at = now.time_since_epoch().count();
  auto next = next_.load(std::memory_order_relaxed);
  return at >= next &&
         next_.compare_exchange_strong(next, at + mtproto::Duration(ask_every).count());
}

void DcOptions::ask_soon(mtproto::Time now) {
  next_.store((now + ask_again).time_since_epoch().count(), std::memory_order_relaxed);
}

std::vector<Address> Telegram::addresses(mtproto::DcId dc, bool obfuscated) const {
  if (kind == Kind::custom && !data_centres.empty()) return data_centres.begin()->second;
  std::vector<Address> out;
  const auto add = [&](const DcOptions::Table& table) {
    const auto found = table.find(dc.value());
    if (found == table.end()) return;
    for (const auto& address : found->second) {
      const bool fits = obfuscated || !address.obfuscated_only;
      if (fits && std::ranges::find(out, address) == out.end()) out.push_back(address);
    }
  };
  if (const auto newer = learned ? learned->table() : nullptr) add(*newer);
  add(data_centres);
  return out;
}

std::vector<std::int32_t> Telegram::known() const {
  std::set<std::int32_t> out;
  const auto add = [&](const DcOptions::Table& table) {
    for (const auto& [dc, addresses] : table) {
      if (!addresses.empty()) out.insert(dc);
    }
  };
  if (const auto newer = learned ? learned->table() : nullptr) add(*newer);
  add(data_centres);
  return {out.begin(), out.end()};
}

std::int32_t Telegram::inner_dc(mtproto::DcId dc) const {
  return mtproto::dc_number(dc.value(), kind == Kind::test);
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
  out.learned = std::make_shared<DcOptions>();
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

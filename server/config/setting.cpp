#include "server/config/setting.hpp"

#include "tl/nearest_name.hpp"

namespace server::config {

const Setting* find_setting(const SettingTable& table, std::string_view name) {
  for (const auto& group : table) {
    for (const auto& setting : group.settings) {
      if (setting.name == name) return &setting;
    }
  }
  return nullptr;
}

std::string no_such_option(const SettingTable& table, std::string_view name) {
  tl::NearestName nearest(name);
  for (const auto& group : table) {
    for (const auto& setting : group.settings) nearest.offer(setting.name);
  }
  return "no such option" + nearest.hint();
}

}  // namespace server::config

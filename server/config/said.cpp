#include "server/config/said.hpp"

namespace server::config {

namespace {

std::string apply_entry(const Setting& setting, const Entry& entry) {
  const auto due = setting.set(entry.value);
  if (due.empty()) return "";
  if (setting.traits.secret) return entry.where + ": expected " + due;
  return entry.where + ": \"" + entry.value + "\": expected " + due;
}

}  // namespace

void add_lines(const std::string& lines, std::string& to) {
  if (!to.empty() && !lines.empty()) to += '\n';
  to += lines;
}

void Said::add(Source source, std::vector<Entry> entries) {
  auto& all = entries_[static_cast<std::size_t>(source)];
  for (auto& entry : entries) all[entry.name].push_back(std::move(entry));
}

std::span<const Entry> Said::by(Source source, std::string_view name) const {
  const auto& all = entries_[static_cast<std::size_t>(source)];
  const auto found = all.find(name);
  if (found == all.end()) return {};
  return found->second;
}

std::span<const Entry> Said::of(std::string_view name) const {
  for (const auto source :
       {Source::arguments, Source::environment, Source::file, Source::credentials}) {
    if (const auto said = by(source, name); !said.empty()) return said;
  }
  return {};
}

void Said::add_wrong(const std::string& lines) { add_lines(lines, wrong_); }

std::string Said::apply(const SettingTable& table) const {
  auto wrong = wrong_;
  for (const auto& group : table) {
    for (const auto& setting : group.settings) {
      auto entries = of(setting.name);
      if (!setting.set || entries.empty()) continue;
      if (!setting.traits.list) entries = entries.last(1);
      for (const auto& entry : entries) {
        add_lines(apply_entry(setting, entry), wrong);
      }
    }
  }
  return wrong;
}

}  // namespace server::config

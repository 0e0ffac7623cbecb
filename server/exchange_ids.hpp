// A connection's requests by their client's id, for as long as nothing is added or taken away: many
// requests may name many others in `after`, and looking each of them up among all would take minutes.
#pragma once

#include <algorithm>
#include <ranges>
#include <string_view>
#include <utility>
#include <vector>

#include "server/exchange.hpp"

namespace server {

class ExchangeIds {
 public:
  template <class Exchanges>
  explicit ExchangeIds(const Exchanges& all) {
    entries_.reserve(all.size());
    for (const auto& one : all) entries_.emplace_back(one.request.id, &one);
    std::ranges::stable_sort(entries_, {}, &Entry::first);
  }

  // In the order of their arrival.
  auto named(std::string_view id) const {
    return std::ranges::equal_range(entries_, id, {}, &Entry::first) | std::views::values;
  }

 private:
  using Entry = std::pair<std::string_view, const Exchange*>;
  std::vector<Entry> entries_;
};

}  // namespace server

// The members of an object that count, where a few names are known: of a key given twice the last,
// none that is null. In time linear in the object, whatever stands there.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "tl/value.hpp"

namespace tl {

// In their order, up to the first whose name is none of `names`; that one is the last.
template <std::size_t N>
std::vector<Member> last_members(const Value& object,
                                 const std::array<std::string_view, N>& names) {
  std::array<const Member*, N> last{};
  const auto members = object.members();
  const auto place = [&](std::string_view key) {
    return static_cast<std::size_t>(std::ranges::find(names, key) - names.begin());
  };
  for (const auto& member : members) {
    const auto at = place(member.key);
    if (at < N) last[at] = &member;
  }
  std::vector<Member> out;
  for (const auto& member : members) {
    if (member.value.is_null()) continue;
    const auto at = place(member.key);
    if (at < N && last[at] != &member) continue;
    out.push_back(member);
    if (at == N) break;
  }
  return out;
}

}  // namespace tl

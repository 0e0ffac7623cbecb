#include "tl/json_pointer.hpp"

#include <algorithm>
#include <vector>

#include "tl/utf8.hpp"

namespace tl {

std::string Place::pointer() const {
  std::vector<const Place*> chain;
  for (const auto* place = this; place->up != nullptr; place = place->up) chain.push_back(place);
  std::string out;
  for (auto place = chain.rbegin(); place != chain.rend(); ++place) {
    out += '/';
    if ((*place)->is_index) {
      out += std::to_string((*place)->index);
    } else {
      append_pointer_token((*place)->key, out);
    }
  }
  return out;
}

void append_pointer_token(std::string_view name, std::string& out) {
  constexpr std::string_view ellipsis = "\xE2\x80\xA6";
  const auto start = out.size();
  const auto room = start + max_token - ellipsis.size();  // where a longer one is cut
  std::size_t cut = start;                                // behind the last character that fits
  while (!name.empty()) {
    const auto size = std::max<std::size_t>(utf8_sequence(name), 1);
    if (name.front() == '~' || name.front() == '/') {
      out += name.front() == '~' ? "~0" : "~1";
    } else {
      out += name.substr(0, size);
    }
    name.remove_prefix(size);
    if (out.size() <= room) cut = out.size();
    if (out.size() - start <= max_token) continue;
    out.resize(cut);
    out += ellipsis;
    return;
  }
}

}  // namespace tl

#include "tl/json_pointer.hpp"

#include <vector>

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
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
}

}  // namespace tl

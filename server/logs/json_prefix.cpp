#include "server/logs/json_prefix.hpp"

namespace server::logs {

std::string closed_prefix(std::string_view text) {
  std::string open;      // what closes the containers that are open, the innermost last
  std::size_t good = 0;  // so much of the text can be closed by it
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      open += c == '{' ? '}' : ']';
      good = i + 1;
    } else if ((c == '}' || c == ']') && !open.empty()) {
      open.pop_back();
      good = i + 1;
    } else if (c == ',') {
      good = i;
    }
  }
  return std::string(text.substr(0, good)).append(open.rbegin(), open.rend());
}

}  // namespace server::logs

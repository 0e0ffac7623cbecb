#include "server/gateway/node_scope.hpp"

namespace server {

void write_scope(const TokenScope* scope, std::string& out) {
  out += "\"scope\":";
  if (scope == nullptr) {
    out += "null";
    return;
  }
  out += '[';
  const char* comma = "";
  for (const auto& word : scope->words()) {
    out += comma;
    tl::write_json_string(word, out);
    comma = ",";
  }
  out += ']';
}

bool read_scope(const tl::Value& words, std::shared_ptr<const TokenScope>& to) {
  to.reset();
  if (words.is_null()) return true;
  if (!words.is_array()) return false;
  TokenScope scope;
  for (const auto& word : words.items()) {
    if (!word.is_string() || !scope.add(word.text()).empty()) return false;
  }
  to = std::make_shared<const TokenScope>(std::move(scope));
  return true;
}

}  // namespace server

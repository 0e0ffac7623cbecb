// The head of an HTTP request, as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server::http {

struct Head {
  std::string method;
  std::string path;   // percent-decoded, without the query; "*" where OPTIONS asks about all
  std::string query;  // as it came
  // Of a target in absolute form, as proxies are asked: it counts, and not the field Host.
  std::optional<std::string> authority;
  unsigned version = 11;
  bool keep_alive = false;
  bool websocket = false;  // it asks for an upgrade to WebSocket
  bool expects_continue = false;
  std::vector<std::pair<std::string, std::string>> fields;

  // Names of fields in lower case; of a field given twice the first.
  std::optional<std::string_view> field(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // The value of `name` in the query, percent-decoded.
  std::optional<std::string> parameter(std::string_view name) const;
};

// None where an escape is broken.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace server::http

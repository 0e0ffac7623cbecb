#include "server/http/upgrade.hpp"

#include <algorithm>

namespace server::http {
namespace {

Response upgrade_required(std::string_view text) {
  auto response = refusal(426, "UpgradeRequired", text);
  response.fields = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
  return response;
}

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

// 16 bytes, whatever they are.
bool is_key(std::string_view text) {
  constexpr std::size_t digits = 22;
  return text.size() == digits + 2 && text.ends_with("==") &&
         std::ranges::all_of(text.substr(0, digits), is_base64);
}

}  // namespace

tl::Result<channel::Handshake, Response> read_handshake(const Head& head) {
  if (head.websocket && head.version != 11) {
    return upgrade_required(
        "a WebSocket is asked for in HTTP/1.1 (RFC 6455, 4.1), not in HTTP/1.0");
  }
  if (!head.websocket) {
    return upgrade_required("this is the place of a WebSocket");
  }
  if (head.field("sec-websocket-version") != "13") {
    return upgrade_required("version 13 of WebSocket is spoken here");
  }
  const auto key = head.field("sec-websocket-key");
  if (head.count("sec-websocket-key") != 1 || !is_key(*key)) {
    return refusal(400, "BadRequest", "Sec-WebSocket-Key is to be 16 bytes in base64");
  }
  channel::Handshake out{std::string(*key), {}};
  for (const auto& [name, value] : head.fields) {
    if (name != "sec-websocket-extensions") continue;
    if (!out.extensions.empty()) out.extensions += ", ";
    out.extensions += value;
  }
  return out;
}

}  // namespace server::http

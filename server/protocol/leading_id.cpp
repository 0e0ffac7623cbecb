#include "server/protocol/leading_id.hpp"

#include <algorithm>
#include <memory_resource>

#include "server/protocol/protocol.hpp"
#include "tl/byte_order_mark.hpp"
#include "tl/json_reader.hpp"

namespace server {
namespace {

constexpr std::string_view blanks = " \t\r\n";

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
}

bool skip(std::string_view& text, std::string_view what) {
  skip_blanks(text);
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

// A number or a string with which `text` begins, and behind which it goes on; or empty.
std::string_view whole_token(std::string_view text) {
  if (!text.starts_with('"')) {
    const auto end = text.find_first_not_of("-+.0123456789eE");
    const bool goes_on = end != text.npos && end > 0;
    return goes_on && std::string_view(",} \t\r\n").find(text[end]) != std::string_view::npos
               ? text.substr(0, end)
               : std::string_view{};
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return text.substr(0, i + 1);
    }
  }
  return {};
}

}  // namespace

std::optional<std::string> leading_id(std::string_view start) {
  auto text = tl::without_mark(start);
  if (!skip(text, "{") || !skip(text, "\"id\"") || !skip(text, ":")) return {};
  skip_blanks(text);
  const auto token = whole_token(text);
  if (token.empty()) return {};
  std::pmr::monotonic_buffer_resource arena;
  const auto object = tl::read_json("{\"id\":" + std::string(token) + "}", arena);
  if (!object) return {};
  const auto request = read_request(*object);
  auto id = request ? request->id : request.error().id;
  // What is no id is answered under another; and these two say that there was none.
  if (id == id_of_no_object || id == id_of_no_json) return {};
  return id;
}

}  // namespace server

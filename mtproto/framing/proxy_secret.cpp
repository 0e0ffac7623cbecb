#include "mtproto/framing/proxy_secret.hpp"

#include <algorithm>
#include <array>

#include "mtproto/errc.hpp"
#include "tl/base64.hpp"
#include "tl/hex.hpp"

namespace mtproto {
namespace {

constexpr std::uint8_t padded_mark = 0xdd;
constexpr std::uint8_t tls_mark = 0xee;
constexpr std::size_t longest_text = 2 * (1 + proxy_key_size + longest_proxy_domain);

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_hex(std::string_view text) {
  return text.size() >= 2 * proxy_key_size && text.size() % 2 == 0 &&
         std::ranges::all_of(text, [](char c) { return digit(c) >= 0; });
}

Bytes from_hex(std::string_view text) {
  Bytes out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
  }
  return out;
}

bool in_name(std::uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

bool is_domain(ByteView bytes) {
  return !bytes.empty() && bytes.size() <= longest_proxy_domain &&
         std::ranges::all_of(bytes, in_name);
}

tl::Result<ProxySecret> from_bytes(ByteView bytes) {
  if (bytes.size() == proxy_key_size) return ProxySecret{SecretBytes(bytes)};
  if (bytes.size() <= proxy_key_size) return make_error_code(errc::bad_proxy_secret);
  ProxySecret out{SecretBytes(bytes.subspan(1, proxy_key_size)), true};
  const auto rest = bytes.subspan(1 + proxy_key_size);
  if (bytes[0] == padded_mark && rest.empty()) return out;
  if (bytes[0] != tls_mark || !is_domain(rest)) return make_error_code(errc::bad_proxy_secret);
  out.domain = tl::as_text(rest);
  return out;
}

}  // namespace

tl::Result<ProxySecret> parse_proxy_secret(std::string_view text) {
  if (text.size() > longest_text) return make_error_code(errc::bad_proxy_secret);
  Bytes bytes;
  if (is_hex(text)) {
    bytes = from_hex(text);
  } else if (!tl::decode_base64(text, bytes)) {
    return make_error_code(errc::bad_proxy_secret);
  }
  auto out = from_bytes(bytes);
  wipe(bytes);
  return out;
}

std::string write_proxy_secret(const ProxySecret& secret) {
  const std::array mark{secret.tls() ? tls_mark : padded_mark};
  return (secret.padded ? tl::to_hex(mark) : std::string()) + tl::to_hex(secret.key.bytes()) +
         tl::to_hex(tl::as_bytes(secret.domain));
}

}  // namespace mtproto

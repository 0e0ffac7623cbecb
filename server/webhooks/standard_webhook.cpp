#include "server/webhooks/standard_webhook.hpp"

#include <algorithm>

#include "mtproto/crypto/hmac.hpp"
#include "tl/base64.hpp"

namespace server::webhooks {
namespace {

constexpr std::string_view secret_prefix = "whsec_";

}  // namespace

tl::Result<mtproto::SecretBytes, std::string> read_webhook_secret(std::string_view text) {
  const std::string due = "whsec_ and 24 to 64 bytes in base64 are due";
  if (!text.starts_with(secret_prefix)) return due;
  text.remove_prefix(secret_prefix.size());
  if (text.size() > 2 * longest_secret) return due;
  tl::Bytes bytes;
  // So that no copy of it stays behind when it grows.
  bytes.reserve(tl::base64_decoded_size(text));
  const bool read = tl::decode_base64(text, bytes) && bytes.size() >= shortest_secret &&
                    bytes.size() <= longest_secret;
  mtproto::SecretBytes out{tl::ByteView(bytes)};
  mtproto::wipe(bytes);
  if (!read) return due;
  return out;
}

mtproto::SecretBytes make_webhook_secret(tl::Random& random) {
  mtproto::SecretBytes out(32);
  random.fill(out.bytes());
  return out;
}

mtproto::SecretBytes webhook_secret_text(const mtproto::SecretBytes& secret) {
  mtproto::SecretBytes out(secret_prefix.size() + tl::base64_size(secret.size()));
  auto* to = reinterpret_cast<char*>(out.bytes().data());
  to = std::copy(secret_prefix.begin(), secret_prefix.end(), to);
  tl::write_base64(secret.bytes(), to);
  return out;
}

std::string webhook_signature(const mtproto::SecretBytes& secret, std::string_view id,
                              std::int64_t timestamp, std::string_view body) {
  const auto head = std::string(id) + "." + std::to_string(timestamp) + ".";
  const auto mac = mtproto::hmac_sha256(secret.bytes(), {tl::as_bytes(head), tl::as_bytes(body)});
  std::string out = "v1,";
  tl::append_base64(mac, out);
  return out;
}

}  // namespace server::webhooks

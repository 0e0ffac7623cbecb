#include "server/account/recaptcha.hpp"

#include "tl/writer.hpp"

namespace server::account {

namespace {
constexpr std::uint32_t invoke_with_recaptcha = 0xadbb0f94;
}

// Both parts may hold underscores, but a key is random: that an action holds two in a row is less
// likely than that a key does.
std::optional<Recaptcha> read_recaptcha(std::string_view error_message) {
  constexpr std::string_view before = "RECAPTCHA_CHECK_";
  constexpr std::string_view between = "__";
  if (!error_message.starts_with(before)) return std::nullopt;
  error_message.remove_prefix(before.size());
  const auto at = error_message.find(between);
  if (at == error_message.npos) return std::nullopt;
  return Recaptcha{error_message.substr(0, at), error_message.substr(at + between.size())};
}

tl::Bytes recaptcha_prefix(std::string_view token) {
  tl::Bytes out;
  tl::Writer(out).nat(invoke_with_recaptcha).bytes(token);
  return out;
}

}  // namespace server::account

#include "server/account/migration.hpp"

#include <charconv>

#include "server/account/recaptcha.hpp"
#include "tl/reader.hpp"

namespace server::account {

namespace {

constexpr std::uint32_t rpc_error_id = 0x2144ca19;

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

ErrorName name_error(std::string_view message) {
  for (std::size_t end = message.size(); end > 0; --end) {
    if (!digit(message[end - 1]) || (end < message.size() && message[end] != '_')) continue;
    std::size_t begin = end;
    while (begin > 0 && digit(message[begin - 1])) --begin;
    std::int64_t value = 0;
    const auto parsed = std::from_chars(message.data() + begin, message.data() + end, value);
    if (begin < 2 || message[begin - 1] != '_' || parsed.ec != std::errc{}) {
      end = begin + 1;
      continue;
    }
    std::string name(message.substr(0, begin - 1));
    if (end < message.size()) name.append("_X").append(message.substr(end));
    return {std::move(name), value};
  }
  return {std::string(message), std::nullopt};
}

std::optional<RpcError> rpc_error(const tl::Value& answer) {
  if (answer.constructor() != "rpc_error") return std::nullopt;
  RpcError error;
  error.code = static_cast<std::int32_t>(answer["error_code"].as_int64().value_or(0));
  error.message = answer["error_message"].text();
  error.name = name_error(error.message);
  return error;
}

std::optional<RpcError> rpc_error(tl::ByteView answer) {
  tl::Reader reader(answer);
  if (reader.peek() != rpc_error_id) return std::nullopt;
  reader.nat();
  RpcError error;
  error.code = reader.int32();
  error.message = tl::as_text(reader.bytes());
  if (!reader) return std::nullopt;
  error.name = name_error(error.message);
  return error;
}

tl::Value named_error(const tl::Value& error, tl::Arena& arena) {
  const auto message = error["error_message"].text();
  const tl::Builder builder(arena);
  if (const auto wanted = read_recaptcha(message)) {
    return builder.with(error,
                        {{"_name", builder.string("RECAPTCHA_CHECK")},
                         {"recaptcha", builder.object({{"action", builder.string(wanted->action)},
                                                       {"key", builder.string(wanted->key)}})}});
  }
  const auto [name, value] = name_error(message);
  if (!value) return builder.with(error, {{"_name", builder.string(name)}});
  return builder.with(error,
                      {{"_name", builder.string(name)}, {"_value", tl::Value::integer(*value)}});
}

MigrationTo migration(const RpcError& error) {
  if (!error.name.value || *error.name.value < 1 || *error.name.value > 999) return {};
  const mtproto::DcId dc(static_cast<std::int32_t>(*error.name.value));
  const auto& name = error.name.name;
  if (name == "PHONE_MIGRATE" || name == "USER_MIGRATE" || name == "NETWORK_MIGRATE") {
    return {Migration::main, dc};
  }
  if (name == "FILE_MIGRATE" || name == "STATS_MIGRATE") return {Migration::query, dc};
  return {};
}

bool wants_init(const RpcError& error) {
  return error.message == "CONNECTION_NOT_INITED" || error.message == "CONNECTION_LAYER_INVALID";
}

bool signed_out(const RpcError& error) {
  if (error.message == "AUTH_KEY_DUPLICATED") return true;
  return error.code == 401 && error.message != "SESSION_PASSWORD_NEEDED" &&
         error.message != "AUTH_KEY_PERM_EMPTY";
}

}  // namespace server::account

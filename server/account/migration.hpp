// What an rpc_error's text says. core.telegram.org/api/errors
//
//   FLOOD_WAIT_30           name FLOOD_WAIT, value 30
//   PHONE_MIGRATE_2         name PHONE_MIGRATE, value 2
//   FILE_PART_5_MISSING     name FILE_PART_X_MISSING, value 5
//   PHONE_CODE_INVALID      name PHONE_CODE_INVALID
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mtproto/ids.hpp"
#include "tl/bytes.hpp"
#include "tl/value.hpp"

namespace server::account {

struct ErrorName {
  std::string name;
  std::optional<std::int64_t> value;
};

// The last number that stands between underscores or at the end is the value:
// ^(.*)_(\d+)(_|$)
ErrorName name_error(std::string_view error_message);

struct RpcError {
  std::int32_t code = 0;
  std::string_view message;  // in the arena, or in the bytes, that it was made from
  ErrorName name;
};

// None where `answer` is no rpc_error.
std::optional<RpcError> rpc_error(const tl::Value& answer);
std::optional<RpcError> rpc_error(tl::ByteView answer);

// The rpc_error with `_name` and `_value`, as clients get it; and with `recaptcha` where it asks for
// one.
tl::Value named_error(const tl::Value& rpc_error, tl::Arena& arena);

enum class Migration : std::uint8_t {
  none,
  main,   // PHONE_, USER_, NETWORK_MIGRATE_X: X becomes the session's own data centre
  query,  // FILE_, STATS_MIGRATE_X: only this query goes to X
};

struct MigrationTo {
  Migration kind = Migration::none;
  mtproto::DcId dc;
};

MigrationTo migration(const RpcError&);

// CONNECTION_NOT_INITED, CONNECTION_LAYER_INVALID: wrap once more and repeat.
bool wants_init(const RpcError&);
// 401 but for SESSION_PASSWORD_NEEDED and AUTH_KEY_PERM_EMPTY, or AUTH_KEY_DUPLICATED: nobody is
// signed in with this key.
bool signed_out(const RpcError&);

}  // namespace server::account

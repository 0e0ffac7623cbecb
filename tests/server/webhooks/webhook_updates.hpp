// Updates as the log has them, in the scheme of the build.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <memory_resource>
#include <string>

#include "server/store/update_log.hpp"
#include "server/webhooks/webhook_batch.hpp"
#include "tests/support/api_schema.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"

namespace webhook_test {

inline constexpr std::int64_t layer = 228;  // as the log says; that of the build's scheme

// One layer is loaded.
inline std::shared_ptr<const tl::Schema> schema_of(std::int64_t asked) {
  if (asked != layer) return nullptr;
  return {std::shared_ptr<void>(), &support::api_schema()};
}

inline server::store::LoggedUpdate logged(const std::string& json) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(json, arena);
  REQUIRE(value);
  server::store::LoggedUpdate out{1, layer, {}};
  REQUIRE(tl::encode(support::api_schema(), *value, {}, out.body).has_value());
  return out;
}

// updateShortMessage, which counts as updateNewMessage.
inline server::store::LoggedUpdate message(const std::string& text) {
  return logged(R"({"_cons":"updateShortMessage","id":1,"user_id":"5","message":")" + text +
                R"(","pts":1,"pts_count":1,"date":1})");
}

inline server::store::LoggedUpdate status() {
  return logged(
      R"({"_cons":"updateShort","date":1,"update":{"_cons":"updateUserStatus","user_id":"5","status":{"_cons":"userStatusRecently"}}})");
}

}  // namespace webhook_test

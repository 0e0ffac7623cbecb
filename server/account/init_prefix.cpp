#include "server/account/init_prefix.hpp"

#include "tl/writer.hpp"

namespace server::account {

namespace {
constexpr std::uint32_t invoke_with_layer = 0xda9b0d0d;
constexpr std::uint32_t init_connection = 0xc1cd5ea9;
}  // namespace

tl::Bytes init_prefix(const AppIdentity& app, int layer, bool with_init_connection) {
  tl::Bytes out;
  tl::Writer writer(out);
  writer.nat(invoke_with_layer).int32(layer);
  if (!with_init_connection) return out;
  writer.nat(init_connection).nat(0).int32(app.api_id);
  writer.bytes(app.device_model).bytes(app.system_version).bytes(app.app_version);
  // system_lang_code; a language pack is for Telegram's own apps only
  writer.bytes(app.lang_code).bytes("").bytes(app.lang_code);
  return out;
}

}  // namespace server::account

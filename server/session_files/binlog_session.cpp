// What TDLib's values say of a session: a key for each data centre, home among them, each with a mark where
// it is authorized; and whether somebody is signed in.
#include "server/session_files/binlog_events.hpp"
#include "tl/reader.hpp"
#include "tl/value.hpp"

namespace server::session_files {
namespace {

constexpr const char* tdlib_name = "TDLib";
constexpr mtproto::DcId tdlib_default(1);
constexpr std::int32_t flag_authorized = 1;

// key id 8 | flags 4 | key: string | created 8
std::optional<mtproto::AuthKey> key_of_value(tl::ByteView value) {
  tl::Reader in(value);
  const auto id = static_cast<std::uint64_t>(in.int64());
  const auto flags = in.int32();
  auto key = auth_key_of(in.bytes());
  in.float64();
  if (!in || !key || key->id().value() != id || (flags & flag_authorized) == 0) return {};
  return key;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  return tl::Value::string(text).as_int64();
}

}  // namespace

Outcome<FoundSession> session_of_values(const BinlogValues& values) {
  const auto home = values.text("main_dc_id");
  const auto dc = home.empty() ? std::optional(tdlib_default) : dc_of(number_of(home));
  if (!dc) return std::string("main_dc_id is no data centre's number");
  if (values.text("auth") != "ok") return nobody_signed_in(tdlib_name);
  const auto name = "auth" + std::to_string(dc->value());
  const auto found = values.common.find(name);
  if (found == values.common.end()) return "there is no " + name + ", the key of its home";
  auto key = key_of_value(found->second.bytes());
  if (!key) return name + " is no key that is signed in";
  FoundSession out{tdlib_name, std::move(*key), *dc};
  if (const auto user = number_of(values.text("my_id")).value_or(0); user > 0) out.user_id = user;
  if (const auto test = values.config.find("test_mode"); test != values.config.end()) {
    out.test = tl::as_text(test->second.bytes()) == "Btrue";
  }
  if (home.empty()) out.notes.push_back(default_dc_note(tdlib_name, *dc));
  return out;
}

}  // namespace server::session_files

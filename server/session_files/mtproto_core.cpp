// @mtproto/core: a key for each data centre that was spoken with, all of which may answer as the same
// person. Which one is home only "defaultDcId" tells.
#include "server/session_files/json_sessions.hpp"
#include "server/session_files/wiping_memory.hpp"
#include "tl/json_reader.hpp"

namespace server::session_files {
namespace {

constexpr const char* core_name = "@mtproto/core";
constexpr mtproto::DcId core_default(2);

bool is_own_line(const tl::Value& file) {
  return file["auth_key"].is_string() || file["session"]["auth_key"].is_string();
}

// The number that stands in `text` as JSON, or as a string of JSON.
std::optional<mtproto::DcId> dc_of_text(std::string_view text, tl::Arena& arena) {
  const auto value = tl::read_json(text, arena);
  return value ? dc_of(value->as_int64()) : std::nullopt;
}

}  // namespace

std::optional<mtproto::AuthKey> auth_key_of_numbers(const tl::Value& array) {
  const auto items = array.items();
  mtproto::Secret<mtproto::AuthKey::size> bytes;
  if (items.size() != bytes.bytes().size()) return {};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto number = items[i].is_string() ? std::nullopt : items[i].as_int64();
    if (!number || *number < 0 || *number > 255) return {};
    bytes.bytes()[i] = static_cast<std::uint8_t>(*number);
  }
  return auth_key_of(bytes.bytes());
}

Outcome<FoundSession> read_mtproto_core(std::string_view file) {
  WipingMemory memory;
  std::pmr::monotonic_buffer_resource arena(&memory);
  tl::JsonError error;
  const auto object = tl::read_json(file, arena, &error);
  if (!object) return "as JSON: byte " + std::to_string(error.position) + ": " + error.text;
  if (is_own_line(*object)) return std::string("this is a session line of streamjson already");
  const auto& home = (*object)["defaultDcId"];
  const auto dc = home.is_null() ? std::optional(core_default) : dc_of_text(home.text(), arena);
  if (!dc) return std::string("/defaultDcId is no data centre's number");
  const auto name = std::to_string(dc->value()) + "authKey";
  const auto& text = (*object)[name];
  if (text.is_null()) return "no file of " + std::string(core_name) + ": there is no /" + name;
  const auto numbers = tl::read_json(text.text(), arena);
  auto key = numbers ? auth_key_of_numbers(*numbers) : std::nullopt;
  if (!key) return "/" + name + " is no array of 256 bytes";
  FoundSession out{core_name, std::move(*key), *dc};
  if (home.is_null()) out.notes.push_back(default_dc_note(core_name, *dc));
  return out;
}

}  // namespace server::session_files

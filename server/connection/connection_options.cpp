#include "server/connection/connection_options.hpp"

#include <array>
#include <limits>
#include <optional>

#include "tl/json_pointer.hpp"
#include "tl/last_members.hpp"
#include "tl/nearest_name.hpp"

namespace server {
namespace {

using Kind = tl::Value::Kind;

constexpr std::array<std::string_view, 14> names{
    "json",           "layer",       "updates",   "unknown",    "events",
    "flood_wait",     "pfs",         "api_id",    "api_hash",   "device_model",
    "system_version", "app_version", "lang_code", "max_message"};
constexpr std::int64_t longest_flood_wait = 600;
// Errors have to fit, and a session.
constexpr std::int64_t least_max_message = 4096;
constexpr std::int64_t most_max_message = std::int64_t{1} << 30;

std::optional<std::int64_t> integer(const tl::Value& value, std::int64_t least, std::int64_t most) {
  const auto read = value.as_int64();
  return read && *read >= least && *read <= most ? read : std::nullopt;
}

// Sets one option; what should have been there instead, where it can't.
class Setter {
 public:
  Setter(ConnectionOptions& to, const Schemes& schemes, bool layer_free)
      : to_(to), schemes_(schemes), layer_free_(layer_free) {}

  std::string set(std::string_view key, const tl::Value& value) {
    constexpr auto int_max = std::numeric_limits<std::int32_t>::max();
    if (key == "json") return set_json(value);
    if (key == "layer") return set_layer(value);
    if (key == "updates") return set_updates(value);
    if (key == "unknown") return set_unknown(value);
    if (key == "events") return set_bool(value, to_.events);
    if (key == "pfs") return set_bool(value, to_.pfs);
    if (key == "max_message") return set_max_message(value);
    if (key == "flood_wait") {
      const auto seconds = integer(value, 0, longest_flood_wait);
      if (!seconds) return "whole seconds are due, 0 to 600";
      to_.flood_wait = std::chrono::seconds(*seconds);
      return {};
    }
    if (key == "api_id") {
      const auto id = integer(value, 0, int_max);
      if (!id) return "a positive integer of 32 bits is due (0: none)";
      to_.app.change([&](AppIdentity& app) { app.api_id = static_cast<std::int32_t>(*id); });
      return {};
    }
    if (key == "api_hash") return set_app_text(value, &AppIdentity::api_hash);
    if (key == "device_model") return set_app_text(value, &AppIdentity::device_model);
    if (key == "system_version") return set_app_text(value, &AppIdentity::system_version);
    if (key == "app_version") return set_app_text(value, &AppIdentity::app_version);
    if (key == "lang_code") return set_app_text(value, &AppIdentity::lang_code);
    tl::NearestName nearest(key);
    for (const auto name : names) nearest.offer(name);
    return "there is no such option" + nearest.hint();
  }

 private:
  static std::string set_bool(const tl::Value& value, bool& to) {
    if (value.kind() != Kind::boolean) return "true or false is due";
    to = value.as_bool();
    return {};
  }

  std::string set_max_message(const tl::Value& value) {
    const auto bytes = integer(value, 0, most_max_message);
    if (!bytes || (*bytes != 0 && *bytes < least_max_message)) {
      return "a number of bytes is due, 4096 to 1073741824, or 0: as long as they are";
    }
    to_.max_message = static_cast<std::size_t>(*bytes);
    return {};
  }

  std::string set_updates(const tl::Value& value) {
    if (value.is_string() && value.text() == "recover") {
      to_.updates = Updates::recover;
    } else if (value.kind() == Kind::boolean) {
      to_.updates = value.as_bool() ? Updates::raw : Updates::none;
    } else {
      return R"(true, false or "recover" is due)";
    }
    return {};
  }

  std::string set_app_text(const tl::Value& value, std::string AppIdentity::*member) {
    constexpr std::size_t longest = 1024;
    if (!value.is_string() || value.text().size() > longest) {
      return "a string of at most 1024 bytes is due";
    }
    to_.app.change([&](AppIdentity& app) { app.*member = value.text(); });
    return {};
  }

  std::string set_json(const tl::Value& value) {
    const auto named = value.is_string() ? tl::notation_of(value.text()) : std::nullopt;
    if (!named) return R"("classic", "plain" or "auto" is due)";
    to_.json = *named;
    return {};
  }

  std::string set_unknown(const tl::Value& value) {
    if (value.is_string() && value.text() == "refuse") {
      to_.ignore_unknown = false;
    } else if (value.is_string() && value.text() == "ignore") {
      to_.ignore_unknown = true;
    } else {
      return R"("refuse" or "ignore" is due)";
    }
    return {};
  }

  std::string set_layer(const tl::Value& value) {
    const auto layer = integer(value, 1, std::numeric_limits<int>::max());
    if (!layer || schemes_.find(static_cast<int>(*layer)) == nullptr) {
      return "one of the loaded layers is due: " + schemes_.layers();
    }
    if (*layer == to_.layer) return {};
    if (!layer_free_) return "the layer can't change after the first message";
    to_.layer = static_cast<int>(*layer);
    return {};
  }

  ConnectionOptions& to_;
  const Schemes& schemes_;
  bool layer_free_;
};

void write_text(std::string_view key, std::string_view value, std::string& out) {
  out += ",\"";
  out += key;
  out += "\":";
  tl::write_json_string(value, out);
}

std::string_view updates_text(Updates updates) {
  if (updates == Updates::recover) return "\"recover\"";
  return updates == Updates::raw ? "true" : "false";
}

constexpr std::string_view boolean(bool value) { return value ? "true" : "false"; }

void write_options(const ConnectionOptions& options, std::string_view api_hash, std::string& out) {
  out.append("{\"json\":\"").append(tl::name_of(options.json)).append("\"");
  out += ",\"layer\":" + std::to_string(options.layer);
  out.append(",\"updates\":").append(updates_text(options.updates));
  out.append(",\"unknown\":").append(options.ignore_unknown ? "\"ignore\"" : "\"refuse\"");
  out.append(",\"events\":").append(boolean(options.events));
  out += ",\"flood_wait\":" + std::to_string(options.flood_wait.count());
  out.append(",\"pfs\":").append(boolean(options.pfs));
  out += ",\"api_id\":" + std::to_string(options.app->api_id);
  out.append(",\"api_hash\":").append(api_hash);
  write_text("device_model", options.app->device_model, out);
  write_text("system_version", options.app->system_version, out);
  write_text("app_version", options.app->app_version, out);
  write_text("lang_code", options.app->lang_code, out);
  out += ",\"max_message\":" + std::to_string(options.max_message);
  out += '}';
}

}  // namespace

tl::Result<ConnectionOptions, Failure> read_options_attribute(const tl::Value& value,
                                                              const ConnectionOptions& current,
                                                              const Schemes& schemes,
                                                              bool layer_free) {
  auto options = current;
  Setter setter(options, schemes, layer_free);
  for (const auto& member : tl::last_members(value, names)) {
    auto wrong = setter.set(member.key, member.value);
    if (wrong.empty()) continue;
    std::string path = "/options/";
    tl::append_pointer_token(member.key, path);
    return type_error(std::move(path), std::move(wrong));
  }
  return options;
}

void write_options_attribute(const ConnectionOptions& options, std::string& out) {
  write_options(options, boolean(!options.app->api_hash.empty()), out);
}

void write_options_to_be_read(const ConnectionOptions& options, std::string& out) {
  std::string api_hash;
  tl::write_json_string(options.app->api_hash, api_hash);
  write_options(options, api_hash, out);
}

}  // namespace server

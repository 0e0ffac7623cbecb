#include "server/verbose.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory_resource>
#include <mutex>

#include "tl/json_reader.hpp"

namespace server {
namespace {

constexpr std::string_view blank = "\"\xE2\x80\xA6\"";  // …
constexpr std::int64_t service_account = 777'000;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

bool is_secret(std::string_view key) {
  constexpr std::array<std::string_view, 7> names{
      "auth_key", "string", "token", "bot_token", "api_hash", "phone_code_hash", "secret"};
  // Codes that are no secrets.
  constexpr std::array<std::string_view, 5> plain{"error_code", "lang_code", "system_lang_code",
                                                  "pfs", "json"};
  if (std::ranges::find(plain, key) != plain.end()) return false;
  return std::ranges::find(names, key) != names.end() || contains(key, "code") ||
         contains(key, "password");
}

bool from_service_account(const tl::Value& message) {
  const auto is_it = [](const tl::Value& peer) {
    return peer["user_id"].as_int64() == service_account || peer.as_int64() == service_account;
  };
  return is_it(message["from_id"]) || is_it(message["peer_id"]) || is_it(message["user_id"]) ||
         message.constructor() == "updateServiceNotification";
}

// Objects whose bytes open an account.
bool about_authorization(std::string_view constructor) {
  return contains(constructor, "uthorization") || contains(constructor, "ogin") ||
         contains(constructor, "SRP");
}

void write(const tl::Value& value, std::string& out) {
  if (value.is_array()) {
    out += '[';
    const char* comma = "";
    for (const auto& item : value.items()) {
      out += comma;
      write(item, out);
      comma = ",";
    }
    out += ']';
    return;
  }
  if (!value.is_object()) {
    tl::write_json(value, out);
    return;
  }
  const auto constructor = value.constructor();
  const bool login = about_authorization(constructor);
  const bool service = from_service_account(value);
  out += '{';
  const char* comma = "";
  for (const auto& [key, member] : value.members()) {
    out += comma;
    comma = ",";
    tl::write_json_string(key, out);
    out += ':';
    const bool hidden = is_secret(key) || (key == "doc" && value.find("error") != nullptr) ||
                        (login && (key == "bytes" || key == "A" || key == "M1")) ||
                        (key == "proxy" && member.is_string()) ||
                        (key == "url" && member.text().starts_with("tg://login")) ||
                        (constructor == "_unknown" && key == "_bytes") ||
                        (service && (key == "message" || key == "entities" || key == "media") &&
                         !member.is_object());
    if (hidden) {
      out += blank;
    } else {
      write(member, out);
    }
  }
  out += '}';
}

void print(std::uint64_t connection, Direction direction, std::string_view text) {
  std::string line = std::to_string(connection);
  line += ' ';
  line += static_cast<char>(direction);
  line += ' ';
  line += text;
  line += '\n';
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

std::string blanked(const tl::Value& value) {
  std::string out;
  write(value, out);
  return out;
}

void copy_object(std::uint64_t connection, Direction direction, const tl::Value& value) {
  print(connection, direction, blanked(value));
}

void copy_text(std::uint64_t connection, Direction direction, std::string_view text) {
  std::pmr::monotonic_buffer_resource arena;
  if (const auto value = tl::read_json(text, arena)) {
    copy_object(connection, direction, *value);
  } else {
    copy_length(connection, direction, text.size());
  }
}

void copy_length(std::uint64_t connection, Direction direction, std::size_t bytes) {
  print(connection, direction, "(" + std::to_string(bytes) + " bytes that are no JSON)");
}

}  // namespace server

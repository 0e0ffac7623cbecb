#include "server/logs/blanked.hpp"

#include <algorithm>
#include <array>

#include "server/logs/contains.hpp"
#include "server/logs/secret_names.hpp"
#include "server/logs/secret_shapes.hpp"
#include "server/logs/terminal_text.hpp"
#include "tl/utf8.hpp"

namespace server::logs {
namespace {

constexpr std::string_view blank = "\"\xE2\x80\xA6\"";  // …
constexpr std::int64_t service_account = 777'000;
constexpr std::size_t longest_shown_name = 256;

// By any of the names that requests may give it.
std::string_view constructor_of(const tl::Value& value) {
  for (const auto* name : {"_cons", "_", "@type"}) {
    if (const auto& found = value[name]; found.is_string()) return found.text();
  }
  return {};
}

// Its messages hold login codes.
bool from_service_account(const tl::Value& message) {
  const auto is_it = [](const tl::Value& peer) {
    return peer["user_id"].as_int64() == service_account || peer.as_int64() == service_account;
  };
  return is_it(message["from_id"]) || is_it(message["peer_id"]) || is_it(message["user_id"]) ||
         is_it(message["fwd_from"]["from_id"]) ||
         constructor_of(message) == "updateServiceNotification";
}

// Objects whose bytes open an account.
bool about_login(std::string_view constructor) {
  constexpr std::array<std::string_view, 7> parts{
      "uthorization", "ogin", "SRP", "assword", "asskey", "entCode", "TempAuthKey"};
  return std::ranges::any_of(parts, [&](auto part) { return contains(constructor, part); });
}

bool is_of_login(std::string_view name) {
  constexpr std::array<std::string_view, 8> names{"bytes", "A",         "M1",    "srp_B",
                                                  "p",     "signature", "nonce", "user_handle"};
  return std::ranges::find(names, name) != names.end() || name.starts_with("salt") ||
         name.ends_with("_data") || name.ends_with("_random") || name.ends_with("_nonce") ||
         name.ends_with("_message");
}

// A language pack's texts and an application's settings, by names that everybody may know.
bool is_plain_key(std::string_view constructor, std::string_view name) {
  return (name == "key" &&
          (constructor.starts_with("langPackString") || constructor == "jsonObjectValue")) ||
         (name == "keys" && constructor == "langpack.getStrings");
}

// Yes, no, and what a privacy setting is about: {"_cons":"inputPrivacyKeyPhoneCall"}
bool is_plain_constructor(const tl::Value& value) {
  const auto name = constructor_of(value);
  return value.members().size() == 1 &&
         (name == "true" || name == "boolTrue" || name == "boolFalse" ||
          name.starts_with("privacyKey") || name.starts_with("inputPrivacyKey"));
}

// Yes and no, and that there is nothing, are no secrets.
bool opens_nothing(std::string_view name, const tl::Value& value) {
  using Kind = tl::Value::Kind;
  if (value.kind() == Kind::boolean || value.is_null() || is_plain_constructor(value)) return true;
  return is_only_a_hash(name) && (value.as_int64() || value.as_uint64());
}

class Copy {
 public:
  void write(const tl::Value& value) {
    if (value.is_object()) {
      write_object(value);
    } else if (value.is_array()) {
      write_array(value);
    } else if (value.is_string()) {
      write_string(value.text(), longest_string);
    } else if (value.kind() == tl::Value::Kind::bytes) {
      out_ += blank;
    } else if (value.text().size() > longest_shown_name) {
      write_string(value.text(), longest_shown_name);  // a number
    } else {
      tl::write_json(value, out_);
    }
  }

  Blanked take() { return {escaped(out_), cut_}; }

 private:
  void write_array(const tl::Value& value) {
    if (looks_secret(value.items())) {
      out_ += blank;
      return;
    }
    out_ += '[';
    const char* comma = "";
    for (const auto& item : value.items()) {
      if (is_full()) break;
      out_ += comma;
      comma = ",";
      write(item);
    }
    out_ += ']';
  }

  void write_object(const tl::Value& value) {
    const Around around{constructor_of(value), from_service_account(value),
                        value.find("error") != nullptr};
    out_ += '{';
    const char* comma = "";
    for (const auto& [name, member] : value.members()) {
      if (is_full()) break;
      out_ += comma;
      comma = ",";
      write_string(name, longest_shown_name);
      out_ += ':';
      if (is_hidden(around, name, member)) {
        out_ += blank;
      } else {
        write(member);
      }
    }
    out_ += '}';
  }

  struct Around {
    std::string_view constructor;
    bool service;
    bool failure;
  };

  static bool is_hidden(const Around& around, std::string_view name, const tl::Value& member) {
    if (is_secret_name(name)) {
      return !opens_nothing(name, member) && !is_plain_key(around.constructor, name);
    }
    return (around.failure && name == "doc") ||
           (about_login(around.constructor) && is_of_login(name)) ||
           (name == "proxy" && member.is_string()) ||
           (around.constructor == "_unknown" && name == "_bytes") ||
           (around.service && !member.is_object() &&
            (name == "message" || name == "entities" || name == "media"));
  }

  // Of a long one the beginning; a key may begin near its end.
  void write_string(std::string_view text, std::size_t most) {
    constexpr std::size_t length_of_a_key = 1024;
    if (looks_secret(text.substr(0, most + length_of_a_key))) {
      out_ += blank;
      return;
    }
    if (text.size() <= most) return tl::write_json_string(text, out_);
    cut_ = true;
    std::string beginning(text.substr(0, tl::utf8_length(text.substr(0, most))));
    tl::write_json_string(beginning + "\xE2\x80\xA6", out_);
  }

  bool is_full() {
    const bool full = out_.size() >= longest_copy;
    cut_ = cut_ || full;
    return full;
  }

  std::string out_;
  bool cut_ = false;
};

}  // namespace

Blanked blanked(const tl::Value& value) {
  Copy copy;
  copy.write(value);
  return copy.take();
}

}  // namespace server::logs

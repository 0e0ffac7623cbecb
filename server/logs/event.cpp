#include "server/logs/event.hpp"

#include <algorithm>

#include "server/logs/terminal_text.hpp"
#include "tl/value.hpp"

namespace server::logs {
namespace {

constexpr std::string_view braces = "{}";

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
}

// What separates words, and says nothing where a field was taken out.
bool is_joint(char c) { return c == ' ' || c == ',' || c == ':' || c == ';'; }

class Splitter {
 public:
  Splitter(std::string_view format, Values values) : rest_(format), value_(values.begin()) {}

  Event split() {
    while (!rest_.empty()) {
      if (!take_field()) take_text();
    }
    auto& message = event_.message;
    while (message.size() > kept_ && is_joint(message.back())) message.pop_back();
    return std::move(event_);
  }

 private:
  // `name=value` or `name="value"`, at the beginning of a word.
  bool take_field() {
    const auto equals = rest_.substr(0, rest_.find(' ')).find('=');
    if (equals == rest_.npos || !is_free(rest_.substr(0, equals))) return false;
    const auto name = rest_.substr(0, equals);
    rest_.remove_prefix(equals + 1);
    const bool quoted = rest_.starts_with('"');
    if (quoted) rest_.remove_prefix(1);
    auto text = rest_.substr(0, rest_.find(quoted ? '"' : ' '));
    rest_.remove_prefix(std::min(text.size() + (quoted ? 1 : 0), rest_.size()));
    while (!quoted && !text.empty() && is_joint(text.back())) text.remove_suffix(1);
    Field field{name, {}, text == braces && value_->is_number()};
    fill(text, field.value);
    event_.fields.push_back(std::move(field));
    if (rest_.starts_with(' ') && event_.message.empty()) rest_.remove_prefix(1);
    while (event_.message.size() > kept_ && event_.message.back() == ' ' &&
           rest_.starts_with(' ')) {
      event_.message.pop_back();
    }
    return true;
  }

  bool is_free(std::string_view name) const {
    return is_name(name) && name != "time" && name != "level" && name != "message" &&
           std::ranges::find(event_.fields, name, &Field::name) == event_.fields.end();
  }

  // Up to the next word.
  void take_text() {
    const auto size = std::min(rest_.find(' '), rest_.size() - 1) + 1;
    fill(rest_.substr(0, size), event_.message, &kept_);
    rest_.remove_prefix(size);
  }

  // `kept`: how much of `out` is a value's, or before one.
  void fill(std::string_view text, std::string& out, std::size_t* kept = nullptr) {
    for (auto at = text.find(braces); at != text.npos; at = text.find(braces)) {
      out += text.substr(0, at);
      (value_++)->append_to(out);
      if (kept != nullptr) *kept = out.size();
      text.remove_prefix(at + braces.size());
    }
    out += text;
  }

  std::string_view rest_;
  Values::const_iterator value_;
  std::size_t kept_ = 0;
  Event event_;
};

void append_member(std::string_view name, std::string_view value, bool number, std::string& out) {
  out += out.empty() ? "{\"" : ",\"";
  out.append(name).append("\":");
  if (number) {
    out += value;
  } else {
    tl::write_json_string(value, out);
  }
}

}  // namespace

Event event_of(std::string_view format, Values values) { return Splitter(format, values).split(); }

std::string json_text(std::string_view time, std::string_view level, const Event& event) {
  std::string out;
  append_member("time", time, false, out);
  append_member("level", level, false, out);
  for (const auto& field : event.fields) append_member(field.name, field.value, field.number, out);
  if (!event.message.empty()) append_member("message", event.message, false, out);
  return escaped(out += '}');
}

}  // namespace server::logs

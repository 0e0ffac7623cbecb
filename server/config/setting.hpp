// An option of a program: its name, what it takes, what --help says of it, and what it sets. One
// table of them serves arguments (--max-line), environment (STREAMJSON_MAX_LINE) and file
// (max-line).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace server::config {

// Takes an option's text, gives nothing, or what is due in its place; and gives back what is set.
class Set {
 public:
  using Take = std::function<std::string(const std::string& text)>;
  // The texts that would set it as it is: as many as a list has, else one; none: nothing is set.
  using Give = std::function<std::vector<std::string>()>;

  Set() = default;
  Set(Take take, Give give) : take_(std::move(take)), give_(std::move(give)) {}

  explicit operator bool() const { return static_cast<bool>(take_); }
  std::string operator()(const std::string& text) const { return take_(text); }
  std::vector<std::string> now() const { return give_(); }

 private:
  Take take_;
  Give give_;
};

struct Traits {
  bool list = false;            // each value is added
  bool secret = false;          // its value is not to be told, wrong or right
  bool arguments_only = false;  // neither in the file, nor a variable named after it
  std::string_view variable{};  // a variable with a name of its own, "TELEGRAM_API_ID"
  std::string_view words{};     // with a blank between them, where it takes one of a few
};

struct Setting {
  std::string_view name;      // "max-line"
  std::string_view argument;  // "BYTES"; empty: a flag
  std::string_view help;
  Set set;  // none: it is for who reads the options, such as --help
  Traits traits{};

  bool is_flag() const { return argument.empty(); }
};

struct SettingGroup {
  std::string_view title;
  std::vector<Setting> settings;
};

using SettingTable = std::vector<SettingGroup>;

const Setting* find_setting(const SettingTable&, std::string_view name);

// `no such option; the nearest known is "port"`
std::string no_such_option(const SettingTable&, std::string_view name);

}  // namespace server::config

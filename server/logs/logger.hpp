// The process's log: a line each on stderr, in text or in JSON. Whatever stands in a line, it can't
// end it or move the terminal's cursor: all of them are escaped, so no call has to think of it.
// Included nearly everywhere, so it includes nearly nothing; spdlog does the work in one place.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace server::logs {

// As spdlog numbers them.
enum class Level : std::uint8_t { trace, debug, info, warning, error, off = 6 };

// What stands in the place of a `{}`: text that outlives the call, or a number.
class Value {
 public:
  Value(const char* text) : text_(text) {}
  Value(std::string_view text) : text_(text) {}
  Value(const std::string& text) : text_(text) {}
  template <std::signed_integral Number>
  Value(Number number) : kind_(Kind::integer), number_(static_cast<std::uint64_t>(number)) {}
  template <std::unsigned_integral Number>
  Value(Number number) : kind_(Kind::natural), number_(number) {}
  Value(bool) = delete;
  Value(char) = delete;

  void append_to(std::string& out) const;
  bool is_number() const { return kind_ != Kind::text; }

 private:
  enum class Kind : std::uint8_t { text, integer, natural };
  Kind kind_ = Kind::text;
  std::string_view text_;
  std::uint64_t number_ = 0;
};
using Values = std::initializer_list<Value>;

// A literal with a `{}` for each argument, which the compiler counts.
template <class... Arguments>
class Format {
 public:
  consteval Format(const char* text) : text_(text) {
    std::size_t places = 0;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (text_[at] != '{' && text_[at] != '}') continue;
      if (text_.substr(at++, 2) != "{}") throw "a brace is there for nothing but {}";
      ++places;
    }
    if (places != sizeof...(Arguments)) throw "there are not as many {} as arguments";
  }
  operator std::string_view() const { return text_; }

 private:
  std::string_view text_;
};
template <class... Arguments>
using FormatOf = Format<std::type_identity_t<Arguments>...>;

// How lines are written.
struct Style {
  bool json = false;     // an object a line: time, level, the line's fields, and "message"
  bool journal = false;  // to systemd: a priority before each, and its time is left to the journal
};

// What a line of the log looks like, its end with it. `left_out`: so many of its kind were not
// written before it.
std::string line(Level level, std::string_view format, Values values, Style style = {},
                 std::uint64_t left_out = 0);

// Before the first line that is to have it, and before there are threads.
void set_style(Style style);
// Whether what is not one line of the log may stand between them: nobody takes them apart.
bool is_plain();

// From here on what is at `level` or above is written. Before, that is `info`.
void set_level(Level level);
// The same by the name that options have for it.
void set_level(const std::string& name);
// To `debug`, or where that was chosen to `trace`; the next time back to what was chosen. Says so.
void toggle_level();

// What ends the program. Where nobody takes lines apart it looks as what is wrong with an option.
void fatal(std::string_view what);

void write(Level level, std::string_view format, Values values);

template <class... Arguments>
void debug(FormatOf<Arguments...> format, const Arguments&... arguments) {
  write(Level::debug, format, {arguments...});
}
template <class... Arguments>
void info(FormatOf<Arguments...> format, const Arguments&... arguments) {
  write(Level::info, format, {arguments...});
}
template <class... Arguments>
void warn(FormatOf<Arguments...> format, const Arguments&... arguments) {
  write(Level::warning, format, {arguments...});
}
template <class... Arguments>
void error(FormatOf<Arguments...> format, const Arguments&... arguments) {
  write(Level::error, format, {arguments...});
}

// Lines that whoever can open a connection brings about, each kind limited by itself.
enum class StrangersLine : std::uint8_t {
  tls_failed,
  reset,
  turned_away,
  wrong_token,
  full,
  upstream_down,
  came,
};
inline constexpr std::size_t strangers_lines = 7;

void write(StrangersLine kind, Level level, std::string_view format, Values values);

template <class... Arguments>
void strangers_info(StrangersLine kind, FormatOf<Arguments...> format,
                    const Arguments&... arguments) {
  write(kind, Level::info, format, {arguments...});
}
template <class... Arguments>
void strangers_warn(StrangersLine kind, FormatOf<Arguments...> format,
                    const Arguments&... arguments) {
  write(kind, Level::warning, format, {arguments...});
}

}  // namespace server::logs

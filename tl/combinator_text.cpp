#include "tl/combinator_text.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "tl/quotation.hpp"
#include "tl/type_names.hpp"

namespace tl {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name(std::string_view text, bool dots) {
  return !text.empty() && is_letter(text.front()) && text.back() != '.' &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_letter(c) || is_digit(c) || c == '_' || (dots && c == '.');
         });
}

// `Vector` that wants its argument in the next word.
bool wants_argument(std::string_view type) {
  return type.ends_with("Vector") || type.ends_with("vector");
}

template <class T>
bool parse_number(std::string_view text, int base, T& value) {
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value, base);
  return problem == std::errc{} && stop == end;
}

// A word as it counts for the id.
void append_normal(std::string_view word, std::string& out) {
  if (!out.empty()) out += ' ';
  const auto start = out.size();
  for (const char c : word) {
    if (c == '<') {
      out += ' ';
    } else if (c != '>' && c != '{' && c != '}' && c != '(' && c != ')') {
      out += c;
    }
  }
  const auto put = std::string_view(out).substr(start);
  if (put.ends_with(":bytes") || put.ends_with("?bytes")) {
    out.replace(out.size() - 5, 5, "string");
  }
}

// `(Vector (Vector int))` is `Vector<Vector<int>>`.
void replace_parentheses(std::string& type) {
  std::string out;
  std::string closing;  // what each open bracket is closed by; a blank: nothing
  for (const char c : type) {
    if (c == '(') {
      closing += ' ';
    } else if (c == ' ' && !closing.empty() && closing.back() == ' ') {
      closing.back() = '>';
      out += '<';
    } else if (c == ')' && !closing.empty()) {
      if (closing.back() != ' ') out += closing.back();
      closing.pop_back();
    } else {
      out += c;
    }
  }
  type.swap(out);
}

class Taker {
 public:
  explicit Taker(const Statement& statement) : words_(statement.words) {
    out_.line = statement.line();
    out_.function = statement.function;
  }

  Result<CombinatorText, LineProblem> run() {
    out_.builtin = is_builtin();
    out_.crossed_out = words_.front().text.starts_with('#');
    if (out_.crossed_out) out_.name = words_.front().text;
    if (out_.builtin || out_.crossed_out) return std::move(out_);
    if (!head() || !body() || !result()) return problem_;
    return std::move(out_);
  }

 private:
  // `int ?= Int`, `bytes string = Bytes`, `int128 4*[ int ] = Int128`
  bool is_builtin() const {
    const bool plain = plain_type(words_.front().text).has_value();
    for (std::size_t i = 1; i < words_.size() && words_[i].text != "="; ++i) {
      const auto& text = words_[i].text;
      if (text == "?" || text.find('[') != std::string::npos) return true;
      if (plain && text.find(':') == std::string::npos) return true;
    }
    return false;
  }

  bool head() {
    const auto& text = words_.front().text;
    const auto mark = text.find('#');
    out_.name = text.substr(0, mark);
    if (!is_name(out_.name, true)) return fail(words_.front(), "is no name of a combinator");
    if (out_.name.size() > Combinator::max_name) return fail(words_.front(), "has too long a name");
    if (mark != std::string::npos) {
      std::uint32_t id = 0;
      if (text.size() - mark > 9 ||
          !parse_number(std::string_view(text).substr(mark + 1), 16, id)) {
        return fail(words_.front(), "has an id that is not 1 to 8 hexadecimal digits");
      }
      out_.id = id;
    }
    out_.normal = out_.name;
    at_ = 1;
    return true;
  }

  bool body() {
    for (; at_ < words_.size() && words_[at_].text != "="; ++at_) {
      const auto& word = words_[at_];
      if (word.text.front() == '{' ? !variable(word) : !field(word)) return false;
    }
    return true;
  }

  bool variable(const Word& word) {
    const auto& text = word.text;
    const auto mark = text.find(':');
    const auto name = text.substr(1, mark == std::string::npos ? mark : mark - 1);
    if (mark == std::string::npos || text.substr(mark) != ":Type}" || !is_name(name, false)) {
      return fail(word, "is no {X:Type}");
    }
    out_.variables.push_back(name);
    append_normal(text, out_.normal);
    return true;
  }

  bool field(const Word& word) {
    FieldText field;
    field.line = word.line;
    const auto mark = word.text.find(':');
    field.name = word.text.substr(0, mark);
    if (mark == std::string::npos) return fail(word, "is a field without a type");
    if (!is_name(field.name, false)) return fail(word, "does not begin with the name of a field");
    if (field.name.size() > Combinator::max_name) return fail(word, "has too long a name");
    field.type = word.text.substr(mark + 1);
    const auto question = field.type.find('?');
    if (question != std::string::npos) {
      const auto condition = field.type.substr(0, question);
      const auto dot = condition.find('.');
      field.word = condition.substr(0, dot);
      unsigned bit = 32;
      if (dot == std::string::npos || !is_name(field.word, false) ||
          !parse_number(std::string_view(condition).substr(dot + 1), 10, bit) || bit > 31) {
        return fail(word, "has a condition that is not flags.0? to flags.31?");
      }
      field.bit = static_cast<std::uint8_t>(bit);
      field.type.erase(0, question + 1);
    }
    auto text = word.text;
    while (wants_argument(field.type) && at_ + 1 < words_.size() &&
           words_[at_ + 1].text.find(':') == std::string::npos && words_[at_ + 1].text != "=") {
      ++at_;
      text += ' ' + words_[at_].text;
      field.type += ' ' + words_[at_].text;
    }
    close_brackets(field.type);
    replace_parentheses(field.type);
    if (field.type.empty()) return fail(word, "is a field without a type");
    imply_variable(field.type);
    if (field.word.empty() || field.type != "true") append_normal(text, out_.normal);
    out_.fields.push_back(std::move(field));
    return true;
  }

  // Of `query:!X`, where an old file has no `{X:Type}`.
  void imply_variable(std::string_view type) {
    if (!type.starts_with('!')) return;
    const std::string name(type.substr(1));
    auto& known = out_.variables;
    if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
  }

  bool result() {
    if (at_ >= words_.size()) return fail(words_.front(), "has no result type");
    const auto& equals = words_[at_];
    append_normal("=", out_.normal);
    for (++at_; at_ < words_.size(); ++at_) {
      const auto& word = words_[at_];
      if (!out_.result.empty() && !wants_argument(out_.result)) {
        return fail(word, "stands after the result type");
      }
      append_normal(word.text, out_.normal);
      if (!out_.result.empty()) out_.result += ' ';
      out_.result += word.text;
    }
    close_brackets(out_.result);
    replace_parentheses(out_.result);
    if (out_.result.empty()) return fail(equals, "is not followed by a result type");
    return true;
  }

  // "Vector int" → "Vector<int>"
  static void close_brackets(std::string& type) {
    std::size_t open = 0;
    if (type.find('(') != std::string::npos) return;
    for (auto& c : type) {
      if (c == ' ') {
        c = '<';
        ++open;
      }
    }
    type.append(open, '>');
  }

  bool fail(const Word& word, const char* what) {
    problem_ = {word.line, quotation(word.text) + ' ' + what};
    return false;
  }

  const std::vector<Word>& words_;
  std::size_t at_ = 0;
  CombinatorText out_;
  LineProblem problem_;
};

}  // namespace

Result<CombinatorText, LineProblem> read_combinator(const Statement& statement) {
  return Taker(statement).run();
}

}  // namespace tl

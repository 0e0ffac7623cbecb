#include "tl/combinator_text.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "tl/char_set.hpp"
#include "tl/crc32.hpp"
#include "tl/kept.hpp"
#include "tl/quotation.hpp"
#include "tl/type_names.hpp"

namespace tl {
namespace {

constexpr CharSet letters("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
constexpr CharSet name_chars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
constexpr CharSet brackets("<>{}()");

bool is_name(std::string_view text, bool dots) {
  return !text.empty() && letters.has(text.front()) && text.back() != '.' &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return name_chars.has(c) || (dots && c == '.'); });
}

// `Vector` that wants its argument in the next word.
bool wants_argument(std::string_view type) {
  return type.ends_with('r') && (type.ends_with("Vector") || type.ends_with("vector"));
}

template <class T>
bool parse_number(std::string_view text, int base, T& value) {
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value, base);
  return problem == std::errc{} && stop == end;
}

std::string without_brackets(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (c == '<') {
      out += ' ';
    } else if (!brackets.has(c)) {
      out += c;
    }
  }
  return out;
}

// A word as it counts for the id.
void add_normal(std::string_view word, RunningCrc32& crc) {
  constexpr std::string_view bytes = "bytes";
  std::string changed;
  if (std::any_of(word.begin(), word.end(), [](char c) { return brackets.has(c); })) {
    changed = without_brackets(word);
    word = changed;
  }
  crc.add(" ");
  if (word.ends_with(":bytes") || word.ends_with("?bytes")) {
    crc.add(word.substr(0, word.size() - bytes.size()));
    word = "string";
  }
  crc.add(word);
}

// "Vector int" is "Vector<int>".
std::string with_blanks_as_brackets(std::string_view type) {
  std::string out(type);
  std::replace(out.begin(), out.end(), ' ', '<');
  out.append(static_cast<std::size_t>(std::count(type.begin(), type.end(), ' ')), '>');
  return out;
}

// `(Vector (Vector int))` is `Vector<Vector<int>>`.
std::string without_parentheses(std::string_view type) {
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
  return out;
}

class Taker {
 public:
  Taker(const Statement& statement, std::pmr::memory_resource& arena)
      : words_(statement.words), arena_(arena) {
    out_.line = static_cast<std::uint32_t>(statement.line());
    out_.function = statement.function;
    fields_.reserve(words_.size());
  }

  Result<CombinatorText, LineProblem> run() {
    out_.builtin = is_builtin();
    out_.crossed_out = words_.front().text.starts_with('#');
    if (out_.crossed_out) out_.name = words_.front().text;
    if (out_.builtin || out_.crossed_out) return std::move(out_);
    if (!head() || !body() || !result()) return problem_;
    out_.computed_id = crc_.value();
    out_.variables = kept_list<std::string_view>(arena_, variables_);
    out_.fields = kept_list<FieldText>(arena_, fields_);
    return std::move(out_);
  }

 private:
  // `int ?= Int`, `bytes string = Bytes`, `int128 4*[ int ] = Int128`
  bool is_builtin() const {
    for (std::size_t i = 1; i < words_.size() && words_[i].text != "="; ++i) {
      const auto text = words_[i].text;
      if (text == "?" || text.find('[') != text.npos) return true;
      if (text.find(':') == text.npos && plain_type(words_.front().text)) return true;
    }
    return false;
  }

  bool head() {
    const auto text = words_.front().text;
    const auto mark = text.find('#');
    out_.name = text.substr(0, mark);
    if (!is_name(out_.name, true)) return fail(words_.front(), "is no name of a combinator");
    if (out_.name.size() > Combinator::max_name) return fail(words_.front(), "has too long a name");
    if (mark != text.npos) {
      std::uint32_t id = 0;
      if (text.size() - mark > 9 || !parse_number(text.substr(mark + 1), 16, id)) {
        return fail(words_.front(), "has an id that is not 1 to 8 hexadecimal digits");
      }
      out_.id = id;
    }
    crc_.add(out_.name);
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
    const auto text = word.text;
    const auto mark = text.find(':');
    const auto name = text.substr(1, mark == text.npos ? mark : mark - 1);
    if (mark == text.npos || text.substr(mark) != ":Type}" || !is_name(name, false)) {
      return fail(word, "is no {X:Type}");
    }
    variables_.push_back(name);
    add_normal(text, crc_);
    return true;
  }

  bool field(const Word& word) {
    FieldText field;
    field.line = static_cast<std::uint32_t>(word.line);
    const auto mark = word.text.find(':');
    field.name = word.text.substr(0, mark);
    if (mark == word.text.npos) return fail(word, "is a field without a type");
    if (!is_name(field.name, false)) return fail(word, "does not begin with the name of a field");
    if (field.name.size() > Combinator::max_name) return fail(word, "has too long a name");
    field.type = word.text.substr(mark + 1);
    if (!condition(field)) {
      return fail(word, "has a condition that is not flags.0? to flags.31?");
    }
    const auto first = at_;
    field.type = plain_notation(with_arguments(field.type));
    if (field.type.empty()) return fail(word, "is a field without a type");
    imply_variable(field.type);
    if (field.word.empty() || field.type != "true") {
      for (auto i = first; i <= at_; ++i) add_normal(words_[i].text, crc_);
    }
    fields_.push_back(field);
    return true;
  }

  // `flags.3?` in front of a type is taken off it. False: there is one that is none.
  static bool condition(FieldText& field) {
    const auto question = field.type.find('?');
    if (question == field.type.npos) return true;
    const auto condition = field.type.substr(0, question);
    const auto dot = condition.find('.');
    field.word = condition.substr(0, dot);
    unsigned bit = 32;
    if (dot == condition.npos || !is_name(field.word, false) ||
        !parse_number(condition.substr(dot + 1), 10, bit) || bit > 31) {
      return false;
    }
    field.bit = static_cast<std::uint8_t>(bit);
    field.type.remove_prefix(question + 1);
    return true;
  }

  // `Vector` and the words behind it that belong to it.
  std::string_view with_arguments(std::string_view type) {
    if (!wants_argument(type)) return type;
    std::string whole(type);
    while (wants_argument(whole) && at_ + 1 < words_.size() &&
           words_[at_ + 1].text.find(':') == std::string_view::npos &&
           words_[at_ + 1].text != "=") {
      (whole += ' ') += words_[++at_].text;
    }
    return kept_text(arena_, whole);
  }

  // In angle brackets.
  std::string_view plain_notation(std::string_view type) {
    if (type.find('(') != type.npos) return kept_text(arena_, without_parentheses(type));
    if (type.find(' ') == type.npos) return type;
    return kept_text(arena_, with_blanks_as_brackets(type));
  }

  // Of `query:!X`, where an old file has no `{X:Type}`.
  void imply_variable(std::string_view type) {
    if (!type.starts_with('!')) return;
    const auto name = type.substr(1);
    if (std::find(variables_.begin(), variables_.end(), name) == variables_.end()) {
      variables_.push_back(name);
    }
  }

  bool result() {
    if (at_ >= words_.size()) return fail(words_.front(), "has no result type");
    const auto& equals = words_[at_];
    add_normal("=", crc_);
    std::string whole;  // of several words
    for (++at_; at_ < words_.size(); ++at_) {
      const auto& word = words_[at_];
      add_normal(word.text, crc_);
      if (out_.result.empty()) {
        out_.result = word.text;
        continue;
      }
      if (whole.empty()) whole = out_.result;
      if (!wants_argument(whole)) return fail(word, "stands after the result type");
      (whole += ' ') += word.text;
    }
    if (!whole.empty()) out_.result = kept_text(arena_, whole);
    out_.result = plain_notation(out_.result);
    if (out_.result.empty()) return fail(equals, "is not followed by a result type");
    return true;
  }

  bool fail(const Word& word, const char* what) {
    problem_ = {word.line, quotation(word.text) + ' ' + what};
    return false;
  }

  std::span<const Word> words_;
  std::pmr::memory_resource& arena_;
  std::size_t at_ = 0;
  CombinatorText out_;
  std::vector<std::string_view> variables_;
  std::vector<FieldText> fields_;
  RunningCrc32 crc_;  // of what the id stands for
  LineProblem problem_;
};

}  // namespace

Result<CombinatorText, LineProblem> read_combinator(const Statement& statement,
                                                    std::pmr::memory_resource& arena) {
  return Taker(statement, arena).run();
}

}  // namespace tl

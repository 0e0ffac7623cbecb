#include "tl/schema_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "tl/byte_order_mark.hpp"
#include "tl/char_set.hpp"
#include "tl/kept.hpp"
#include "tl/quotation.hpp"

namespace tl {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

// Of a word, and of no meaning to the cutting of it.
constexpr CharSet plain_chars(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:?#");

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// `word` and `text` in small letters are the same.
bool is_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  });
}

// `LAYER 228` or `Layer: 228` in a comment.
std::optional<int> layer_of(std::string_view comment) {
  comment = trimmed(comment);
  if (!is_word(comment.substr(0, 5), "layer")) return std::nullopt;
  comment.remove_prefix(5);
  if (comment.starts_with(':')) comment.remove_prefix(1);
  const auto digits = trimmed(comment);
  int layer = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, layer);
  if (problem != std::errc{} || stop != end || layer <= 0) return std::nullopt;
  return layer;
}

class Cutter {
 public:
  Cutter(const SchemaSource& source, std::pmr::memory_resource& arena, const StatementTaker& taker)
      : source_(source), arena_(arena), taker_(taker), rest_(without_mark(source.text)) {}

  Result<LayerLines, SchemaProblem> run() {
    while (!rest_.empty() && problem_.empty() && !enough_) step();
    if (problem_.empty() && !enough_) finish_word();
    if (problem_.empty() && !words_.empty()) end_statement();
    if (!problem_.empty()) return SchemaProblem{source_.file, problem_line_, problem_};
    return std::move(layers_);
  }

 private:
  void step() {
    const char c = rest_.front();
    if (c == '/' && rest_.starts_with("//")) return comment(rest_.find('\n'), 2);
    if (c == '/' && rest_.starts_with("/*")) return block();
    if (c == '-' && word_.empty() && rest_.starts_with("---")) return section();
    rest_.remove_prefix(1);
    if (c == '\n') {
      finish_word();
      // A combinator may span lines, but where its result is known it need not have its `;`.
      if (words_.size() >= 2 && has_result() && words_.back().text != "=") end_statement();
      ++line_;
    } else if (is_space(c)) {
      if (depth_ == 0) finish_word();
      if (parentheses_ > 0 && !word_.empty() && word_.back() != ' ' && word_.back() != '(')
        word_ += ' ';
    } else if (c == ';') {
      finish_word();
      if (problem_.empty() && !words_.empty()) end_statement();
    } else if (c == '=' && !marker()) {
      finish_word();
      add_word("=");
    } else {
      count_brackets(c);
      if (word_.empty()) {
        word_line_ = line_;
        word_begin_ = rest_.data() - 1;
      }
      if (c == ')' && word_.ends_with(' ')) word_.pop_back();
      word_ += c;
      std::size_t plain = 0;
      while (plain < rest_.size() && plain_chars.has(rest_[plain])) ++plain;
      word_.append(rest_.substr(0, plain));
      rest_.remove_prefix(plain);
    }
  }

  void count_brackets(char c) {
    if (c == '<' || c == '{' || c == '(') ++depth_;
    if ((c == '>' || c == '}' || c == ')') && depth_ > 0) --depth_;
    if (c == '(') ++parentheses_;
    if (c == ')' && parentheses_ > 0) --parentheses_;
  }

  // `===17===`: older documents part their layers so.
  bool marker() const { return rest_.starts_with("=") || (!word_.empty() && word_.front() == '='); }

  void comment(std::size_t end, std::size_t mark) {
    const auto text = rest_.substr(0, end);
    if (const auto layer = layer_of(text.substr(mark))) say_layer(*layer);
    rest_.remove_prefix(std::min(end, rest_.size()));
  }

  void say_layer(int layer) {
    constexpr std::size_t most = 16;  // a file of secret chats has as many
    auto& said = layers_;
    const bool known = std::any_of(said.begin(), said.end(),
                                   [&](const LayerLine& line) { return line.layer == layer; });
    if (!known && said.size() < most) said.push_back({layer, line_});
  }

  void block() {
    const auto end = rest_.find("*/", 2);
    if (end == std::string_view::npos)
      return fail(line_, "the comment that begins here has no end");
    finish_word();
    const auto text = rest_.substr(0, end);
    line_ += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    rest_.remove_prefix(end + 2);
  }

  void finish_word() {
    if (word_.empty()) return;
    if (depth_ != 0)
      return fail(word_line_, quotation(word_) + " opens a bracket that it does not close");
    parentheses_ = 0;
    if (!word_.starts_with("==")) add_word(whole_word());
    word_.clear();
  }

  // Where it stands in the file, unless white space was taken out of it.
  std::string_view whole_word() const {
    const auto* end = rest_.data() + rest_.size();
    const std::string_view there(
        word_begin_, std::min(word_.size(), static_cast<std::size_t>(end - word_begin_)));
    return there == word_ ? there : kept_text(arena_, word_);
  }

  void add_word(std::string_view word) {
    words_.push_back({word, word == "=" ? line_ : word_line_});
  }

  // `---types---`, `--- functions ---`
  void section() {
    constexpr std::string_view around = "- \t";
    const auto begin = std::min(rest_.find_first_not_of(around), rest_.size());
    const auto end = std::min(rest_.find_first_of("- \t\r\n;", begin), rest_.size());
    const auto name = rest_.substr(begin, end - begin);
    const auto behind = std::min(rest_.find_first_not_of(around, end), rest_.size());
    const auto whole = trimmed(rest_.substr(0, behind));
    rest_.remove_prefix(behind);
    if (!words_.empty()) return fail(words_.front().line, "a combinator without a result type");
    function_ = is_word(name, "functions");
    if (!function_ && !name.empty() && !is_word(name, "types")) {
      fail(line_, quotation(whole) + " is neither ---types--- nor ---functions---");
    }
  }

  bool has_result() const {
    return std::any_of(words_.begin(), words_.end(), [](const Word& w) { return w.text == "="; });
  }

  void end_statement() {
    if (!has_result()) return fail(words_.front().line, "a combinator without a result type");
    enough_ = !taker_({words_, function_});
    words_.clear();
  }

  void fail(std::size_t line, std::string text) {
    problem_line_ = line;
    problem_ = std::move(text);
    word_.clear();
  }

  const SchemaSource& source_;
  std::pmr::memory_resource& arena_;
  const StatementTaker& taker_;
  std::string_view rest_;
  LayerLines layers_;
  std::vector<Word> words_;
  std::string word_;
  const char* word_begin_ = nullptr;
  std::size_t line_ = 1;
  std::size_t word_line_ = 1;
  int depth_ = 0;        // of brackets of all kinds
  int parentheses_ = 0;  // of these alone
  bool function_ = false;
  bool enough_ = false;
  std::string problem_;
  std::size_t problem_line_ = 0;
};

}  // namespace

Result<LayerLines, SchemaProblem> read_schema_text(const SchemaSource& source,
                                                   std::pmr::memory_resource& arena,
                                                   const StatementTaker& taker) {
  return Cutter(source, arena, taker).run();
}

}  // namespace tl

#include "tl/schema_text.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace tl {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

// Of a word, and of no meaning to the cutting of it.
bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == ':' || c == '?' || c == '#';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// `LAYER 228` in a comment.
std::optional<int> layer_of(std::string_view comment) {
  comment = trimmed(comment);
  if (!comment.starts_with("LAYER")) return std::nullopt;
  const auto digits = trimmed(comment.substr(5));
  int layer = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, layer);
  if (problem != std::errc{} || stop != end || layer <= 0) return std::nullopt;
  return layer;
}

class Cutter {
 public:
  explicit Cutter(const SchemaSource& source) : source_(source), rest_(source.text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  Result<SchemaText, SchemaProblem> run() {
    while (!rest_.empty() && problem_.empty()) step();
    if (problem_.empty()) finish_word();
    if (problem_.empty() && !words_.empty()) end_statement();
    if (!problem_.empty()) return SchemaProblem{source_.file, problem_line_, problem_};
    return std::move(out_);
  }

 private:
  void step() {
    const char c = rest_.front();
    if (rest_.starts_with("//")) return comment(rest_.find('\n'), 2);
    if (rest_.starts_with("/*")) return block();
    rest_.remove_prefix(1);
    if (c == '\n') {
      finish_word();
      // A combinator may span lines, but where its result is known it need not have its `;`.
      if (words_.size() >= 2 && has_result() && words_.back().text != "=") end_statement();
      ++line_;
    } else if (is_space(c)) {
      if (depth_ == 0) finish_word();
    } else if (c == ';') {
      finish_word();
      if (problem_.empty() && !words_.empty()) end_statement();
    } else if (c == '=' && !marker()) {
      finish_word();
      add_word("=");
    } else {
      if (c == '<' || c == '{') ++depth_;
      if ((c == '>' || c == '}') && depth_ > 0) --depth_;
      if (word_.empty()) word_line_ = line_;
      word_ += c;
      const auto plain = std::find_if_not(rest_.begin(), rest_.end(), is_plain) - rest_.begin();
      word_.append(rest_.substr(0, static_cast<std::size_t>(plain)));
      rest_.remove_prefix(static_cast<std::size_t>(plain));
    }
  }

  // `===17===`: older documents part their layers so.
  bool marker() const { return rest_.starts_with("=") || (!word_.empty() && word_.front() == '='); }

  void comment(std::size_t end, std::size_t mark) {
    const auto text = rest_.substr(0, end);
    if (!out_.layer) out_.layer = layer_of(text.substr(mark));
    rest_.remove_prefix(std::min(end, rest_.size()));
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
      return fail(word_line_, "`" + word_ + "` opens a bracket that it does not close");
    std::string word;
    word.swap(word_);
    if (word.starts_with("---")) return section(word);
    if (word.starts_with("==")) return;
    add_word(std::move(word));
  }

  void add_word(std::string word) {
    words_.push_back({std::move(word), word == "=" ? line_ : word_line_});
  }

  void section(const std::string& word) {
    const auto first = word.find_first_not_of('-');
    const auto last = word.find_last_not_of('-');
    const auto name =
        first == std::string::npos ? std::string() : word.substr(first, last - first + 1);
    if (!words_.empty()) return fail(words_.front().line, "a combinator without a result type");
    if (name != "types" && name != "functions") {
      return fail(word_line_, "`" + word + "` is neither ---types--- nor ---functions---");
    }
    function_ = name == "functions";
  }

  bool has_result() const {
    return std::any_of(words_.begin(), words_.end(), [](const Word& w) { return w.text == "="; });
  }

  void end_statement() {
    if (!has_result()) return fail(words_.front().line, "a combinator without a result type");
    out_.statements.push_back({std::move(words_), function_});
    words_.clear();
  }

  void fail(std::size_t line, std::string text) {
    problem_line_ = line;
    problem_ = std::move(text);
    word_.clear();
  }

  const SchemaSource& source_;
  std::string_view rest_;
  SchemaText out_;
  std::vector<Word> words_;
  std::string word_;
  std::size_t line_ = 1;
  std::size_t word_line_ = 1;
  int depth_ = 0;
  bool function_ = false;
  std::string problem_;
  std::size_t problem_line_ = 0;
};

}  // namespace

Result<SchemaText, SchemaProblem> read_schema_text(const SchemaSource& source) {
  return Cutter(source).run();
}

}  // namespace tl

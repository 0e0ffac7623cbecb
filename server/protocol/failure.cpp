#include "server/protocol/failure.hpp"

#include "tl/json_text.hpp"
#include "tl/numbers.hpp"
#include "tl/utf8.hpp"
#include "tl/value.hpp"

namespace server {
namespace {

constexpr std::size_t longest_doc = 200;

std::string number(std::uint64_t value) {
  std::string out;
  tl::append_number(value, out);
  return out;
}

std::string quoted(std::string_view text) {
  std::string out;
  tl::write_json_string(text, out);
  return out;
}

// At most 200 bytes, cut between characters.
std::string_view cut(std::string_view line) {
  std::size_t end = 0;
  while (end < line.size()) {
    const auto size = std::max<std::size_t>(tl::utf8_sequence(line.substr(end)), 1);
    if (end + size > longest_doc) break;
    end += size;
  }
  return line.substr(0, end);
}

}  // namespace

Failure type_error(std::string path, std::string text) {
  return {"TypeError", std::move(text), std::move(path), {}, {}};
}

Failure scheme_error(std::string path, std::string text) {
  return {"SchemeError", std::move(text), std::move(path), {}, {}};
}

Failure problem_failure(const tl::Problem& problem, std::string_view base) {
  const bool scheme = problem.kind == tl::Problem::Kind::scheme;
  return {
      scheme ? "SchemeError" : "TypeError", problem.text, std::string(base) + problem.path, {}, {}};
}

Failure forbidden(std::string_view method, std::string_view scope, std::string path) {
  return scope_lacks(scope, "the token that was shown does not allow " + std::string(method),
                     std::move(path));
}

Failure scope_lacks(std::string_view scope, std::string text, std::string path) {
  return {"Forbidden", std::move(text), std::move(path), {{"scope", quoted(scope)}}, {}};
}

Failure busy(std::size_t limit, std::string text) {
  return {"Busy", std::move(text), {}, {{"limit", number(limit)}}, {}};
}

Failure connection_error(int dc, std::string_view reason, std::string text) {
  return {"ConnectionError",
          std::move(text),
          {},
          {{"reason", quoted(reason)}, {"dc", std::to_string(dc)}},
          {}};
}

Failure outcome_unknown(std::string text) {
  return {"OutcomeUnknown", std::move(text), {}, {}, {}};
}

Failure line_too_long(std::size_t limit) {
  return {"LineTooLong",
          "the line is longer than " + number(limit) + " bytes; the rest of it is skipped",
          {},
          {{"limit", number(limit)}},
          {}};
}

Failure answer_too_long(std::size_t limit) {
  return {"AnswerTooLong",
          "Telegram answered; as JSON that is longer than can be handed on",
          {},
          {{"limit", number(limit)}},
          {}};
}

Failure message_too_long(std::string_view what, std::size_t size, std::size_t limit) {
  return {"AnswerTooLong",
          std::string(what) + " is " + number(size) + " bytes long, and options.max_message is " +
              number(limit),
          {},
          {{"limit", number(limit)}, {"size", number(size)}},
          {}};
}

Failure no_room_for_answer(std::size_t limit) {
  return busy(limit,
              "Telegram answered, and the gateway is at its bound of memory: the answer is gone");
}

Failure json_decode_error(std::size_t position, std::string_view why, std::string_view line) {
  return {"JSONDecodeError",
          std::string(why) + " at byte " + number(position),
          {},
          {{"pos", number(position)}, {"doc", quoted(cut(line))}},
          {}};
}

std::vector<std::string> traceback(const Failure& failure) {
  auto lines = failure.doing;
  auto last = failure.error;
  if (!failure.path.empty()) last += " at " + failure.path;
  lines.push_back(last + ": " + failure.text);
  return lines;
}

void write_failure(const Failure& failure, bool with_traceback, std::string& out) {
  out += ",\"error\":";
  tl::write_json_string(failure.error, out);
  out += ",\"msg\":";
  tl::write_json_string(failure.text, out);
  if (!failure.path.empty()) {
    out += ",\"path\":";
    tl::write_json_string(failure.path, out);
  }
  write_failure_details(failure, with_traceback, out);
}

void write_failure_details(const Failure& failure, bool with_traceback, std::string& out) {
  for (const auto& [key, text] : failure.more) {
    out += ',';
    tl::write_json_string(key, out);
    out += ':';
    out += text;
  }
  if (!with_traceback) return;
  out += ",\"traceback\":[";
  const char* comma = "";
  for (const auto& line : traceback(failure)) {
    out += comma;
    tl::write_json_string(line, out);
    comma = ",";
  }
  out += ']';
}

}  // namespace server

// Why an object could not be served, in the words of server/API.md: {"error":…,"msg":…,"path":…}.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tl/codec.hpp"

namespace server {

struct Failure {
  std::string error;  // "TypeError"
  std::string text;   // a sentence: `msg`
  std::string path;   // JSON pointer; empty: none
  // Further members: the name and the JSON text of each.
  std::vector<std::pair<std::string, std::string>> more;
  // What was being done, outermost first; the failure itself comes last of all.
  std::vector<std::string> doing;
};

Failure type_error(std::string path, std::string text);
Failure scheme_error(std::string path, std::string text);
// A Problem of the codec, whose path is below `base` ("/message").
Failure problem_failure(const tl::Problem&, std::string_view base);
// `scope`: the word of a token's line that stands against it.
Failure forbidden(std::string_view method, std::string_view scope, std::string path);
// The same of anything else that a token may allow.
Failure scope_lacks(std::string_view scope, std::string text, std::string path);
Failure busy(std::size_t limit, std::string text);
Failure connection_error(int dc, std::string_view reason, std::string text);
Failure outcome_unknown(std::string text);
Failure line_too_long(std::size_t limit);
// An answer of Telegram's that can't be handed on, so that its request is over all the same.
Failure answer_too_long(std::size_t limit);
// The same of one client's own bound, `limit`: what would have been sent has `size` bytes. `what`
// says what it is: "the reply".
Failure message_too_long(std::string_view what, std::size_t size, std::size_t limit);
Failure no_room_for_answer(std::size_t limit);
// `line` is at least the first 200 bytes of what could not be read, or all of it.
Failure json_decode_error(std::size_t position, std::string_view why, std::string_view line);

// The strings of `traceback`, outermost first.
std::vector<std::string> traceback(const Failure&);

// Appends `,"error":…,"msg":…` and the rest, without braces.
void write_failure(const Failure&, bool with_traceback, std::string& out);
// What of it stands behind `path`.
void write_failure_details(const Failure&, bool with_traceback, std::string& out);

}  // namespace server

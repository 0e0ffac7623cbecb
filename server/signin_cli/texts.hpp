// Words for people, and the line that signin-cli prints.
#pragma once

#include <optional>
#include <string>

#include "tl/notation.hpp"
#include "tl/value.hpp"

namespace server {

// {"id": 1, "session": ; with the notation that is asked for, which the connection then speaks.
std::string line_before_session(std::optional<tl::Notation>);

// "The code was sent by SMS (5 digits)." of the state `code`.
std::string where_code_went(const tl::Value& signin);

// How Telegram refused, in words where it is one that people meet.
// That an e-mail address can be given up, or is about to be; empty where the state says nothing of it.
std::string reset_in_words(const tl::Value& signin);
std::string refusal_in_words(const tl::Value& rpc_error);

// JSON with a blank after each comma and colon, as Python writes it: {"id": 1, "session": {…}}
void write_spaced_json(const tl::Value& value, std::string& out);

}  // namespace server

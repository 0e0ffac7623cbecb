// The text of an HTTP response, with the headers that every one of ours carries.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/protocol/long_text.hpp"

namespace server::http {

inline constexpr std::string_view json_type = "application/json; charset=utf-8";
inline constexpr std::string_view text_type = "text/plain; charset=utf-8";

struct Response {
  unsigned status = 200;
  std::string_view type = text_type;
  std::shared_ptr<const std::string> body;  // none: there is none …
  LongText text;                            // … but this, which is handed over
  std::vector<std::pair<std::string_view, std::string>> fields;
};

// How it travels.
struct Delivery {
  unsigned version = 11;  // of the request
  bool keep_alive = false;
  bool head_only = false;  // the request was HEAD
};

// {"error":NAME,"msg":TEXT} and a line's end.
Response refusal(unsigned status, std::string_view error, std::string_view text);

void write_response(Response, const Delivery&, LongText& out);

// A response whose body follows in chunks (in HTTP/1.0: up to the end of the connection).
void write_streaming_head(const Response&, const Delivery&, std::string& out);
void write_chunk(LongText text, const Delivery&, LongText& out);
void write_last_chunk(const Delivery&, std::string& out);

}  // namespace server::http

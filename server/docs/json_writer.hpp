// JSON text, written from front to back; commas come by themselves.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace server::docs {

class JsonWriter {
 public:
  // `room`: bytes that it will be, about.
  explicit JsonWriter(std::size_t room = 0) { out_.reserve(room); }

  // `bracket` is `{` or `[`.
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  // The value of it comes next.
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  // JSON that was written before: a value, or members without the braces around them.
  JsonWriter& raw(std::string_view json);

  std::string take();

 private:
  void comma();

  std::string out_;
};

}  // namespace server::docs

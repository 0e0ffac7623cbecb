#include "server/docs/json_writer.hpp"

#include "tl/value.hpp"

namespace server::docs {

void JsonWriter::comma() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

JsonWriter& JsonWriter::open(char bracket) {
  comma();
  out_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  comma();
  tl::write_json_string(name, out_);
  out_ += ':';
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  comma();
  tl::write_json_string(value, out_);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  if (json.empty()) return *this;
  comma();
  out_ += json;
  return *this;
}

std::string JsonWriter::take() {
  out_.shrink_to_fit();
  return std::move(out_);
}

}  // namespace server::docs

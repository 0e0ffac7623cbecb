// The schemes that the build made: api.tl first, mtproto.tl behind it, read once a process.
#pragma once

#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/places.hpp"
#include "tl/schema.hpp"

namespace support {

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("can't read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::shared_ptr<const tl::Schema> parse_schema(std::vector<tl::SchemaSource> sources) {
  auto schema = tl::Schema::parse(sources);
  if (!schema) {
    const auto& problem = schema.error();
    throw std::runtime_error(problem.file + ":" + std::to_string(problem.line) + ": " +
                             problem.text);
  }
  return *schema;
}

// A scheme of a few lines.
inline std::shared_ptr<const tl::Schema> small_schema(std::string text) {
  return parse_schema({{"small.tl", std::move(text)}});
}

inline const tl::Schema& api_schema() {
  static const auto schema = parse_schema({{"api.tl", read_file(support::api_tl_file())},
                                           {"mtproto.tl", read_file(support::mtproto_tl_file())}});
  return *schema;
}

}  // namespace support

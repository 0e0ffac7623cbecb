// JSON text in, bytes and JSON text out: what most tests of the codec want.
#pragma once

#include <deque>
#include <map>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/support/api_schema.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/scripted_random.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"

namespace codec_test {

struct Encoded {
  tl::Bytes bytes;
  tl::Result<tl::Encoding, tl::Problem> result = tl::Problem{};
};

inline tl::Value json(std::string_view text, tl::Arena& arena) {
  tl::JsonError error;
  const auto value = tl::read_json(text, arena, &error);
  if (!value) throw std::runtime_error("no JSON: " + error.text + " in " + std::string(text));
  return *value;
}

inline Encoded encode(const tl::Schema& schema, std::string_view text,
                      const tl::EncodeOptions& options = {}) {
  std::pmr::monotonic_buffer_resource arena;
  Encoded out;
  out.result = tl::encode(schema, json(text, arena), options, out.bytes);
  return out;
}

inline Encoded encode_as(const tl::Schema& schema, std::string_view type, std::string_view text,
                         const tl::EncodeOptions& options = {}) {
  std::pmr::monotonic_buffer_resource arena;
  Encoded out;
  const auto due = schema.find_type(type);
  if (!due) throw std::runtime_error("no type " + std::string(type));
  out.result = tl::encode_as(schema, *due, json(text, arena), options, out.bytes);
  return out;
}

// The hexadecimal bytes of what must encode, or the problem in words.
inline std::string bytes_of(const Encoded& encoded) {
  if (!encoded.result) return encoded.result.error().path + ": " + encoded.result.error().text;
  return support::hex(encoded.bytes);
}

inline std::string decode(const tl::Schema& schema, std::string_view type, tl::ByteView bytes,
                          tl::Notation notation = tl::Notation::classic) {
  std::string out;
  const auto due = type.empty() ? tl::any_object : schema.find_type(type).value();
  tl::decode_text(schema, due, bytes, notation, out);
  return out;
}

class Book final : public tl::PeerBook {
 public:
  std::map<std::string, tl::Peer, std::less<>> peers;
  std::optional<tl::Peer> find(std::string_view name) const override {
    const auto at = peers.find(name);
    if (at == peers.end()) return std::nullopt;
    return at->second;
  }
};

}  // namespace codec_test

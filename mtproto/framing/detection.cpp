#include "mtproto/framing/detection.hpp"

#include "mtproto/framing/obfuscated2.hpp"
#include "mtproto/framing/words.hpp"

namespace mtproto {
namespace {

constexpr std::uint32_t abridged_word = 0xefefefef;
// "HEAD", "POST", "GET ", "OPTI", and a TLS ClientHello.
constexpr std::uint32_t other_protocols[] = {0x44414548, 0x54534f50, 0x20544547, 0x4954504f,
                                             0x02010316};

bool is_other_protocol(std::uint32_t word) {
  for (auto other : other_protocols) {
    if (word == other) return true;
  }
  return false;
}

}  // namespace

Detected detect(ByteView first_bytes) {
  if (first_bytes.empty()) return MoreNeeded{};
  if (first_bytes[0] == abridged_tag) return Plain{Framing::abridged, 1};
  if (first_bytes.size() < 4) return MoreNeeded{};
  const auto word = word_at(first_bytes, 0);
  if (word == intermediate_tag) return Plain{Framing::intermediate, 4};
  if (word == padded_tag) return Plain{Framing::padded, 4};
  if (is_other_protocol(word)) return Unknown{};
  if (first_bytes.size() < 8) return MoreNeeded{};
  if (word_at(first_bytes, 4) == 0) return Plain{Framing::full, 0};
  if (first_bytes.size() < obfuscation_header) return MoreNeeded{};
  return Obfuscated{};
}

bool is_taken(std::uint32_t first_word) {
  return first_word == intermediate_tag || first_word == padded_tag ||
         is_other_protocol(first_word);
}

std::uint32_t tag_of(Framing framing) {
  switch (framing) {
    case Framing::abridged:
      return abridged_word;
    case Framing::padded:
      return padded_tag;
    case Framing::intermediate:
    case Framing::full:
      break;
  }
  return intermediate_tag;
}

std::optional<Framing> framing_of(std::uint32_t tag) {
  switch (tag) {
    case abridged_word:
      return Framing::abridged;
    case intermediate_tag:
      return Framing::intermediate;
    case padded_tag:
      return Framing::padded;
    default:
      return std::nullopt;
  }
}

}  // namespace mtproto

// What a client speaks, from its first bytes.
//
//   ef              abridged          xxxxxxxx 00000000       full (its first sequence number)
//   eeeeeeee        intermediate      "GET " "POST" … , TLS   no MTProto transport
//   dddddddd        padded            anything else           64 bytes of obfuscated2
#pragma once

#include <variant>

#include "mtproto/framing/transport.hpp"

namespace mtproto {

inline constexpr std::uint8_t abridged_tag = 0xef;
inline constexpr std::uint32_t intermediate_tag = 0xeeeeeeee;
inline constexpr std::uint32_t padded_tag = 0xdddddddd;

struct MoreNeeded {};
struct Plain {
  Framing framing;
  std::size_t tag;  // how many bytes of tag stand before the first frame
};
struct Obfuscated {};
struct Unknown {};
using Detected = std::variant<MoreNeeded, Plain, Obfuscated, Unknown>;

// Decides as early as the bytes allow and no earlier.
Detected detect(ByteView first_bytes);

// Whether a connection that begins with this word is no obfuscated one.
bool is_taken(std::uint32_t first_word);

// The tag of a framing inside obfuscation (abridged: four times its byte), and back.
std::uint32_t tag_of(Framing);
std::optional<Framing> framing_of(std::uint32_t tag);

}  // namespace mtproto

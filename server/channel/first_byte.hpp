// What a connection speaks, from its first byte after white space. A list of what is let in: a
// browser can be made to speak many protocols at a local port.
#pragma once

#include <cstdint>
#include <optional>

#include "tl/bytes.hpp"

namespace server::channel {

enum class Speech : std::uint8_t {
  json,   // {
  http,   // A–Z
  tls,    // 0x16
  other,  // refused
};

// None while there is nothing but white space.
std::optional<Speech> detect(tl::ByteView bytes);

}  // namespace server::channel

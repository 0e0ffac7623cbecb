// WebSocket frames by hand.
#pragma once

#include <string>
#include <string_view>

namespace support {

inline constexpr char frame_text = '\x81', frame_binary = '\x82', frame_more_text = '\x01',
                      frame_last = '\x80', frame_ping = '\x89', frame_pong = '\x8a',
                      frame_close = '\x88', frame_deflated = '\xc1';

// As a client sends it: masked.
inline std::string frame(char opcode, std::string_view payload) {
  std::string out{opcode};
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    const int bytes = payload.size() < 65'536 ? 2 : 8;
    out += static_cast<char>(0x80 | (bytes == 2 ? 126 : 127));
    for (int i = bytes; i-- > 0;) out += static_cast<char>(payload.size() >> 8 * i);
  }
  const std::string mask = "\x01\x02\x03\x04";
  out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return out;
}

// As the server sends it.
inline std::string plain_frame(char opcode, std::string_view payload) {
  return std::string{opcode} + static_cast<char>(payload.size()) + std::string(payload);
}

}  // namespace support

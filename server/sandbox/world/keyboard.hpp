// The buttons under a bot's message, or instead of the letters. core.telegram.org/api/bots/buttons
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tl/bytes.hpp"

namespace server::sandbox {

struct Button {
  enum class Kind : std::uint8_t { text, url, callback };
  Kind kind = Kind::text;
  std::string text;
  std::string url;
  tl::Bytes data;  // of a callback, 64 bytes at most
  bool operator==(const Button&) const = default;
};

struct Keyboard {
  enum class Kind : std::uint8_t { inline_buttons, reply, hide, force_reply };
  Kind kind = Kind::inline_buttons;
  std::vector<std::vector<Button>> rows;
  bool resize = false;
  bool single_use = false;
  bool selective = false;
  bool persistent = false;
  std::string placeholder;
  bool operator==(const Keyboard&) const = default;
};

using KeyboardPtr = std::shared_ptr<const Keyboard>;

}  // namespace server::sandbox

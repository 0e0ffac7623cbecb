#include "server/sandbox/world/poll.hpp"

namespace server::sandbox {

std::int32_t dice_values(std::string_view emoticon) {
  if (emoticon == "🎲" || emoticon == "🎯" || emoticon == "🎳") return 6;
  if (emoticon == "🏀" || emoticon == "⚽" || emoticon == "⚽️") return 5;
  return emoticon == "🎰" ? 64 : 0;
}

}  // namespace server::sandbox

// What happened in a box of messages, as a difference tells it.
// core.telegram.org/api/updates#recovering-gaps
#pragma once

#include <cstdint>
#include <vector>

#include "server/sandbox/render/renderer.hpp"
#include "server/sandbox/world/user_inbox.hpp"

namespace server::sandbox {

struct Happened {
  std::vector<tl::Value> messages;  // that are new
  std::vector<tl::Value> others;    // updates of other kinds
  std::int32_t pts = 0;             // where they lead
};

// Appends `count` events from `first` on, which there are.
inline void add_events(const UserInbox& box, std::size_t first, std::int64_t count,
                       Renderer& render, Happened& out) {
  for (std::int64_t i = 0; i < count; ++i) {
    const auto& event = box.events()[first + static_cast<std::size_t>(i)];
    out.pts = event.pts;
    if (const auto* added = std::get_if<NewMessage>(&event.event)) {
      const auto* message = box.find(added->id);
      if (message != nullptr) out.messages.push_back(render.message(*message));
    } else if (const auto update = render.update(event); !update.is_null()) {
      out.others.push_back(update);
    }
  }
}

}  // namespace server::sandbox

// One object of a client, read: its values, and what they ask for.
#pragma once

#include <memory>

#include "server/metering/memory_meter.hpp"
#include "server/protocol/protocol.hpp"

namespace server {

struct Incoming {
  std::unique_ptr<RequestArena> arena;  // what the values view
  tl::Value value;
  tl::Result<Request, Refused> request;
  // Of what `request` holds beside the arena; empty where that is small.
  MemoryShare share;
  // Its text was too long to be looked through where others wait, and so is its `message`.
  bool large = false;
};

}  // namespace server

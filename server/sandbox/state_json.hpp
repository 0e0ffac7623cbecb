// The world as JSON and back: what --sandbox-state remembers. Ours alone, so its shape may change
// with its version; what is of another version is refused.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <vector>

#include "server/sandbox/world/world.hpp"
#include "tl/bytes.hpp"

namespace server::sandbox {

// The 256 bytes of a key, and the data centre that knows it.
struct StoredKey {
  std::int32_t dc = 0;
  tl::Bytes auth_key;
  bool test = false;  // of the test environment
};

boost::json::value world_to_json(const World& world, const std::vector<StoredKey>& keys);
// Into an empty world. Throws std::exception where it is no state of ours.
std::vector<StoredKey> world_from_json(const boost::json::value& state, World& world);

}  // namespace server::sandbox

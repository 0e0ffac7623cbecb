// The attribute `options`: what one connection chose for itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "server/config/options.hpp"
#include "server/config/schemes.hpp"
#include "server/connection/shared_value.hpp"
#include "server/protocol/failure.hpp"
#include "server/protocol/protocol.hpp"
#include "tl/codec.hpp"
#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server {

// What a client hears of updates.
enum class Updates : std::uint8_t {
  none,
  raw,      // as they come
  recover,  // each once and in order
};

// What is said of us to Telegram.
using SharedApp = SharedValue<AppIdentity>;

struct ConnectionOptions {
  tl::Notation json = tl::Notation::classic;
  int layer = 0;
  Updates updates = Updates::raw;
  bool ignore_unknown = false;
  bool events = false;
  std::chrono::seconds flood_wait{0};
  bool pfs = false;
  std::size_t max_message = 0;            // bytes of an object that the client can take; 0: any
  ReplyShape shape = ReplyShape::object;  // as its way in wants it; no client chooses it
  SharedApp app{AppIdentity()};

  bool operator==(const ConnectionOptions&) const = default;
};
using SharedOptions = SharedValue<ConnectionOptions>;

// `current` with what `value` sets; `layer_free` while no message was sent yet.
tl::Result<ConnectionOptions, Failure> read_options_attribute(const tl::Value& value,
                                                              const ConnectionOptions& current,
                                                              const Schemes&, bool layer_free);

// Appends the object; never api_hash itself.
void write_options_attribute(const ConnectionOptions&, std::string& out);
// The same with api_hash, as read_options_attribute() takes it.
void write_options_to_be_read(const ConnectionOptions&, std::string& out);

}  // namespace server

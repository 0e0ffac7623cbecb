// How far a client has heard of its account's updates: `updates` in a session line.
//
//   {"pts":N,"qts":N,"date":N,"seq":N,"update_seq":N,"channels":[["id",pts,"access_hash"],…]}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tl/value.hpp"

namespace server::account {

struct UpdateState {
  static constexpr std::size_t most_channels = 10'000;

  struct Channel {
    std::int64_t id = 0;
    std::int32_t pts = 0;
    std::optional<std::int64_t> access_hash;
    bool operator==(const Channel&) const = default;
  };

  bool known = false;  // the four counters are set
  std::int32_t pts = 0, qts = 0, date = 0, seq = 0;
  std::int64_t update_seq = 0;  // of the last that was delivered
  std::vector<Channel> channels;
  bool operator==(const UpdateState&) const = default;
};

// None where it is no such object; `[]` and `""` are empty ones. Of channels what is none is passed over.
std::optional<UpdateState> read_update_state(std::string_view json);
std::optional<UpdateState> read_update_state(const tl::Value&);
void write_update_state(const UpdateState&, std::string& out);

}  // namespace server::account

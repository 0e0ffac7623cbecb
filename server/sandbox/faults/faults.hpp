// Decides what goes wrong, by a plan and a seed: asked by the places where it would go wrong, it
// says what happens there. Each kind of fault draws from a sequence of its own, so that changing
// one rate leaves the others as they were. One thread's; knows no sockets and no clock.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include "mtproto/time.hpp"
#include "server/sandbox/faults/plan.hpp"

namespace server::sandbox {

enum class Direction : std::uint8_t { up, down };  // from the client, to the client

// What happens to a frame; any of these together.
struct FrameFate {
  bool drop = false;
  bool duplicate = false;
  bool reorder = false;  // it goes after the next one
  bool truncate = false;
  bool close = false;      // the connection, instead of the frame
  bool half_open = false;  // from now on nothing travels, and nobody is told
  bool wrong_salt = false;
  bool bad_seqno = false;
  mtproto::Duration delay{};
  bool operator==(const FrameFate&) const = default;
};

// What happens to a call.
struct CallFate {
  std::optional<RpcError> error;  // instead of carrying it out
  mtproto::Duration delay{};      // of its answer
  bool gzip_bomb = false;         // instead of the answer
  bool unknown_constructor = false;
  bool lose_key = false;  // it is not carried out, and the data centre knows the key no more
  FrameFate answer;       // of the frame with the answer
  FrameFate next;         // of the next frame from the client
  bool operator==(const CallFate&) const = default;
};

class Faults {
 public:
  Faults(FaultPlan plan, mtproto::Time now) { set(std::move(plan), now); }

  // A file was read again: everything begins anew, with the seed.
  void set(FaultPlan plan, mtproto::Time now);

  // `sealed`: it is an encrypted message; what is not only delays, closes and half-opens concern.
  FrameFate frame(Direction direction, bool sealed);
  // `recaptcha`: it came with a token of a reCAPTCHA, so that no rule asks for one.
  CallFate call(std::int32_t dc, std::string_view method, bool recaptcha = false);
  // Whether this update is not told.
  bool skips_update() { return happens(Fault::update_gap); }
  bool away(std::int32_t dc, mtproto::Time now) const;
  // When away() will say something else, if ever.
  std::optional<mtproto::Time> next_change(std::int32_t dc, mtproto::Time now) const;
  mtproto::Duration clock_skew() const { return plan_.clock_skew; }
  mtproto::Duration deaf_after() const { return plan_.deaf_after; }
  std::int32_t reset_wait() const { return static_cast<std::int32_t>(plan_.reset_wait.count()); }
  // Where a frame is cut: a number below `size`.
  std::size_t cut(std::size_t size);
  // How often each happened since the plan was set.
  std::uint64_t count(Fault fault) const { return counts_[index_of(fault)]; }

 private:
  bool happens(Fault fault);
  std::int64_t draw(Fault fault, const Range& range);
  void apply(const Rule& rule, CallFate& fate);

  FaultPlan plan_;
  mtproto::Time since_{};
  std::array<std::mt19937_64, fault_count> streams_;
  std::array<std::uint64_t, fault_count> counts_{};
  std::vector<std::uint64_t> seen_;  // calls that fitted each rule
};

}  // namespace server::sandbox

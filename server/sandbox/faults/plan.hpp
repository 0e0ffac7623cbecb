// What a file of --sandbox-faults asks for, as values: how often each fault happens of itself, and
// rules for certain calls and data centres. FAULTS.md says what the file looks like.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtproto/time.hpp"
#include "server/sandbox/rpc_error.hpp"

namespace server::sandbox {

enum class Fault : std::uint8_t {
  // of a frame
  delay,
  drop,
  duplicate,
  reorder,
  truncate,
  close,
  half_open,
  // of a client's message
  wrong_salt,
  bad_seqno,
  // of a call
  rpc_500,
  rpc_503,
  flood_wait,
  late_answer,
  gzip_bomb,
  unknown_constructor,
  lose_key,
  // of an update
  update_gap,
};

inline constexpr std::array<std::string_view, 17> fault_names = {
    "delay",       "drop",       "duplicate",           "reorder",  "truncate",  "close",
    "half_open",   "wrong_salt", "bad_seqno",           "rpc_500",  "rpc_503",   "flood_wait",
    "late_answer", "gzip_bomb",  "unknown_constructor", "lose_key", "update_gap"};
inline constexpr std::size_t fault_count = fault_names.size();

constexpr std::size_t index_of(Fault fault) { return static_cast<std::size_t>(fault); }
constexpr std::string_view name_of(Fault fault) { return fault_names[index_of(fault)]; }

// Of milliseconds or of seconds, drawn evenly.
struct Range {
  std::int64_t least = 0;
  std::int64_t most = 0;
  bool operator==(const Range&) const = default;
};

struct Rate {
  double rate = 0;                     // 0 to 1
  std::optional<std::uint64_t> times;  // never more often
  Range range;                         // of delay, late_answer (ms) and flood_wait (s)
};

// What happens to calls that fit: exactly one of `error`, `delay` and `fault` is set.
struct Rule {
  std::string method;  // empty: any
  std::optional<std::int32_t> dc;
  std::vector<std::uint64_t> nth;  // empty: each …
  std::uint64_t every = 1;         // … or each second, third …
  std::optional<RpcError> error;
  std::optional<Range> delay;  // of the answer, ms
  std::optional<Fault> fault;
};

// RECAPTCHA_CHECK_action__key: a call is refused unless it comes inside invokeWithReCaptcha.
inline bool is_recaptcha_check(std::string_view error) {
  return error.starts_with("RECAPTCHA_CHECK_");
}

// A data centre goes away and comes back.
struct Absence {
  std::int32_t dc = 0;
  mtproto::Duration after{};  // since the file was read
  mtproto::Duration away{};
  std::optional<mtproto::Duration> every;  // and once more after so long, for ever
};

struct FaultPlan {
  std::uint64_t seed = 1;
  std::array<Rate, fault_count> rates{};
  mtproto::Duration clock_skew{};
  // A session that has called nothing for so long is told no updates any more.
  mtproto::Duration deaf_after = std::chrono::hours(1);
  // How long one waits before an e-mail address or a password is taken off an account.
  std::chrono::seconds reset_wait = std::chrono::hours(7 * 24);
  std::vector<Rule> rules;
  std::vector<Absence> absences;

  const Rate& rate(Fault fault) const { return rates[index_of(fault)]; }
  Rate& rate(Fault fault) { return rates[index_of(fault)]; }
};

}  // namespace server::sandbox

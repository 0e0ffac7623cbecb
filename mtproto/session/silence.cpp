#include "mtproto/session/silence.hpp"

#include <algorithm>
#include <utility>

namespace mtproto {
namespace {

using std::chrono::seconds;

// Half of what the server waits before it closes; however busy the link is.
constexpr Duration longest_without_ping = seconds{60};
// A ping whose pong did not come, though other things did, is said again.
constexpr Duration pong_patience = seconds{15};
constexpr unsigned most_unanswered_pings = 3;
// Silence after a write is answered by a ping, twice.
constexpr Duration probe_patience = seconds{5};
constexpr unsigned most_probes = 2;
// The slowest line that is not mistaken for a dead one, in bytes a second.
constexpr std::size_t slowest_line = std::size_t{16} << 10;
// A tick that comes so late says that this machine was stopped, not that the server is silent.
constexpr Duration late = seconds{2};

}  // namespace

void Silence::connected(Time now) {
  const bool paused = paused_;
  *this = Silence(limits_);
  paused_ = paused;
  heard_ = now;
}

void Silence::wrote(std::size_t bytes, Time now) {
  if (std::exchange(expects_answer_, false) && !unheard_) unheard_ = now;
  if (unheard_) unheard_bytes_ += bytes;
}

void Silence::moved(Time now) {
  heard_ = now;
  if (unheard_) unheard_ = now;
}

void Silence::heard(Time now) {
  heard_ = now;
  unheard_.reset();
  unheard_bytes_ = 0;
  probes_ = 0;
}

bool Silence::take_ping(Time now) {
  if (!std::exchange(wants_ping_, false)) return false;
  pinged_ = now;
  ++unanswered_pings_;
  return true;
}

// A key exchange keeps a busy server computing: only where requests travel is a write waited for.
std::optional<Time> Silence::dead_at() const {
  if (paused_) return {};
  const auto quiet = heard_ + limits_.dead_after;
  if (!pinged_ || !unheard_) return quiet;
  const auto to_travel = seconds{unheard_bytes_ / slowest_line};
  return std::min(quiet, *unheard_ + limits_.dead_after_write + to_travel);
}

std::optional<Time> Silence::ping_due() const {
  if (!pinged_) return {};
  if (unanswered_pings_ != 0 && !paused_) return *pinged_ + pong_patience;
  const auto quiet = std::max(*pinged_, heard_) + limits_.keep_alive;
  return std::min(quiet, *pinged_ + std::max(limits_.keep_alive, longest_without_ping));
}

std::optional<Time> Silence::probe_due() const {
  if (!pinged_ || paused_ || !unheard_ || probes_ == most_probes) return {};
  return *unheard_ + probe_patience * (probes_ + 1);
}

bool Silence::was_stopped(Time now) const {
  const auto dead = dead_at();
  return dead && now >= *dead + late;
}

bool Silence::tick(Time now) {
  if (const auto dead = dead_at(); dead && now >= *dead) return false;
  if (const auto due = ping_due(); due && now >= *due) {
    if (unanswered_pings_ >= most_unanswered_pings && !paused_) return false;
    wants_ping_ = true;
  }
  if (const auto due = probe_due(); due && now >= *due) {
    ++probes_;
    wants_ping_ = true;
  }
  return true;
}

std::optional<Time> Silence::deadline() const {
  std::optional<Time> earliest;
  for (const auto& due : {dead_at(), ping_due(), probe_due()}) {
    if (due) earliest = std::min(earliest.value_or(*due), *due);
  }
  return earliest;
}

}  // namespace mtproto

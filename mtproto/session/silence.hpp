// What a link does not say. Owns when the last byte came, which pings are out, and whether reading
// is paused; says when a ping is due and when the link is dead. Called by Session::State alone,
// which writes the pings and reports the death; calls nobody.
// core.telegram.org/mtproto/service_messages#ping-messages-pong
//
//   alive ──quiet, or no answer to a write──► ping is due ──still nothing──► dead
#pragma once

#include <cstddef>
#include <optional>

#include "mtproto/time.hpp"

namespace mtproto {

class Silence {
 public:
  struct Limits {
    Duration keep_alive;        // between pings on a quiet link
    Duration dead_after;        // without a byte from the server
    Duration dead_after_write;  // the same, after something was written that wants an answer
  };
  explicit Silence(Limits limits) : limits_(limits) {}

  // --- what happens ---
  // A new link: nothing is known of it but that it is there.
  void connected(Time now);
  // Requests can travel on it, and pings.
  void ready(Time now) { pinged_ = now; }
  // What is written next wants an answer.
  void expect_answer() { expects_answer_ = true; }
  void wrote(std::size_t bytes, Time now);
  // The peer took some more of what it had not had room for: it lives.
  void moved(Time now);
  void heard(Time now);
  void pong() { unanswered_pings_ = 0; }
  // While paused, silence is our own doing.
  void pause(bool on) { paused_ = on; }

  // --- pings ---
  void want_ping() { wants_ping_ = true; }
  bool wants_ping() const { return wants_ping_; }
  // Whether a ping is to be written now; then it counts as written.
  bool take_ping(Time now);

  // --- what follows ---
  bool paused() const { return paused_; }
  Time last_heard() const { return heard_; }
  // So late that not the server was silent, but this machine was stopped.
  bool was_stopped(Time now) const;
  // False: the link is dead.
  bool tick(Time now);
  // When tick() wants to be called, if at all.
  std::optional<Time> deadline() const;

 private:
  std::optional<Time> dead_at() const;
  std::optional<Time> ping_due() const;
  std::optional<Time> probe_due() const;

  Limits limits_;
  bool paused_ = false;  // the one thing that a new link does not change

  Time heard_{};
  std::optional<Time> pinged_;  // none: pings can't be written yet
  unsigned unanswered_pings_ = 0;
  bool wants_ping_ = false;
  // Something was written that wants an answer. Since when there has been no byte in return, and
  // how much was written since.
  bool expects_answer_ = false;
  std::optional<Time> unheard_;
  std::size_t unheard_bytes_ = 0;
  unsigned probes_ = 0;  // pings because of that
};

}  // namespace mtproto

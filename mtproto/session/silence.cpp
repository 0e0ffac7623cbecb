// What the server does not say: a link on which nothing comes back is dead, and a request of which
// nothing comes back is asked about.
// core.telegram.org/mtproto/service_messages_about_messages#request-for-message-status-information
#include "mtproto/session/state.hpp"

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
// After it what is read may have been said long ago.
constexpr Duration long_silence = seconds{60};

// A request without a word about it is asked about, …
constexpr Duration answer_patience = seconds{5};
// … and once more where the answer to that is lost, too.
constexpr Duration state_patience = seconds{10};
// One that the server has may take its time; its answer may have been lost.
constexpr Duration received_patience = seconds{15};
// How often a request of an earlier session is waited for so long: a minute. Nobody can be asked.
constexpr int most_patience_with_earlier = 12;

}  // namespace

void Session::State::note_written(std::size_t bytes) {
  if (std::exchange(link->wants_answer, false) && !link->unheard) link->unheard = now;
  if (link->unheard) link->unheard_bytes += bytes;
}

void Session::State::note_heard() {
  // This machine was stopped: what was said meanwhile is old by now, and not stale.
  if (now >= link->heard + long_silence && !link->backlog_from) {
    link->backlog_from = clock.at(link->heard);
    link->backlog_until = server_time();
  }
  link->heard = now;
  link->unheard.reset();
  link->unheard_bytes = 0;
  link->probes = 0;
}

// While reading is paused, silence is our own doing. A key exchange keeps a busy server computing.
std::optional<Time> Session::State::dead_at() const {
  if (paused) return {};
  const auto quiet = link->heard + options.dead_after;
  if (!link->ready || !link->unheard) return quiet;
  const auto to_travel = seconds{link->unheard_bytes / slowest_line};
  return std::min(quiet, *link->unheard + options.dead_after_write + to_travel);
}

Time Session::State::ping_due() const {
  if (link->pings_unanswered != 0 && !paused) return link->pinged + pong_patience;
  const auto quiet = std::max(link->pinged, link->heard) + options.keep_alive;
  return std::min(quiet, link->pinged + std::max(options.keep_alive, longest_without_ping));
}

std::optional<Time> Session::State::probe_due() const {
  if (paused || !link->unheard || link->probes == most_probes) return {};
  return *link->unheard + probe_patience * (link->probes + 1);
}

void Session::State::tick() {
  if (!link || link->failed) return;
  const auto timed_out = [] {
    return boost::system::errc::make_error_code(boost::system::errc::timed_out);
  };
  if (const auto dead = dead_at(); dead && now >= *dead) {
    if (now < *dead + late) return fail(timed_out());
    // What the server said meanwhile has not been read yet.
    note_heard();
    link->pings_unanswered = 0;
    link->want_ping = true;
  }
  if (temporary) tick_temporary();
  if (!link->open()) return;
  if (now >= ping_due()) {
    if (link->pings_unanswered >= most_unanswered_pings && !paused) return fail(timed_out());
    link->want_ping = true;
  }
  if (const auto probe = probe_due(); probe && now >= *probe) {
    ++link->probes;
    link->want_ping = true;
  }
  look();
}

// --- requests ---

Duration Session::State::patience(const Pending& request) const {
  switch (request.stage) {
    case Pending::Stage::asked:
      return state_patience;
    case Pending::Stage::received:
      // Its answer went to a connection that is no more.
      return request.link == link->number ? received_patience : answer_patience;
    default:
      return answer_patience;
  }
}

void Session::State::look_by(Time at) {
  if (!link->look_due || at < *link->look_due) link->look_due = at;
}

void Session::State::look() {
  if (paused || !link->look_due || now < *link->look_due) return;
  link->look_due.reset();
  for (const auto request : pending.all()) {
    auto* it = pending.find(request);
    if (!it->written()) continue;
    if (now >= it->touched + patience(*it)) ask_about(*it);
    it = pending.find(request);
    if (it != nullptr && it->written()) look_by(it->touched + patience(*it));
  }
}

void Session::State::ask_about(Pending& request) {
  request.touched = now;
  if (request.options.seqno) return;  // its number is the caller's to repair
  if (!request.options.api || request.session != saved.session) {
    // Nobody keeps the answers to service messages, and no session knows those of another.
    if (request.repeatable()) {
      pending.requeue(request);
    } else if (++request.without_answer == most_patience_with_earlier) {
      return lose(request.request);
    }
  } else if (request.stage == Pending::Stage::received) {
    link->want_answers.push_back(request.message);
  } else {
    request.stage = Pending::Stage::asked;
    link->want_states.push_back(request.message);
  }
  look_by(now + patience(request));
}

void Session::State::forget(RequestId request) {
  const auto* it = pending.find(request);
  if (it == nullptr) return;
  if (it->written() && it->options.api) {
    forgotten.add(request, it->message, it->session);
    if (link && link->open() && it->session == saved.session) {
      link->want_drops.push_back(it->message);
    }
  }
  pending.erase(request);
}

}  // namespace mtproto

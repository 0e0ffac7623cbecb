// Requests of which nothing comes back are asked about, and those that nobody waits for are dropped.
// core.telegram.org/mtproto/service_messages_about_messages#request-for-message-status-information
#include "mtproto/session/state.hpp"

namespace mtproto {
namespace {

using std::chrono::seconds;

// A request without a word about it is asked about, …
constexpr Duration answer_patience = seconds{5};
// … and once more where the answer to that is lost, too.
constexpr Duration state_patience = seconds{10};
// One that the server has may take its time; its answer may have been lost.
constexpr Duration received_patience = seconds{15};
// How often a request of an earlier session is waited for so long: a minute. Nobody can be asked.
constexpr int most_patience_with_earlier = 12;

}  // namespace

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
  if (silence.paused() || !link->look_due || now < *link->look_due) return;
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
    link->wanted().answers.push_back(request.message);
  } else {
    request.stage = Pending::Stage::asked;
    link->wanted().states.push_back(request.message);
  }
  look_by(now + patience(request));
}

void Session::State::forget(RequestId request) {
  const auto* it = pending.find(request);
  if (it == nullptr) return;
  if (it->written() && it->options.api) {
    forgotten.add(request, it->message, it->session);
    if (link && link->open() && it->session == saved.session) {
      link->wanted().drops.push_back(it->message);
    }
  }
  pending.erase(request);
}

}  // namespace mtproto

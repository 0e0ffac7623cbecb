#include "server/connection/request_queue.hpp"

#include <algorithm>

namespace server {
namespace {

using State = ClientRequest::State;

// What is over, or on the pool, may not come in time: that is seen to elsewhere.
bool waits(const ClientRequest& request) {
  return request.state != State::finished && request.state != State::decoding &&
         request.state != State::encoding;
}

// When something is to be done about one that waits.
mtproto::Time due_at(const ClientRequest& request) {
  return request.state == State::sleeping ? std::min(request.deadline, request.wake)
                                          : request.deadline;
}

}  // namespace

ClientRequest& RequestQueue::add(mtproto::Time now) {
  const auto number = ++last_number_;
  auto& request = requests_.try_emplace(requests_.end(), number, meter_)->second;
  request.number = number;
  request.begun = now;
  request.deadline = mtproto::Time::max();
  return request;
}

// Of what asks Telegram nothing there is nothing to wait for.
ClientRequest& RequestQueue::add(Incoming&& object, mtproto::Duration timeout, mtproto::Time now) {
  auto& request = add(now);
  request.request = std::move(*object.request);
  request.arena = std::move(object.arena);
  request.share = std::move(object.share);
  request.large = object.large;
  if (request.request.message || request.request.signin) {
    set_deadline(request, now + request.request.timeout.value_or(timeout));
  }
  return request;
}

void RequestQueue::erase(const ClientRequest& request) {
  lift_barrier(request);
  requests_.erase(requests_.find(request.number));
}

ClientRequest* RequestQueue::find(Number number) {
  const auto found = requests_.find(number);
  return found == requests_.end() ? nullptr : &found->second;
}

ClientRequest* RequestQueue::first_of(std::string_view id, Number behind) {
  for (auto at = requests_.upper_bound(behind); at != requests_.end(); ++at) {
    if (at->second.request.id == id) return &at->second;
  }
  return nullptr;
}

ClientRequest* RequestQueue::next() {
  if (barrier_ != nullptr) return nullptr;
  for (auto at = requests_.upper_bound(given_); at != requests_.end(); ++at) {
    given_ = at->first;
    if (at->second.state == State::queued) return &at->second;
  }
  return nullptr;
}

void RequestQueue::set_deadline(ClientRequest& request, mtproto::Time at) {
  request.deadline = at;
  expect(at);
}

void RequestQueue::sleep(ClientRequest& request, mtproto::Time until) {
  request.state = State::sleeping;
  request.wake = until;
  expect(until);
}

std::vector<RequestQueue::Number> RequestQueue::due(mtproto::Time now) {
  std::vector<Number> out;
  if (!next_due_ || *next_due_ > now) return out;
  next_due_.reset();
  for (const auto& [number, request] : requests_) {
    if (!waits(request)) continue;
    if (due_at(request) <= now) out.push_back(number);
    // Who is woken has a deadline still; for whom that has come nothing more is awaited.
    const auto later = due_at(request) <= now ? request.deadline : due_at(request);
    if (later > now) expect(later);
  }
  return out;
}

void RequestQueue::expect(mtproto::Time at) {
  if (at == mtproto::Time::max()) return;
  next_due_ = std::min(next_due_.value_or(at), at);
}

}  // namespace server

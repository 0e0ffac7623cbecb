#include "tests/bench/load/crowd.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "tests/bench/cpu_clock.hpp"

namespace bench {
namespace {

constexpr auto patience = std::chrono::seconds(60);

timespec spec(std::chrono::nanoseconds time) {
  time = std::max(time, std::chrono::nanoseconds(0));
  return {time / std::chrono::seconds(1), (time % std::chrono::seconds(1)).count()};
}

}  // namespace

Crowd::Crowd(const Plan& plan)
    : plan_(plan),
      answered_([this](Client& client, Clock::time_point due) { answered(client, due); }),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      tls_(plan.tls ? SSL_CTX_new(TLS_client_method()) : nullptr, SSL_CTX_free) {}

Crowd::~Crowd() { close(epoll_); }

void Crowd::open() {
  const auto before = cpu_times();
  const auto begin = Clock::now();
  while (ready_ < plan_.connections) {
    while (clients_.size() < plan_.connections && clients_.size() - ready_ < plan_.opening) add();
    if (ready_ < clients_.size()) turn();
  }
  outcome_.opened = Clock::now() - begin;
  outcome_.used_opening = cpu_times_since(before);
}

void Crowd::add() {
  const std::size_t number = clients_.size();
  const std::string first = plan_.firsts.empty() ? "" : plan_.firsts[number % plan_.firsts.size()];
  clients_.push_back(std::make_unique<Client>(plan_.port, tls_.get(), plan_.framing, plan_.path,
                                              first, answered_));
  Client& client = *clients_.back();
  epoll_event event{EPOLLIN | EPOLLOUT | EPOLLET, {.ptr = &client}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, client.descriptor(), &event) != 0) {
    throw std::runtime_error("epoll takes no more");
  }
  if (client.ready()) ++ready_;
  // With 3 of 9, these are number 0, 3 and 6.
  if (number * plan_.active / plan_.connections !=
      (number + 1) * plan_.active / plan_.connections) {
    active_.push_back(&client);
  }
}

void Crowd::turn(std::optional<Clock::time_point> until) {
  std::array<epoll_event, 256> events;
  const timespec wait = spec(until ? *until - Clock::now() : Clock::duration(patience));
  const int count = epoll_pwait2(epoll_, events.data(), events.size(), &wait, nullptr);
  if (count == 0 && !until) throw std::runtime_error("no answer in a minute");
  for (int i = 0; i < count; ++i) {
    Client& client = *static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr);
    const bool was_ready = client.ready();
    client.receive();
    client.flush();
    if (!was_ready && client.ready()) ++ready_;
  }
  flush();
}

void Crowd::flush() {
  for (Client* client : unflushed_) client->flush();
  unflushed_.clear();
}

void Crowd::ask(Client& client, Clock::time_point due) {
  client.ask(plan_.message, due);
  if (unflushed_.empty() || unflushed_.back() != &client) unflushed_.push_back(&client);
}

void Crowd::answered(Client& client, Clock::time_point due) {
  const auto now = Clock::now();
  if (measuring_) outcome_.waits.push_back(static_cast<std::uint64_t>((now - due).count()));
  if (!asking_ || plan_.pace.count() > 0) return;
  if (plan_.rotate > 0) {
    ask(*active_[next_++ % active_.size()], now);
  } else {
    ask(client, now);
  }
}

void Crowd::start_asking() {
  asking_ = true;
  const auto now = Clock::now();
  if (plan_.pace.count() > 0) {
    const auto apart = plan_.pace / active_.size();
    for (std::size_t i = 0; i < active_.size(); ++i) due_.emplace_back(now + apart * i, active_[i]);
  } else if (plan_.rotate > 0) {
    for (; next_ < plan_.rotate; ++next_) ask(*active_[next_ % active_.size()], now);
  } else {
    for (Client* client : active_) {
      for (std::size_t i = 0; i < plan_.in_flight; ++i) ask(*client, now);
    }
  }
  flush();
}

void Crowd::ask_when_due(Clock::time_point now) {
  while (!due_.empty() && due_.front().first <= now) {
    const auto [due, client] = due_.front();
    due_.pop_front();
    ask(*client, due);
    due_.emplace_back(due + plan_.pace, client);
  }
  flush();
}

void Crowd::run_until(Clock::time_point end) {
  for (auto now = Clock::now(); now < end && outcome_.waits.size() < plan_.most;
       now = Clock::now()) {
    ask_when_due(now);
    turn(due_.empty() ? end : std::min(end, due_.front().first));
  }
}

void Crowd::run() {
  start_asking();
  run_until(Clock::now() + plan_.warm_up);
  measuring_ = true;
  outcome_.waits.reserve(1 << 22);
  const auto before = cpu_times();
  const auto begin = Clock::now();
  run_until(begin + plan_.length);
  outcome_.used = cpu_times_since(before);
  outcome_.took = Clock::now() - begin;
  measuring_ = asking_ = false;
  due_.clear();
  // What is still under way has to be answered, too.
  const auto busy = [](const Client* client) { return client->in_flight() > 0; };
  while (std::any_of(active_.begin(), active_.end(), busy)) turn();
  for (const auto& client : clients_) outcome_.updates += client->updates();
  if (outcome_.waits.empty()) throw std::runtime_error("nothing was answered");
  std::sort(outcome_.waits.begin(), outcome_.waits.end());
}

void Crowd::hold(int descriptor) {
  epoll_event event{EPOLLIN, {.ptr = nullptr}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  for (;;) {
    std::array<epoll_event, 256> events;
    const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      auto* client = static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (!client) return;
      client->receive();
      client->flush();
    }
  }
}

Crowd::Times Crowd::cpu_times() const {
  Times times;
  for (const pid_t pid : plan_.pids) times.push_back(CpuClock(pid).now());
  return times;
}

Crowd::Times Crowd::cpu_times_since(const Times& before) const {
  Times times = cpu_times();
  for (std::size_t i = 0; i < times.size(); ++i) times[i] -= before[i];
  return times;
}

}  // namespace bench

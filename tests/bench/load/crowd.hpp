// All clients of a run, on one thread: opens them, lets the active ones ask, measures.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "tests/bench/load/client.hpp"
#include "tests/bench/load/plan.hpp"

namespace bench {

class Crowd {
 public:
  explicit Crowd(const Plan& plan);
  ~Crowd();

  // All connections, each with its first object answered.
  void open();
  // Asks for as long as planned. Throws at anything that is not answered as it should be.
  void run();
  // Sits until `descriptor` has something to read.
  void hold(int descriptor);

  const Outcome& outcome() const { return outcome_; }

 private:
  void add();
  // Waits until something happens, at most until then.
  void turn(std::optional<Clock::time_point> until = {});
  void answered(Client& client, Clock::time_point due);
  void start_asking();
  void ask_when_due(Clock::time_point now);
  void ask(Client& client, Clock::time_point due);
  void flush();
  void run_until(Clock::time_point end);
  using Times = std::vector<std::chrono::nanoseconds>;
  Times cpu_times() const;
  Times cpu_times_since(const Times& before) const;

  const Plan& plan_;
  const Client::Answered answered_;
  int epoll_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> tls_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::size_t ready_ = 0;
  std::vector<Client*> active_, unflushed_;
  std::size_t next_ = 0;
  std::deque<std::pair<Clock::time_point, Client*>> due_;  // where there is a pace
  bool asking_ = false, measuring_ = false;
  Outcome outcome_;
};

}  // namespace bench

// One client: a connection with some requests in flight, each of which has to be answered under its
// own id, and well.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/load/framing.hpp"
#include "tests/bench/load/stream.hpp"

namespace bench {

using Clock = std::chrono::steady_clock;

class Client {
 public:
  // `answered` is told when the request was meant to be sent, for each answer that came.
  using Answered = std::function<void(Client&, Clock::time_point sent)>;

  // `path`: where posts go; of those one is in flight.
  Client(std::uint16_t port, SSL_CTX* tls, Framing framing, const std::string& path,
         const std::string& first, const Answered& answered);

  int descriptor() const { return stream_.descriptor(); }
  bool ready() const { return ready_; }  // its first line is answered
  std::size_t in_flight() const { return in_flight_; }
  std::uint64_t updates() const { return updates_; }

  // Queues a request, which counts from `due`.
  void ask(std::string_view message, Clock::time_point due);
  // All that there is to read, or that can be written. They throw where anything is not as it
  // should be.
  void receive();
  void flush();

 private:
  void take_objects();
  void take_reply(std::string_view reply);
  void take_response(std::string_view body);
  void answered(std::size_t slot);

  Stream stream_;
  Framing framing_;
  const std::string& path_;
  const Answered& answered_;
  bool greeted_, ready_;
  std::string in_, out_;
  std::vector<std::pair<std::uint64_t, Clock::time_point>> slots_;  // id, due
  std::vector<std::size_t> free_;
  std::uint64_t last_ = 1, updates_ = 0;
  std::size_t in_flight_ = 0;
};

}  // namespace bench

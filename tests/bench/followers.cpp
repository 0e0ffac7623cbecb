// Many who follow one stream of Server-Sent Events: followers PORT PATH COUNT. Prints how many are
// there, then of each event that all of them have how long after the first of them the p99 one and
// the last had it; ends with the standard input.
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/bench/load/stream.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

class Followers {
 public:
  Followers(std::uint16_t port, std::string path, std::size_t count)
      : port_(port), path_(std::move(path)), count_(count), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

  void run() {
    epoll_event input{EPOLLIN, {.ptr = nullptr}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, 0, &input);
    add();
    std::array<epoll_event, 256> events;
    for (;;) {
      const int got = epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < got; ++i) {
        auto* one = static_cast<Follower*>(events[static_cast<std::size_t>(i)].data.ptr);
        if (one == nullptr) return;
        receive(*one);
      }
    }
  }

 private:
  struct Follower {
    explicit Follower(std::uint16_t port) : stream(port, nullptr) {}
    bench::Stream stream;
    std::string in;
    bool open = false;
    std::int64_t id = 0;  // that came last
  };

  // One after another, so that no queue of the listener overflows.
  void add() {
    auto& one = *all_.emplace_back(std::make_unique<Follower>(port_));
    const auto request = "GET " + path_ + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    if (one.stream.write(request) != request.size()) throw std::runtime_error("a short write");
    epoll_event event{EPOLLIN, {.ptr = &one}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, one.stream.descriptor(), &event);
  }

  void receive(Follower& one) {
    static std::array<char, 65536> buffer;
    const auto size = one.stream.read(buffer);
    const auto now = Clock::now();
    one.in.append(buffer.data(), size);
    std::size_t done = 0;
    for (std::size_t end; (end = one.in.find('\n', done)) != std::string::npos; done = end + 1) {
      take(one, std::string_view(one.in).substr(done, end - done), now);
    }
    one.in.erase(0, done);
  }

  void take(Follower& one, std::string_view line, Clock::time_point now) {
    if (line.starts_with("HTTP/1.1 ") && !line.starts_with("HTTP/1.1 200 ")) {
      throw std::runtime_error("refused: " + std::string(line));
    }
    if (line.starts_with(": the newest update") && !std::exchange(one.open, true)) {
      if (++open_ < count_) return add();
      std::printf("{\"open\":%zu}\n", open_);
      std::fflush(stdout);
    }
    if (line.starts_with("id: ")) {
      std::from_chars(line.data() + 4, line.data() + line.size(), one.id);
    }
    if (line != "event: update") return;  // a place alone is no event
    auto& times = heard_[one.id];
    times.push_back(now);
    if (times.size() == count_) report(one.id, times);
  }

  void report(std::int64_t id, const std::vector<Clock::time_point>& times) {
    const auto after = [&](std::size_t i) { return Milliseconds(times[i] - times[0]).count(); };
    std::printf("{\"id\":%lld,\"p99_ms\":%.3f,\"last_ms\":%.3f}\n", static_cast<long long>(id),
                after((count_ - 1) * 99 / 100), after(count_ - 1));
    std::fflush(stdout);
    heard_.erase(id);
  }

  const std::uint16_t port_;
  const std::string path_;
  const std::size_t count_;
  const int epoll_;
  std::size_t open_ = 0;
  std::vector<std::unique_ptr<Follower>> all_;
  std::map<std::int64_t, std::vector<Clock::time_point>> heard_;  // when, by the event's number
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("followers PORT PATH COUNT\n", stderr);
    return 2;
  }
  try {
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    Followers(port, argv[2], static_cast<std::size_t>(std::atol(argv[3]))).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "followers: %s\n", error.what());
    return 1;
  }
}

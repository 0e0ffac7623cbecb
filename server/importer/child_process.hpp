// Another program, run once: it reads what it is given, writes its answer and ends. No shell is
// between, its environment is empty, and of our descriptors it has none but its input and output;
// what it says on stderr is nobody's. It is reaped in any case: kill() and the destructor end it.
#pragma once

#include <sys/types.h>

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace server::importer {

class ChildProcess : public std::enable_shared_from_this<ChildProcess> {
 public:
  struct Bounds {
    std::size_t output;  // in bytes
    std::chrono::milliseconds time;
  };
  enum class End : std::uint8_t { exited, crashed, too_late, too_much_output };
  struct Result {
    End end = End::exited;
    int status = 0;      // where it exited
    std::string output;  // may be secret
  };
  using Done = std::function<void(Result)>;

  ChildProcess(const boost::asio::any_io_executor&, Bounds);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Once. Zero, or why it could not be started (errno). `done` is called on the executor once the
  // program was reaped; `input` is wiped.
  int start(const std::string& program, const std::vector<std::string>& arguments,
            std::string input, Done done);
  void kill();

 private:
  void write();
  void read();
  void end_early(End why);
  void reap();
  void finish(int wait_status);

  Bounds bounds_;
  boost::asio::posix::stream_descriptor in_;  // its standard input
  boost::asio::posix::stream_descriptor out_;
  boost::asio::steady_timer too_late_;
  boost::asio::steady_timer look_again_;
  pid_t id_ = 0;  // 0: there is none, or no more
  std::string input_;
  std::array<char, 4096> piece_{};
  Result result_;
  bool reaping_ = false;
  Done done_;
};

}  // namespace server::importer

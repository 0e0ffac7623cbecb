#include "server/importer/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

#include "mtproto/crypto/secret.hpp"

namespace server::importer {
namespace {

using boost::system::error_code;

constexpr auto reap_every = std::chrono::milliseconds(2);

void wipe(std::string& text) {
  mtproto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
}

// What the program gets of this process: nothing but two ends of pipes.
class SpawnSetup {
 public:
  SpawnSetup(int input, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSetup() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  int spawn(pid_t& id, const std::string& program, const std::vector<std::string>& arguments) {
    std::vector<char*> all{const_cast<char*>(program.c_str())};
    for (const auto& argument : arguments) all.push_back(const_cast<char*>(argument.c_str()));
    all.push_back(nullptr);
    char* no_environment[] = {nullptr};
    return posix_spawn(&id, program.c_str(), &actions_, &attributes_, all.data(), no_environment);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// Closed with it.
struct Pipe {
  Pipe() { made = ::pipe2(ends, O_CLOEXEC) == 0; }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int take(int which) { return std::exchange(ends[which], -1); }

  int ends[2] = {-1, -1};
  bool made = false;
};

// The pipe keeps an end that the event loop has no room for. Gives why, or 0.
int hand_over(Pipe& pipe, int which, boost::asio::posix::stream_descriptor& to) {
  error_code failed;
  to.assign(pipe.ends[which], failed);
  if (!failed) pipe.take(which);
  return failed.value();
}

}  // namespace

ChildProcess::ChildProcess(const boost::asio::any_io_executor& executor, Bounds bounds)
    : bounds_(bounds), in_(executor), out_(executor), too_late_(executor), look_again_(executor) {}

ChildProcess::~ChildProcess() {
  if (id_ > 0) {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  wipe(input_);
  wipe(result_.output);
  mtproto::wipe({reinterpret_cast<std::uint8_t*>(piece_.data()), piece_.size()});
}

int ChildProcess::start(const std::string& program, const std::vector<std::string>& arguments,
                        std::string input, Done done) {
  input_ = std::move(input);
  Pipe to;
  Pipe from;
  if (!to.made || !from.made) return errno;
  if (const int why = hand_over(to, 1, in_); why != 0) return why;
  if (const int why = hand_over(from, 0, out_); why != 0) return why;
  SpawnSetup setup(to.ends[0], from.ends[1]);
  if (const int why = setup.spawn(id_, program, arguments); why != 0) {
    id_ = 0;
    return why;
  }
  done_ = std::move(done);
  result_.output.reserve(bounds_.output + piece_.size());  // so that no piece is left behind
  too_late_.expires_after(bounds_.time);
  too_late_.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled) self->end_early(End::too_late);
  });
  write();
  read();
  return 0;
}

// A program that reads no more has its reasons; what it says counts.
void ChildProcess::write() {
  boost::asio::async_write(in_, boost::asio::buffer(input_),
                           [self = shared_from_this()](const error_code&, std::size_t) {
                             wipe(self->input_);
                             error_code ignored;
                             self->in_.close(ignored);
                           });
}

void ChildProcess::read() {
  out_.async_read_some(boost::asio::buffer(piece_),
                       [self = shared_from_this()](const error_code& over, std::size_t size) {
                         if (self->reaping_) return;
                         if (over) return self->reap();
                         self->result_.output.append(self->piece_.data(), size);
                         if (self->result_.output.size() > self->bounds_.output) {
                           return self->end_early(End::too_much_output);
                         }
                         self->read();
                       });
}

void ChildProcess::kill() { end_early(End::crashed); }

void ChildProcess::end_early(End why) {
  if (id_ <= 0) return;
  result_.end = why;
  ::kill(id_, SIGKILL);
  if (!reaping_) reap();
}

// It has closed its output or was killed, so that it is about to end.
void ChildProcess::reap() {
  reaping_ = true;
  int status = 0;
  const auto ended = ::waitpid(id_, &status, WNOHANG);
  if (ended == id_ || (ended < 0 && errno != EINTR)) return finish(status);
  look_again_.expires_after(reap_every);
  look_again_.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled) self->reap();
  });
}

void ChildProcess::finish(int wait_status) {
  id_ = 0;
  error_code ignored;
  in_.close(ignored);
  out_.close(ignored);
  too_late_.cancel();
  if (WIFEXITED(wait_status)) {
    result_.status = WEXITSTATUS(wait_status);
  } else if (result_.end == End::exited) {
    result_.end = End::crashed;
  }
  if (const auto done = std::exchange(done_, nullptr)) done(std::move(result_));
}

}  // namespace server::importer

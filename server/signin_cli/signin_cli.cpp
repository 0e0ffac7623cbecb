// signin-cli: a person's way to a session line. The dialogue is dialogue.hpp, the socket
// socket.hpp; here is the terminal.
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "server/access/token_file.hpp"
#include "server/config/values.hpp"
#include "server/logs/terminal_text.hpp"
#include "server/signin_cli/confine.hpp"
#include "server/signin_cli/dialogue.hpp"
#include "server/signin_cli/import.hpp"
#include "server/signin_cli/import_given.hpp"
#include "server/signin_cli/options.hpp"
#include "server/signin_cli/socket.hpp"

namespace {

// What the terminal was like, for the signal that comes while a password is typed.
termios terminal_before;

void restore_and_die(int signal) {
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
  _exit(128 + signal);
}

// No echo while it lives.
class HiddenTyping {
 public:
  HiddenTyping() {
    if (tcgetattr(STDIN_FILENO, &terminal_before) != 0) return;
    for (const int signal : signals) std::signal(signal, restore_and_die);
    auto hidden = terminal_before;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  ~HiddenTyping() {
    if (!hidden_) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal_before);
    for (const int signal : signals) std::signal(signal, SIG_DFL);
    std::fputc('\n', stderr);
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

 private:
  static constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  bool hidden_ = false;
};

class Terminal final : public server::Console {
 public:
  void say(const std::string& text) override {
    std::fprintf(stderr, "%s\n", server::logs::escaped_lines(text).c_str());
  }

  std::optional<std::string> ask(const std::string& prompt, bool hidden) override {
    std::fputs(server::logs::escaped_lines(prompt).c_str(), stderr);
    std::optional<HiddenTyping> hiding;
    if (hidden && isatty(STDIN_FILENO) != 0) hiding.emplace();
    auto line = read_line();
    hiding.reset();
    if (isatty(STDIN_FILENO) == 0) std::fputc('\n', stderr);
    return line;
  }

 private:
  // Byte by byte: no buffer keeps what was typed.
  static std::optional<std::string> read_line() {
    constexpr std::size_t most = std::size_t{16} << 10;  // of a reCAPTCHA's token
    std::string line;
    line.reserve(256);
    for (;;) {
      char c = 0;
      const auto count = ::read(STDIN_FILENO, &c, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0 && line.empty()) return std::nullopt;
      if (count <= 0 || c == '\n') break;
      if (line.size() < most) line += c;
    }
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
};

void blank(char* text) {
  const auto size = std::strlen(text);
  std::memset(text, 0, size);
  if (size > 0) *text = '*';
}

// A password among the arguments is seen by everybody on the machine; no longer than needed.
void blank_password(int argc, char** argv) {
  constexpr std::string_view name = "--password";
  constexpr std::string_view joined = "--password=";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (argument == name && i + 1 < argc) blank(argv[++i]);
    if (argument.starts_with(joined)) blank(argv[i] + joined.size());
  }
}

int fail(const std::string& why) {
  std::fprintf(stderr, "signin-cli: %s\n", server::logs::escaped_lines(why).c_str());
  return 1;
}

server::CliOutcome import_it(const server::CliOptions& options) {
  Terminal terminal;
  return server::import_session(*options.import, terminal, options.json);
}

// Grows in steps that are wiped; none where there is more than `most`.
std::optional<mtproto::SecretBytes> read_all_of_stdin(std::size_t most) {
  mtproto::SecretBytes room(std::size_t{1} << 16);
  std::size_t size = 0;
  for (;;) {
    if (size == room.size()) {
      if (size > most) return std::nullopt;
      mtproto::SecretBytes larger(2 * size);
      std::memcpy(larger.bytes().data(), room.bytes().data(), size);
      room = std::move(larger);
    }
    const auto count = ::read(STDIN_FILENO, room.bytes().data() + size, room.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > most) return std::nullopt;
  return mtproto::SecretBytes(std::as_const(room).bytes().first(size));
}

int import_from_stdin() {
  server::confine();
  const auto request = read_all_of_stdin(server::longest_given);
  auto answer =
      request ? server::import_given(tl::as_text(request->bytes())) : server::too_much_given();
  const bool written = std::puts(answer.object.c_str()) >= 0 && std::fflush(stdout) == 0;
  server::wipe_text(answer.object);
  return written && answer.found ? 0 : 1;
}

server::CliOutcome sign_in(server::CliOptions& options) {
  if (options.token_file) {
    auto token = server::access::read_own_token(*options.token_file);
    if (!token) return {"", "--token-file: " + token.error()};
    options.token = std::move(*token);
  }
  if (!options.tls && !options.unix_path && !server::config::is_loopback_name(options.host)) {
    std::fprintf(stderr, "signin-cli: nothing is encrypted on the way to %s; --tls would do that\n",
                 options.host.c_str());
  }
  server::CliSocket socket(options);
  if (!socket.error().empty()) return {"", socket.error()};
  Terminal terminal;
  return server::sign_in(options, terminal, socket);
}

int run(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const rlimit none{};
  setrlimit(RLIMIT_CORE, &none);
  auto reading = server::read_cli_options(server::config::own_sources(argc, argv));
  blank_password(argc, argv);
  server::config::print(reading);
  if (!reading.options) return reading.status;

  auto& options = *reading.options;
  if (options.import == "-") return import_from_stdin();
  auto outcome = options.import ? import_it(options) : sign_in(options);
  if (outcome.session_line.empty()) return fail(outcome.error);
  const bool written = std::puts(outcome.session_line.c_str()) >= 0 && std::fflush(stdout) == 0;
  return written ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}

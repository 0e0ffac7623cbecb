#include "server/process/token_command.hpp"

#include <array>

#include "mtproto/crypto/system_random.hpp"
#include "server/access/token_file.hpp"
#include "tl/hex.hpp"

namespace server {
namespace {

constexpr const char* usage =
    "Usage: streamjson token new NAME [read-only] [methods=PATTERN,!PATTERN]\n"
    "         [accounts=NAME,NAME*] [export] [admin] >> FILE\n\n"
    "Makes a token. Its line for --token-file, which holds its digest, goes to stdout; the token\n"
    "itself is shown once, on stderr. NAME is what the log calls its owner. A token without more\n"
    "allows everything with the sessions that its clients bring, and nothing with named accounts.\n"
    "read-only allows methods that change nothing, methods= those that fit one of its patterns "
    "and\n"
    "none behind a !, such as methods=messages.*,!messages.delete*. accounts= allows the named\n"
    "accounts that fit; export gives their sessions out, admin changes and removes them.\n";

config::Printed refusal(const std::string& what) {
  return {2, "", "streamjson token: " + what + "\n"};
}

// 256 bits, in letters that need no quotes anywhere.
std::string make_token(tl::Random& random) {
  std::array<std::uint8_t, 32> bytes{};
  random.fill(bytes);
  return tl::to_hex(bytes);
}

}  // namespace

std::optional<config::Printed> token_command(const std::vector<std::string>& arguments,
                                             tl::Random& random) {
  if (arguments.empty() || arguments[0] != "token") return std::nullopt;
  const bool wants_help = arguments.size() == 1 || arguments[1] == "--help" || arguments[1] == "-h";
  if (wants_help) return config::Printed{0, usage, ""};
  if (arguments[1] != "new") return refusal("there is `token new`, and no `" + arguments[1] + "`");
  if (arguments.size() < 3) return refusal("a name is due: streamjson token new NAME");
  const auto token = make_token(random);
  config::Printed out;
  const std::vector<std::string> words(arguments.begin() + 3, arguments.end());
  const auto wrong = access::write_token_line(arguments[2], token, words, out.out);
  if (!wrong.empty()) return refusal(wrong);
  out.err = "The token of " + arguments[2] + ", which is kept nowhere:\n" + token + "\n";
  return out;
}

std::optional<config::Printed> token_command(const std::vector<std::string>& arguments) {
  mtproto::SystemRandom random;
  return token_command(arguments, random);
}

}  // namespace server

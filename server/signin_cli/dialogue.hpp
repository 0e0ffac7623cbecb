// What signin-cli does: asks a person, tells the gateway (`signin`), until there is a session.
// It sees neither terminal nor socket, only these two faces.
#pragma once

#include <optional>
#include <string>

#include "server/signin_cli/options.hpp"

namespace server {

class Console {
 public:
  virtual ~Console() = default;
  virtual void say(const std::string& text) = 0;
  // A line without its end; none where there is no more. `hidden`: not to be seen as it is typed.
  virtual std::optional<std::string> ask(const std::string& prompt, bool hidden) = 0;
};

class LineServer {
 public:
  virtual ~LineServer() = default;
  // `line` without its end; false where the connection is lost.
  virtual bool send(const std::string& line) = 0;
  virtual std::optional<std::string> receive() = 0;
};

struct CliOutcome {
  std::string session_line;  // {"id": 1, "session": {…}}; empty: it did not work out
  std::string error;         // then, why
};

CliOutcome sign_in(const CliOptions&, Console&, LineServer&);

}  // namespace server

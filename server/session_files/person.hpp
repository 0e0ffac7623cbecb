// Who is asked for what no file says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mtproto/crypto/secret.hpp"

namespace server::session_files {

class Person {
 public:
  virtual ~Person() = default;
  // A passcode, hidden as it is typed; none where there is no more to be had.
  virtual std::optional<mtproto::SecretBytes> secret(const std::string& prompt) = 0;
  // Which of at least two; none where there is no answer.
  virtual std::optional<std::size_t> choice(const std::string& question,
                                            const std::vector<std::string>& of) = 0;
  virtual void say(const std::string& sentence) = 0;
};

// How often a passcode may be wrong.
inline constexpr int most_passcodes = 3;

}  // namespace server::session_files

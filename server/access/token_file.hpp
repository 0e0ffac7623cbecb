// Who may use this gateway, and for what: a file of lines
//
//   name:token [read-only] [methods=messages.*,!messages.delete*] [accounts=ada,team-*] [export] [admin]
//
// where # begins a comment, and sha256=HEX may stand for a token. Of the tokens only digests are
// kept; of the names, what the log calls their owners.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtproto/crypto/secret.hpp"
#include "mtproto/crypto/sha.hpp"
#include "server/protocol/token_scope.hpp"
#include "tl/result.hpp"

namespace server::access {

// Whose token it is, and what it allows.
struct TokenOwner {
  std::string name;
  std::shared_ptr<const TokenScope> scope;  // none: nobody wanted a token, and all is allowed
};

class Tokens {
 public:
  // A sentence names the file and the line, never the token.
  static tl::Result<std::shared_ptr<const Tokens>, std::string> load(const std::string& path);

  // Takes as long whether it is the first, the last or none.
  std::optional<TokenOwner> owner_of(std::string_view token) const;
  // What is odd about them, given all methods there are: for the operator.
  std::vector<std::string> warnings(const std::vector<std::string_view>& methods) const;
  std::size_t count() const { return all_.size(); }

 private:
  struct Entry {
    TokenOwner owner;
    mtproto::Sha256 digest;
  };

  // Empty, or what is wrong with the line.
  std::string add(std::string_view line);

  std::vector<Entry> all_;
};

// Appends a line for such a file, with the digest of `token` in its place. Empty, or what is wrong.
std::string write_token_line(std::string_view name, std::string_view token,
                             const std::vector<std::string>& words, std::string& out);

// The one token of a client's own file: `name:token`, or the token alone.
tl::Result<mtproto::SecretBytes, std::string> read_own_token(const std::string& path);

}  // namespace server::access

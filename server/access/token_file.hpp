// Who may use this gateway: a file of lines `name:token`, where # begins a comment. Of the tokens
// only digests are kept; of the names, what the log calls their owners.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtproto/crypto/secret.hpp"
#include "mtproto/crypto/sha.hpp"
#include "tl/result.hpp"

namespace server::access {

class Tokens {
 public:
  // A sentence names the file and the line, never the token.
  static tl::Result<std::shared_ptr<const Tokens>, std::string> load(const std::string& path);

  // Takes as long whether it is the first, the last or none.
  std::optional<std::string> name_of(std::string_view token) const;
  std::size_t count() const { return all_.size(); }

 private:
  struct Entry {
    std::string name;
    mtproto::Sha256 digest;
  };

  // Empty, or what is wrong with it.
  std::string add(std::string_view name, std::string_view token);

  std::vector<Entry> all_;
};

// The one token of a client's own file: `name:token`, or the token alone.
tl::Result<mtproto::SecretBytes, std::string> read_own_token(const std::string& path);

}  // namespace server::access

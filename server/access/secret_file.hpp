// A file that holds secrets: read only where nobody but its owner may read it.
#pragma once

#include <string>

#include "mtproto/crypto/secret.hpp"
#include "tl/result.hpp"

namespace server::access {

inline constexpr std::size_t longest_secret_file = std::size_t{1} << 20;

// Its bytes, or a sentence that begins with its name.
tl::Result<mtproto::SecretBytes, std::string> read_secret_file(const std::string& path);

// Whether everybody on the machine may read it.
bool anybody_may_read(const std::string& path);

}  // namespace server::access

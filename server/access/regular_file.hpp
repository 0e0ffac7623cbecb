// A file read whole into memory that is wiped. What is no regular file, is too long or changes
// meanwhile is refused; a pipe is never waited for.
#pragma once

#include <sys/stat.h>

#include <functional>
#include <optional>
#include <string>

#include "mtproto/crypto/secret.hpp"
#include "tl/result.hpp"

namespace server::access {

// Why a file is not to be read, by what the system says of it; none: it may be.
using FileCheck = std::function<std::optional<std::string>(const struct stat&)>;

// Of at most `most` bytes. The error is a sentence that begins with its name.
tl::Result<mtproto::SecretBytes, std::string> read_regular_file(const std::string& path,
                                                                std::size_t most,
                                                                const FileCheck& check = {});

}  // namespace server::access

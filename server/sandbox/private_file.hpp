// Files that only their owner may read: the sandbox's RSA key and its state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace server::sandbox {

// None where there is no such file. Throws std::runtime_error where it can't be read.
std::optional<std::string> read_private_file(const std::string& path);

// Written whole beside it, mode 0600, then renamed: there is never half a file. Throws
// std::runtime_error.
void write_private_file(const std::string& path, std::string_view text, unsigned mode = 0600);

}  // namespace server::sandbox

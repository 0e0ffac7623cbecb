// Tokens of which a test knows one.
#pragma once

#include <memory>
#include <stdexcept>
#include <string_view>

#include "server/access/token_file.hpp"
#include "tests/server/access/temporary_file.hpp"

namespace support {

inline constexpr std::string_view the_token = "a-token-for-the-tests";

inline std::shared_ptr<const server::access::Tokens> one_token() {
  const server::test::TemporaryFile file("alice:" + std::string(the_token) + "\n");
  const auto tokens = server::access::Tokens::load(file.name());
  if (!tokens) throw std::runtime_error(tokens.error());
  return *tokens;
}

}  // namespace support

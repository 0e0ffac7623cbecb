// What a client's token allows, as nodes tell each other: the words of its line.
#pragma once

#include <memory>
#include <string>

#include "server/protocol/token_scope.hpp"
#include "tl/value.hpp"

namespace server {

// Appends "scope":["read-only"], or null: everything.
void write_scope(const TokenScope* scope, std::string& out);
// False where they are none.
bool read_scope(const tl::Value& words, std::shared_ptr<const TokenScope>& to);

}  // namespace server

// A host as people write it and as it is kept: an IPv6 address stands in brackets where a port may
// follow, and nowhere else (RFC 3986 §3.2.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/upstream/telegram.hpp"

namespace server::upstream {

// "[::1]" is "::1", a name or an address without brackets itself; none where it is empty or the
// brackets hold no IPv6 address.
std::optional<std::string> bare_host(std::string_view text);

// "example.org:443", "[::1]:443"
std::string host_and_port(const Address&);

}  // namespace server::upstream

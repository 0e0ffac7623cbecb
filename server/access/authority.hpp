// HOST[:PORT] and SCHEME://HOST[:PORT] as they stand in the headers Host and Origin and in
// --allow-host and --allow-origin, in one form, so that they can be compared as texts. RFC 3986
// section 3.2, RFC 6454 section 4, without anything that could be read in two ways.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace server::access {

struct Authority {
  std::string host;  // lower case, no dot at the end; an IPv6 address in brackets, shortest form
  std::optional<std::uint16_t> port;

  bool operator==(const Authority&) const = default;
};

// None for what is neither a name, nor four decimal numbers, nor an IPv6 address in brackets: no
// user, no path, no blanks, no 0x7f.1 or 127.1, which browsers take for 127.0.0.1.
std::optional<Authority> parse_authority(std::string_view text);
// `::1` and `::1:PORT`, as programs write it that put a colon between any host and its port. (As
// RFC 3986 has it the second one is another address; no browser sends either.)
std::optional<Authority> parse_bare_loopback(std::string_view text);
std::string to_string(const Authority&);

// As --host takes it: an IPv6 address has no brackets there.
std::optional<Authority> authority_of_host(std::string_view host);

// localhost, *.localhost, 127.x.y.z, [::1]: names that no foreign DNS has a say in.
bool names_loopback(const Authority&);

// Lower case, without the port where it is the scheme's own. None for "null", for lists, for what
// has no host (file://) or more than a host and a port.
std::optional<std::string> normal_origin(std::string_view text);
// The same of the header as programs send it, who may add a path: that does not count.
std::optional<std::string> sent_origin(std::string_view text);
// What a browser calls a page that `authority` served.
std::string origin_of(const Authority& authority, bool tls);

}  // namespace server::access

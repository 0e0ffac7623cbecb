// What people write for a number of bytes, a time, a port, an address: text → value, or none where
// it is something else.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace server::config {

// 4096, 64K, 16M, 1G, 16MiB: multiples of 1024.
std::optional<std::size_t> parse_size(std::string_view text);
// Seconds with or without a fraction, or with a unit: 10, 0.5, 500ms, 10s, 2m. At least 1 ms.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::optional<std::uint16_t> parse_port(std::string_view text);
// true, yes, on, 1 and their opposites.
std::optional<bool> parse_bool(std::string_view text);

struct HostPort {
  std::string host;  // without brackets
  std::uint16_t port = 0;
};
// example.org:443, 127.0.0.1:443, [::1]:443; a port above 0.
std::optional<HostPort> parse_host_port(std::string_view text);

// localhost, 127.…, ::1
bool is_loopback_name(std::string_view host);

}  // namespace server::config

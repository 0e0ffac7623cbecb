// A place inside a value, as a chain of frames on the stack: costs nothing until somebody asks
// for its JSON pointer (RFC 6901).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tl {

struct Place {
  const Place* up = nullptr;  // none: the root, which has no name
  std::string_view key;
  std::size_t index = 0;
  bool is_index = false;
  int depth = 0;

  Place() = default;
  Place(const Place& above, std::string_view name)
      : up(&above), key(name), depth(above.depth + 1) {}
  Place(const Place& above, std::size_t item)
      : up(&above), index(item), is_index(true), depth(above.depth + 1) {}

  std::string pointer() const;
};

// `name` as a token of a JSON pointer: `~` is `~0`, `/` is `~1`. A name from outside may be megabytes
// long: of such a one its beginning stands there, and `…`; max_token bytes at most.
inline constexpr std::size_t max_token = 200;
void append_pointer_token(std::string_view name, std::string& out);

}  // namespace tl

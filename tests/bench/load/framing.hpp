// How objects lie in a stream: a line each, a WebSocket's text message each, or the body of an HTTP
// request each, answered by a response.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

enum class Framing { lines, web_socket, posts };

// What a client has to say before its first object.
std::string greeting(Framing framing);

// `path`: where posts go.
void put(Framing framing, std::string& out, std::string_view object, std::string_view path = {});

struct Taken {
  std::string_view object;
  std::size_t size;  // with what was around it
};

// The first object of what came, if it is whole. Throws at what is none.
std::optional<Taken> take(Framing framing, std::string_view in);

// The answer to the greeting; its size, 0 where it is not whole.
std::size_t greeted(Framing framing, std::string_view in);

}  // namespace bench

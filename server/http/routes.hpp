// Which path leads where, and what is asked of who goes there.
#pragma once

#include <string>
#include <string_view>

namespace server::http {

class HttpChannel;

enum class Access : std::uint8_t {
  open,          // to everybody: it says nothing that is not public
  token,         // one is wanted, where the gateway wants any
  first_object,  // in the header or in the first object
};

struct Route {
  std::string_view path;     // `/*`: one part of it, whatever that is
  std::string_view methods;  // as Allow has them
  Access access;
  bool any_host;  // a probe asks by whatever address it knows
  void (HttpChannel::*serve)();
  std::string_view example{};  // of what is posted there, for who comes with GET
  bool calls = false;          // Telegram is asked: no link of another site leads here

  bool is_file() const { return path.empty(); }
};

// Whether it is among those, which are as Allow has them.
bool allows(std::string_view methods, std::string_view method);

// Every path leads somewhere: those without a route of their own to the console's files. A slash
// behind a route's path changes nothing.
const Route& find_route(std::string_view path);

}  // namespace server::http

#include "server/connection/connection_event.hpp"

#include <array>
#include <string_view>

#include "tl/json_text.hpp"

namespace server {

void write_connection(int dc, const account::DcChange& change, std::string& out) {
  static constexpr std::array<std::string_view, 5> names{"connecting", "key_exchange", "ready",
                                                         "waiting", "failed"};
  out += "{\"dc\":" + std::to_string(dc) + ",\"state\":\"";
  out.append(names[static_cast<std::size_t>(change.state)]).append("\"");
  if (const auto& failure = change.failure) {
    if (failure->retry_in) {
      const auto ms = failure->retry_in->count() / 1000;
      out += ",\"retry_in\":" + std::to_string(ms / 1000) + "." +
             std::to_string(1000 + ms % 1000).substr(1);
    }
    out += ",\"reason\":";
    tl::write_json_string(failure->reason, out);
  }
  out += '}';
}

void write_connection_event(int dc, const account::DcChange& change, std::string& out) {
  out += "{\"id\":0,\"connection\":";
  write_connection(dc, change, out);
  out += '}';
}

}  // namespace server

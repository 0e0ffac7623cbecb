// stats.*: one data centre keeps the statistics of all, and the others send there.
// core.telegram.org/api/stats
#include <map>
#include <string>

#include "server/sandbox/methods/call.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::int32_t a_day = 86'400;

// How many messages the caller got and sent, day by day, as Telegram's charts have it.
std::string messages_graph(const UserInbox& box) {
  std::map<std::int32_t, std::size_t> days;
  for (const auto& message : box.messages()) {
    if (message.post) ++days[message.post->date / a_day];
  }
  std::string dates = "[\"x\"", counts = "[\"y0\"";
  for (const auto& [day, count] : days) {
    dates += "," + std::to_string(std::int64_t{day} * a_day * 1000);
    counts += "," + std::to_string(count);
  }
  return R"({"columns":[)" + dates + "]," + counts +
         R"(]],"types":{"x":"x","y0":"line"},"names":{"y0":"Messages"},"colors":{}})";
}

Answer load_async_graph(Call& call) {
  if (call.key.dc != stats_centre) {
    return RpcError{303, "STATS_MIGRATE_" + std::to_string(stats_centre)};
  }
  if (call.text("token") != "messages") return bad_request("GRAPH_INVALID_RELOAD");
  const auto json =
      call.make.object("dataJSON", {{"data", call.make.string(messages_graph(call.box()))}});
  return call.make.object("statsGraph", {{"json", json}});
}

}  // namespace

std::span<const Method> stats_methods() {
  static constexpr Method methods[] = {
      {"stats.loadAsyncGraph", Needs::somebody, load_async_graph},
  };
  return methods;
}

}  // namespace server::sandbox

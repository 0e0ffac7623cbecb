#include "server/http/routes.hpp"

#include "server/http/http_channel.hpp"

namespace server::http {
namespace {

using Http = HttpChannel;

constexpr std::string_view get = "GET, HEAD";
constexpr std::string_view post = "POST";

// clang-format off
constexpr Route routes[] = {
    {"/ws",          get,  Access::first_object, false, &Http::begin_websocket},
    {"/json",        post, Access::first_object, false, &Http::begin_post},
    {"/scheme.json", get,  Access::token,        false, &Http::serve_scheme_json},
    {"/scheme.tl",   get,  Access::token,        false, &Http::serve_scheme_tl},
    {"/types.d.ts",  get,  Access::token,        false, &Http::serve_types},
    {"/metrics",     get,  Access::token,        false, &Http::serve_metrics},
    {"/livez",       get,  Access::open,         true,  &Http::serve_alive},
    {"/readyz",      get,  Access::open,         true,  &Http::serve_ready},
    {"/healthz",     get,  Access::open,         true,  &Http::serve_ready},
};
constexpr Route files =
    {"",             get,  Access::open,         false, &Http::serve_file};
// clang-format on

}  // namespace

bool Route::allows(std::string_view method) const {
  return methods == post ? method == "POST" : method == "GET" || method == "HEAD";
}

const Route& find_route(std::string_view path) {
  for (const auto& route : routes) {
    if (route.path == path) return route;
  }
  return files;
}

}  // namespace server::http

#include "server/http/routes.hpp"

#include <algorithm>

#include "server/http/http_channel.hpp"

namespace server::http {
namespace {

using Http = HttpChannel;

// OPTIONS is answered for all of them.
constexpr std::string_view get = "GET, HEAD, OPTIONS";
constexpr std::string_view post = "POST, OPTIONS";
constexpr std::string_view upgrade = "GET, OPTIONS";
constexpr std::string_view all = "GET, HEAD, POST, OPTIONS";
constexpr std::string_view stream = "GET, OPTIONS";
constexpr std::string_view webhook = "GET, HEAD, PUT, DELETE, OPTIONS";
constexpr std::string_view account = "GET, HEAD, PATCH, DELETE, OPTIONS";

// clang-format off
constexpr Route routes[] = {
    {"/ws",           upgrade, Access::first_object, false, &Http::begin_websocket},
    {"/json",         post,    Access::first_object, false, &Http::begin_post,
                     R"({"message":{"_cons":"help.getNearestDc"}})"},
    {"/api/v1",       get,     Access::token,        false, &Http::serve_accounts, {}, true},
    {"/api/v1/*",     account, Access::token,        false, &Http::begin_api_account, {}, true},
    {"/api/v1/*/events",  stream, Access::token,     false, &Http::begin_events, {}, true},
    {"/api/v1/*/updates", stream, Access::token,     false, &Http::begin_events, {}, true},
    {"/api/v1/*/webhooks",   get,     Access::token, false, &Http::begin_webhooks, {}, true},
    {"/api/v1/*/webhooks/*", webhook, Access::token, false, &Http::begin_webhooks, {}, true},
    {"/api/v1/*/*",   all,     Access::token,        false, &Http::begin_api, {}, true},
    {"/import",       post,    Access::token,        false, &Http::begin_import},
    {"/scheme.json",  get,     Access::token,        false, &Http::serve_scheme_json},
    {"/scheme.tl",    get,     Access::token,        false, &Http::serve_scheme_tl},
    {"/types.d.ts",   get,     Access::token,        false, &Http::serve_types},
    {"/openapi.json", get,     Access::token,        false, &Http::serve_openapi},
    {"/metrics",      get,     Access::token,        false, &Http::serve_metrics},
    {"/livez",        get,     Access::open,         true,  &Http::serve_alive},
    {"/readyz",       get,     Access::open,         true,  &Http::serve_ready},
    {"/healthz",      get,     Access::open,         true,  &Http::serve_ready},
    {"*",             all,     Access::open,         false, &Http::serve_file},
};
constexpr Route files =
    {"",              get,     Access::open,         false, &Http::serve_file};
// clang-format on

// One part of a path, off the front of it.
std::string_view take_part(std::string_view& path) {
  const auto end = std::min(path.find('/', 1), path.size());
  const auto part = path.substr(0, end);
  path.remove_prefix(end);
  return part;
}

bool fits(std::string_view route, std::string_view path) {
  while (!route.empty() && !path.empty()) {
    const auto due = take_part(route), part = take_part(path);
    if (due == "/*" ? part.size() < 2 : part != due) return false;
  }
  return route.empty() && path.empty();
}

}  // namespace

bool allows(std::string_view methods, std::string_view method) {
  for (auto rest = methods; !rest.empty();) {
    const auto end = std::min(rest.find(", "), rest.size());
    if (rest.substr(0, end) == method) return true;
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return false;
}

const Route& find_route(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  for (const auto& route : routes) {
    if (fits(route.path, path)) return route;
  }
  return files;
}

}  // namespace server::http

#include "server/config/read_options.hpp"

#include <algorithm>

#include "server/access/secret_file.hpp"
#include "server/config/complete.hpp"
#include "server/config/credential_files.hpp"
#include "server/config/gateway_table.hpp"
#include "server/upstream/proxy/proxy.hpp"

namespace server::config {

namespace {

bool has_secret(std::string_view proxy) {
  const auto read = upstream::read_proxy(proxy);
  return read && (read->kind == upstream::Proxy::Kind::mtproxy || !read->password.empty());
}

// Of a PostgreSQL's URL: user:password@, or ?password=.
bool has_password(std::string_view url) {
  const auto authority = url.substr(std::min(url.find("://"), url.size()));
  const auto at = authority.find('@');
  return (at != authority.npos && authority.substr(0, at).find(':', 3) != authority.npos) ||
         url.find("password=") != url.npos;
}

// Where others may read a secret out of the file, whoever wins over it.
std::optional<std::string> open_secret(const Said& said) {
  for (const auto* name : {"api-hash", "proxy", "store"}) {
    const auto in_file = said.by(Source::file, name);
    if (in_file.empty()) continue;
    if (std::string_view(name) == "proxy" && !has_secret(in_file.back().value)) continue;
    if (std::string_view(name) == "store" && !has_password(in_file.back().value)) continue;
    auto warning = access::open_to_others(said.of("config").back().value);
    if (warning) *warning += ", because of its `" + std::string(name) + "`";
    return warning;
  }
  return std::nullopt;
}

}  // namespace

Reading<Options> read_options(const Sources& sources) {
  OptionDraft draft;
  const auto table = gateway_table(draft);
  auto said = read_sources(gateway_program, table, sources);
  if (!said) return {said.error(), std::nullopt};
  auto credentials = read_credential_files(sources.environment);
  if (!credentials) return {wrong(gateway_program, credentials.error()), std::nullopt};
  said->add(Source::credentials, std::move(*credentials));
  auto problem = said->apply(table);
  if (problem.empty()) problem = complete(draft, *said);
  if (!problem.empty()) return {wrong(gateway_program, problem), std::nullopt};
  Printed printed;
  if (const auto warning = open_secret(*said)) {
    printed.err = "streamjson: warning: " + *warning + "\n";
  }
  return {printed, std::move(draft.options)};
}

}  // namespace server::config

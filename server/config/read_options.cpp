#include "server/config/read_options.hpp"

#include <algorithm>

#include "server/access/secret_file.hpp"
#include "server/config/complete.hpp"
#include "server/config/credential_files.hpp"
#include "server/config/gateway_table.hpp"
#include "server/config/print_config.hpp"
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

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string printed(const SettingTable& table, const Options& options, const Said& said) {
  const auto is_open = [](std::string_view name, const std::string& value) {
    return (name == "store" && !has_password(value)) || (name == "proxy" && !has_secret(value));
  };
  // To say a host or a port would be to ask for TCP.
  const auto left_out = [&](std::string_view name) {
    return (name == "host" || name == "port") && !options.tcp && !said.has(name);
  };
  return print_config(table, is_open, left_out);
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
  add_lines(complete(draft, *said), problem);
  if (!problem.empty()) {
    if (!draft.options.check_config) return {wrong(gateway_program, problem), std::nullopt};
    draft.options.faults = lines_of(problem);
  }
  if (draft.options.print_config)
    draft.options.printed_config = printed(table, draft.options, *said);
  Printed printed;
  if (const auto warning = open_secret(*said)) {
    printed.err = "streamjson: warning: " + *warning + "\n";
  }
  return {printed, std::move(draft.options)};
}

}  // namespace server::config

#include "server/http/api_target.hpp"

#include <algorithm>

#include "server/http/api_query.hpp"
#include "server/store/account_table.hpp"
#include "tl/nearest_name.hpp"
#include "tl/shortened.hpp"

namespace server::http {
namespace {

constexpr std::string_view api_root = "/api/v1/";
constexpr std::size_t most_parts = 3;  // {account}/webhooks/{name}

Failure not_found(std::string text) { return {"NotFound", std::move(text), {}, {}, {}}; }

std::string quoted(std::string_view text) {
  std::string out;
  tl::write_json_string(tl::shortened(text), out);
  return out;
}

Failure no_such_method(const Schemes& schemes, std::string_view name) {
  tl::NearestName nearest(name);
  for (const auto& known : schemes.first().schema->combinators()) {
    if (known.is_function) nearest.offer(known.name);
  }
  return not_found("layer " + std::to_string(schemes.first().layer) + " has no method " +
                   quoted(name) + nearest.hint());
}

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= ApiTarget::longest_key &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

// `timeout` and `dc` may stand in every query.
std::optional<Failure> read_settings(const Head& head, ApiTarget& target) {
  for (const auto& parameter : parameters_of(head.query)) {
    if (!parameter) return Failure{"BadRequest", "an escape in the query is broken", {}, {}, {}};
    auto* setting = parameter->name == "timeout" ? &target.timeout
                    : parameter->name == "dc"    ? &target.dc
                                                 : nullptr;
    if (setting == nullptr) {
      if (head.method != "POST" && target.method != nullptr) continue;
      if (target.method == nullptr) {
        return type_error("?" + tl::shortened(parameter->name), "a step is posted, in the body");
      }
      return type_error("?" + tl::shortened(parameter->name),
                        "arguments of a POST are in its body; `timeout` and `dc` may stand here");
    }
    if (*setting) return type_error("?" + parameter->name, "it is there twice");
    *setting = parameter->value;
  }
  return {};
}

}  // namespace

Failure no_such_account_name(std::string_view name) {
  return not_found("no account can be called " + quoted(name) + ": " +
                   std::string(store::account_name_due));
}

std::vector<std::string_view> api_parts(std::string_view path) {
  std::vector<std::string_view> out;
  if (!path.starts_with(api_root)) return out;
  out.reserve(most_parts + 1);
  path.remove_prefix(api_root.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  while (out.size() <= most_parts) {
    const auto slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == path.npos) return out;
    path.remove_prefix(slash + 1);
  }
  return {};
}

std::optional<ApiPath> split_api_path(std::string_view path) {
  const auto parts = api_parts(path);
  if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) return {};
  return ApiPath{parts[0], parts[1]};
}

const tl::Combinator* find_method(const Schemes& schemes, std::string_view name) {
  return schemes.first().schema->function_by_name(name);
}

tl::Result<ApiTarget, Failure> read_account_target(const Head& head,
                                                   std::shared_ptr<const Schemes> schemes) {
  const auto parts = api_parts(head.path);
  const auto name = parts.size() == 1 ? parts[0] : std::string_view();
  if (!store::is_account_name(name)) return no_such_account_name(name);
  ApiTarget out;
  out.account = name;
  out.names_account = head.method != "DELETE";
  out.schemes = std::move(schemes);
  if (auto failure = read_settings(head, out)) return std::move(*failure);
  return out;
}

tl::Result<ApiTarget, Failure> read_api_target(const Head& head,
                                               std::shared_ptr<const Schemes> schemes) {
  const auto path = split_api_path(head.path);
  if (!path) return not_found("/api/v1/{account}/{method} is due");
  if (!store::is_account_name(path->account)) return no_such_account_name(path->account);
  ApiTarget out;
  out.account = path->account;
  out.method = find_method(*schemes, path->method);
  if (out.method == nullptr && path->method != signin_path)
    return no_such_method(*schemes, path->method);
  out.schemes = std::move(schemes);
  if (auto failure = read_settings(head, out)) return std::move(*failure);
  const auto key = head.field("idempotency-key");
  if (!key) return out;
  if (head.count("idempotency-key") != 1 || !is_key(*key)) {
    return Failure{
        "BadRequest", "Idempotency-Key is 1 to 255 visible characters of ASCII, once", {}, {}, {}};
  }
  if (out.method != nullptr && out.method->generic) {
    return Failure{"BadRequest",
                   "a method around another takes no Idempotency-Key: it stands in the path itself",
                   {},
                   {},
                   {}};
  }
  out.key = *key;
  return out;
}

}  // namespace server::http

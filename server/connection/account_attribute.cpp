#include "server/connection/account_attribute.hpp"

#include "server/account/session_line.hpp"
#include "server/store/account_table.hpp"
#include "tl/json_pointer.hpp"
#include "tl/nearest_name.hpp"
#include "tl/shortened.hpp"

namespace server {
namespace {

Failure unknown_member(std::string_view key) {
  tl::NearestName nearest(key);
  for (const auto* known : {"name", "updates_after", "session"}) nearest.offer(known);
  std::string path = "/account/";
  tl::append_pointer_token(key, path);
  return type_error(std::move(path), "unknown member " + tl::shortened(key) + nearest.hint());
}

std::optional<Failure> read_name(const tl::Value& value, std::string_view path,
                                 AccountAttribute& to) {
  if (!value.is_string() || !store::is_account_name(value.text())) {
    return type_error(std::string(path),
                      "in the name of an account " + std::string(store::account_name_due));
  }
  to.name = value.text();
  return {};
}

std::optional<Failure> read_after(const tl::Value& value, AccountAttribute& to) {
  to.updates_after = value.as_int64();
  if (to.updates_after && *to.updates_after >= 0) return {};
  return type_error("/account/updates_after", "the number of an update is due, or 0");
}

std::optional<Failure> read_session(const tl::Value& value, AccountAttribute& to) {
  const auto line = account::read_session(value);
  if (!value.is_object() || !line || !line->empty()) {
    return type_error("/account/session",
                      R"({} is due, or {"as":FORMAT}: the session is given out, and can't be set)");
  }
  to.exports = true;
  to.as = line->as;
  return {};
}

std::optional<Failure> read_member(const tl::Member& member, AccountAttribute& to) {
  if (member.key == "name") return read_name(member.value, "/account/name", to);
  if (member.value.is_null()) return {};
  if (member.key == "updates_after") return read_after(member.value, to);
  if (member.key == "session") return read_session(member.value, to);
  return unknown_member(member.key);
}

}  // namespace

tl::Result<AccountAttribute, Failure> read_account_attribute(const tl::Value& value) {
  AccountAttribute out;
  out.lets_go = value.is_null();
  if (out.lets_go) return out;
  if (!value.is_object()) {
    if (auto failure = read_name(value, "/account", out)) return std::move(*failure);
    return out;
  }
  for (const auto& member : value.members()) {
    if (auto failure = read_member(member, out)) return std::move(*failure);
  }
  if (out.name.empty()) return type_error("/account/name", "the name of an account is due");
  return out;
}

std::optional<Failure> forbidden_account(const AccountAttribute& asked, const TokenScope* scope) {
  if (asked.lets_go) return {};
  if (scope != nullptr && !scope->allows_account(asked.name)) {
    return scope_lacks("accounts",
                       "the token that was shown does not allow account " + std::string(asked.name),
                       "/account");
  }
  if (asked.exports && (scope == nullptr || !scope->exports())) {
    return scope_lacks("export",
                       "the session of a named account is given to who shows a token "
                       "with the word export alone",
                       "/account");
  }
  return {};
}

Failure no_accounts_kept() {
  return {"NoSuchAccount",
          "this gateway keeps no accounts: it was started without --store",
          "/account",
          {{"store", "false"}},
          {}};
}

Failure no_such_account(std::string_view name) {
  return {"NoSuchAccount",
          "there is no account " + std::string(name) + "; a step of `signin` makes it",
          "/account",
          {},
          {}};
}

Failure store_failure(const store::StoreError& error, const TokenScope* scope) {
  auto out = store_failure(error);
  const bool told = scope == nullptr || scope->administers();
  if (told && error.code == store::StoreErrc::account_elsewhere) out.text = error.text;
  return out;
}

Failure store_failure(const store::StoreError& error) {
  return {std::string(store::name_of(error.code)), words_for_clients(error), "/account", {}, {}};
}

}  // namespace server

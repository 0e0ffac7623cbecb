// The attribute `account`: which account that the gateway keeps a client speaks as.
//
//   "ada"   null   {"name":"ada","updates_after":1234}   {"name":"ada","session":{"as":"gramjs"}}
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "server/account/session_string.hpp"
#include "server/protocol/failure.hpp"
#include "server/protocol/token_scope.hpp"
#include "server/store/store_error.hpp"
#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server {

struct AccountAttribute {
  bool lets_go = false;   // null
  std::string_view name;  // a view into the value
  std::optional<std::int64_t> updates_after;
  bool exports = false;  // its session is asked for
  std::optional<account::SessionFormat> as;
};

tl::Result<AccountAttribute, Failure> read_account_attribute(const tl::Value&);

// Where a token does not allow it. Says the same whether there is such an account or not. `scope`:
// none where no token is wanted; nobody gets a session there.
std::optional<Failure> forbidden_account(const AccountAttribute&, const TokenScope* scope);

// The gateway was started without a store.
Failure no_accounts_kept();
Failure no_such_account(std::string_view name);
// `scope`: who may change accounts is told where another gateway is that has one.
Failure store_failure(const store::StoreError&, const TokenScope* scope);
Failure store_failure(const store::StoreError&);

}  // namespace server

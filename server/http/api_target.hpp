// What /api/v1/{account}/{method} asks for, before its arguments are read; and …/signin, whose
// arguments are a step.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/schemes.hpp"
#include "server/http/head.hpp"
#include "server/protocol/failure.hpp"
#include "tl/result.hpp"

namespace server::http {

// /api/v1/{account}/signin
inline constexpr std::string_view signin_path = "signin";

struct ApiPath {
  std::string_view account, method;
};

// What stands between the slashes below /api/v1, a slash at the end aside; empty: it is another path.
std::vector<std::string_view> api_parts(std::string_view path);
// The parts of a path of this form; none: it is another.
std::optional<ApiPath> split_api_path(std::string_view path);
// "NotFound"
Failure no_such_account_name(std::string_view name);

struct ApiTarget {
  static constexpr std::size_t longest_key = 255;

  std::shared_ptr<const Schemes> schemes;  // `method` is of the first of them
  const tl::Combinator* method = nullptr;  // none: a step of sign-in, or the account itself
  bool names_account = false;              // the account itself
  std::string account;
  // Of the query, as text; none: not given. They are read as those of any request.
  std::optional<std::string> timeout, dc;
  // Idempotency-Key: visible ASCII; empty: none.
  std::string key;
};

// The method of that name, which may be called by this path; null: there is none.
const tl::Combinator* find_method(const Schemes&, std::string_view name);
// /api/v1/{account}
tl::Result<ApiTarget, Failure> read_account_target(const Head&, std::shared_ptr<const Schemes>);
// A Failure: "NotFound", or what is wrong with the query or a header. Arguments in the query are
// for `read_query()` to read, and are refused where they belong into a body.
tl::Result<ApiTarget, Failure> read_api_target(const Head&, std::shared_ptr<const Schemes>);

}  // namespace server::http

// What an OpenAPI document holds whatever the layer is: accounts, signing in, updates, webhooks, and
// what every path shares. As members of JSON objects, without braces around them, in words that all
// versions of OpenAPI know.
#pragma once

#include <string_view>

namespace server::docs {

extern const std::string_view openapi_account_paths;  // of `paths`
extern const std::string_view openapi_own_schemas;    // of `components.schemas`
extern const std::string_view openapi_shared;         // of `components`, besides

}  // namespace server::docs

// Bodies as gzip, for clients that take it. RFC 9110 §8.4 and §12.5.3.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace server::site {

// What an Accept-Encoding says of gzip; `*` speaks for it where it is not named.
bool takes_gzip(std::string_view accepted);

// Null where it would not be shorter.
std::shared_ptr<const std::string> gzip_of(std::string_view body);

}  // namespace server::site

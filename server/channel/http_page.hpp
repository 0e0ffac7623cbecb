// The answer to any HTTP request on the JSON port: a page that says what this is. Nothing of the
// request is ever read as JSON lines, so no web page can run commands here.
#pragma once

#include <string>
#include <string_view>

namespace server::channel {

// The whole response, for a request that begins with `request_line`.
std::string http_page(std::string_view request_line);

}  // namespace server::channel

#include "server/channel/http_page.hpp"

namespace server::channel {
namespace {

constexpr std::string_view page = R"(<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>streamjson</title>
<h1>streamjson</h1>
<p>This port speaks JSON lines, not HTTP: it is a gateway from JSON to Telegram's MTProto.</p>
<p>The way in is a plain TCP connection, for instance with <code>nc</code>:</p>
<pre>echo '{"message":{"_cons":"help.getNearestDc"}}' | nc -N localhost 1543</pre>
</html>
)";

}  // namespace

std::string http_page(std::string_view request_line) {
  std::string out =
      "HTTP/1.1 404 Not Found\r\n"
      "Content-Type: text/html; charset=utf-8\r\n"
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "Cache-Control: no-store\r\n"
      "Connection: close\r\n"
      "Content-Length: " +
      std::to_string(page.size()) + "\r\n\r\n";
  if (!request_line.starts_with("HEAD ")) out += page;
  return out;
}

}  // namespace server::channel

#include "server/http/response.hpp"

#include <ctime>

#include "tl/value.hpp"

namespace server::http {
namespace {

// Nothing of ours loads anything from elsewhere, runs a script that is no file of ours, or is shown
// in anybody's frame.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";
constexpr std::string_view data_policy = "default-src 'none'; frame-ancestors 'none'; sandbox";

std::string_view reason(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Error";
  }
}

std::string date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[40];
  const auto size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text, size};
}

void field(std::string_view name, std::string_view value, std::string& out) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void write_head(const Response& response, const Delivery& delivery, std::string& out) {
  out += delivery.version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  out += std::to_string(response.status);
  out.append(" ").append(reason(response.status)).append("\r\n");
  field("Date", date(), out);
  field("Connection", delivery.keep_alive ? "keep-alive" : "close", out);
  if (response.body || !response.text.empty()) field("Content-Type", response.type, out);
  const bool page = response.type.starts_with("text/html");
  field("Content-Security-Policy", page ? page_policy : data_policy, out);
  field("X-Content-Type-Options", "nosniff", out);
  field("Referrer-Policy", "no-referrer", out);
  field("Cross-Origin-Opener-Policy", "same-origin", out);
  bool cached = false, shared = false;
  for (const auto& [name, value] : response.fields) {
    field(name, value, out);
    cached = cached || name == "Cache-Control";
    shared = shared || name == "Access-Control-Allow-Origin";
  }
  if (!cached) field("Cache-Control", "no-store", out);
  if (!shared) field("Cross-Origin-Resource-Policy", "same-origin", out);
}

}  // namespace

Response refusal(unsigned status, std::string_view error, std::string_view text) {
  std::string body = "{\"error\":";
  tl::write_json_string(error, body);
  body += ",\"msg\":";
  tl::write_json_string(text, body);
  body += "}\n";
  Response response;
  response.status = status;
  response.type = json_type;
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

void write_response(Response response, const Delivery& delivery, LongText& out) {
  write_head(response, delivery, out.end());
  const bool bodiless = response.status == 204 || response.status == 304;
  const auto size = response.body ? response.body->size() : response.text.size();
  if (!bodiless) field("Content-Length", std::to_string(size), out.end());
  out += "\r\n";
  if (bodiless || delivery.head_only) return;
  response.body ? out.attach(std::string(*response.body)) : out.attach(std::move(response.text));
}

void write_streaming_head(const Response& response, const Delivery& delivery, std::string& out) {
  write_head(response, delivery, out);
  if (!response.body) field("Content-Type", response.type, out);
  if (delivery.version != 10) field("Transfer-Encoding", "chunked", out);
  out += "\r\n";
}

void write_chunk(LongText text, const Delivery& delivery, LongText& out) {
  if (text.empty()) return;
  if (delivery.version == 10) return out.attach(std::move(text));
  constexpr std::string_view digits = "0123456789abcdef";
  std::string size;
  for (auto rest = text.size(); rest != 0; rest /= 16) size.insert(size.begin(), digits[rest % 16]);
  out += size;
  out += "\r\n";
  out.attach(std::move(text));
  out += "\r\n";
}

void write_last_chunk(const Delivery& delivery, std::string& out) {
  if (delivery.version != 10) out += "0\r\n\r\n";
}

}  // namespace server::http

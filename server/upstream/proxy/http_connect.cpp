#include "server/upstream/proxy/http_connect.hpp"

#include <algorithm>
#include <optional>

#include "server/upstream/host.hpp"
#include "server/upstream/proxy/proxy_errc.hpp"
#include "tl/base64.hpp"

namespace server::upstream {
namespace {

constexpr std::size_t longest_head = std::size_t{16} << 10;
constexpr std::string_view http_version = "HTTP/1.";

// Nothing that could end a line.
bool is_harmless(std::string_view host) {
  return !host.empty() && host.size() <= 255 &&
         std::ranges::all_of(host, [](char c) { return c > ' ' && c < 0x7f; });
}

// "HTTP/1.1 200 OK"; none: it is no status line.
std::optional<int> status_of(std::string_view line) {
  if (!line.starts_with(http_version) || line.size() < 12 || line[8] != ' ') return {};
  if (line.size() > 12 && line[12] != ' ') return {};
  int out = 0;
  for (const char c : line.substr(9, 3)) {
    if (c < '0' || c > '9') return {};
    out = out * 10 + (c - '0');
  }
  return out;
}

}  // namespace

tl::Result<void> HttpConnect::begin(tl::Bytes& out) {
  if (!is_harmless(target_.host)) return proxy_errc::bad_target;
  const auto at = host_and_port(target_);
  std::string text = "CONNECT " + at + " HTTP/1.1\r\nHost: " + at + "\r\n";
  if (!user_.empty()) {
    text += "Proxy-Authorization: Basic ";
    tl::append_base64(tl::as_bytes(user_ + ":" + password_), text);
    text += "\r\n";
  }
  tl::append(out, tl::as_bytes(text + "\r\n"));
  return {};
}

tl::Result<bool> HttpConnect::receive(tl::ByteView bytes, tl::Bytes&) {
  constexpr std::string_view end_mark = "\r\n\r\n";
  head_ += tl::as_text(bytes);
  const auto known = std::min(head_.size(), http_version.size());
  if (std::string_view(head_).substr(0, known) != http_version.substr(0, known)) {
    return failed(proxy_errc::not_http);
  }
  const auto line_end = head_.find("\r\n");
  const auto status = line_end == head_.npos
                          ? std::nullopt
                          : status_of(std::string_view(head_).substr(0, line_end));
  if (line_end != head_.npos && !status) return failed(proxy_errc::not_http);
  const auto end = head_.find(end_mark);
  if (end == head_.npos) {
    if (head_.size() > longest_head) return failed(proxy_errc::not_http);
    return false;
  }
  if (*status == 407 || *status == 401) {  // some proxies mix them up
    return failed(user_.empty() ? proxy_errc::wants_password : proxy_errc::wrong_password);
  }
  if (*status == 403) return failed(proxy_errc::not_allowed);
  if (*status < 200 || *status > 299) {
    return failed({static_cast<int>(proxy_errc::http_status) + *status, proxy_category()});
  }
  if (head_.size() > end + end_mark.size()) return failed(proxy_errc::chatter);
  return true;
}

}  // namespace server::upstream

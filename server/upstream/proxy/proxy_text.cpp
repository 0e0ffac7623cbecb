// Reading a proxy's address: what URLs and Telegram's links have in common and where they differ.
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "server/upstream/host.hpp"
#include "server/upstream/proxy/proxy.hpp"
#include "tl/pasted_text.hpp"

namespace server::upstream {
namespace {

using Out = tl::Result<Proxy, std::string>;

constexpr std::size_t longest_host = 255;
constexpr std::size_t longest_name = 255;  // of a user, a password
constexpr const char* usage =
    "socks5://[USER:PASSWORD@]HOST:PORT, http://[USER:PASSWORD@]HOST:PORT or a link "
    "tg://proxy?server=…&port=…&secret=… is due";

Out wrong(std::string what) { return {boost::system::in_place_error, std::move(what)}; }

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3 || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0) return {};
    out += static_cast<char>(digit(text[i + 1]) << 4 | digit(text[i + 2]));
    i += 2;
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return out;
}

// A name or an address, and nothing that could end a line of HTTP.
bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= longest_host && std::ranges::all_of(host, [](char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view("/?#@[]\\%\"<>").find(c) == std::string_view::npos;
  });
}

// Without brackets; what is_host() refuses where it is none.
std::string host_of(std::string_view text) { return bare_host(text).value_or(""); }

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t out = 0;
  const auto [end, why] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (why != std::errc() || end != text.data() + text.size() || out == 0) return {};
  return out;
}

std::optional<std::string> check(const Proxy& proxy) {
  if (!is_host(proxy.at.host)) return "the proxy's host is no name and no address";
  if (proxy.user.size() > longest_name || proxy.password.size() > longest_name) {
    return "user and password of a proxy have at most 255 bytes each";
  }
  if (proxy.user.empty() && !proxy.password.empty()) return "the proxy's password has no user";
  if (proxy.kind == Proxy::Kind::http && proxy.user.find(':') != std::string::npos) {
    return "a user of an HTTP proxy can't have a colon in the name";
  }
  return {};
}

// [user[:password]@]host:port[/]
Out read_url(Proxy::Kind kind, std::string_view rest) {
  Proxy out;
  out.kind = kind;
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (const auto at = rest.rfind('@'); at != rest.npos) {
    const auto who = rest.substr(0, at);
    const auto colon = who.find(':');
    const auto user = unescaped(who.substr(0, colon));
    const auto password = unescaped(colon == who.npos ? std::string_view() : who.substr(colon + 1));
    if (!user || !password)
      return wrong("a % in the proxy's user or password lacks its two digits");
    out.user = *user;
    out.password = *password;
    rest.remove_prefix(at + 1);
  }
  const auto colon = rest.rfind(':');
  const auto end = rest.rfind(']');
  if (colon == rest.npos || (end != rest.npos && colon < end)) {
    return wrong("the proxy's port is due: HOST:PORT");
  }
  const auto port = port_of(rest.substr(colon + 1));
  if (!port) return wrong("the proxy's port is due, 1 to 65535");
  const auto host = rest.substr(0, colon);
  if (!host.starts_with('[') && host.find(':') != host.npos) {
    return wrong("an IPv6 address of a proxy stands in brackets");
  }
  out.at = {host_of(host), *port};
  if (auto what = check(out)) return wrong(std::move(*what));
  return out;
}

std::optional<std::map<std::string, std::string>> read_query(std::string_view query) {
  std::map<std::string, std::string> out;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    auto one = query.substr(0, end);
    if (one.starts_with("amp;")) one.remove_prefix(4);  // the source of a page has &amp;
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = std::min(one.find('='), one.size());
    auto value = unescaped(one.substr(std::min(equals + 1, one.size())));
    if (!value) return {};
    out[std::string(one.substr(0, equals))] = std::move(*value);
  }
  return out;
}

// What follows tg:// or t.me/: proxy?… or socks?…; a chat or a mail breaks such a long line.
Out read_link(std::string_view pasted) {
  std::string whole(pasted);
  std::erase_if(whole, [](char c) { return c == '\r' || c == '\n'; });
  std::string_view rest = whole;
  const auto question = std::min(rest.find('?'), rest.size());
  auto what = rest.substr(0, question);
  if (what.ends_with('/')) what.remove_suffix(1);
  rest.remove_prefix(std::min(question + 1, rest.size()));
  rest = rest.substr(0, rest.find('#'));
  if (what != "proxy" && what != "socks") {
    return wrong("this link is to no proxy: tg://proxy?… or tg://socks?… is due");
  }
  auto query = read_query(rest);
  if (!query) return wrong("a % in the proxy's link lacks its two digits");
  const auto port = port_of((*query)["port"]);
  if (!port) return wrong("the proxy's link lacks its port, 1 to 65535");
  if (what == "proxy") return make_mtproxy((*query)["server"], *port, (*query)["secret"]);
  Proxy out;
  out.at = {host_of((*query)["server"]), *port};
  out.user = (*query)["user"];
  out.password = (*query)["pass"];
  if (auto bad = check(out)) return wrong(std::move(*bad));
  return out;
}

bool is_telegram_site(std::string_view host) {
  return host == "t.me" || host == "telegram.me" || host == "telegram.dog";
}

}  // namespace

Out make_mtproxy(std::string_view host, std::uint16_t port, std::string_view secret) {
  Proxy out;
  out.kind = Proxy::Kind::mtproxy;
  out.at = {host_of(host), port};
  if (auto what = check(out)) return wrong(std::move(*what));
  auto parsed = mtproto::parse_proxy_secret(secret);
  if (!parsed) {
    return wrong(
        "the proxy's secret is due: 16 bytes, alone, after dd, or after ee and followed by a "
        "domain, in hex or base64");
  }
  out.secret = std::move(*parsed);
  return out;
}

Out read_proxy(std::string_view pasted) {
  if (pasted.size() > longest_proxy_text) return wrong("this is too long for a proxy's address");
  using tl::Stray;
  const auto plain = tl::without(pasted, Stray::marks);
  const auto text = tl::trimmed_of(plain, Stray::blanks | Stray::quotes);
  const auto mark = text.find("://");
  const auto scheme = lower(text.substr(0, mark == text.npos ? 0 : mark));
  const auto rest = mark == text.npos ? text : text.substr(mark + 3);
  if (scheme == "tg") return read_link(rest);
  const auto slash = rest.find('/');
  const bool web = scheme.empty() || scheme == "http" || scheme == "https";
  if (web && slash != rest.npos && is_telegram_site(lower(rest.substr(0, slash)))) {
    return read_link(rest.substr(slash + 1));
  }
  if (scheme == "socks5" || scheme == "socks5h") return read_url(Proxy::Kind::socks5, rest);
  if (scheme == "http") return read_url(Proxy::Kind::http, rest);
  return wrong(usage);
}

}  // namespace server::upstream

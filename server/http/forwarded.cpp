#include "server/http/forwarded.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <optional>
#include <vector>

#include "server/access/network.hpp"
#include "tl/numbers.hpp"

namespace server::http {
namespace {

namespace ip = boost::asio::ip;

// None: somebody who is not told.
using Hops = std::vector<std::optional<ip::address>>;

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_token_char(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

// What follows an address: nothing, or :PORT, which may be hidden (RFC 7239 section 6).
bool is_port(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != ':' || text.size() == 1) return false;
  return text[1] == '_' || tl::parse_count(text.substr(1), 0, 65535).has_value();
}

// 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1], [2001:db8::1]:80
std::optional<ip::address> read_node(std::string_view text) {
  auto host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return std::nullopt;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (host.find(':') == host.npos) return std::nullopt;
  } else if (std::ranges::count(text, ':') == 1) {
    host = text.substr(0, text.find(':'));
    port = text.substr(host.size());
  }
  if (host.find('%') != host.npos || !is_port(port)) return std::nullopt;
  boost::system::error_code why;
  const auto address = ip::make_address(std::string(host), why);
  if (why) return std::nullopt;
  return access::unmapped(address);
}

// Several fields of a name are one list.
Hops x_forwarded_for(const Head& head) {
  Hops out;
  for (const auto& [name, value] : head.fields) {
    if (name != "x-forwarded-for" || trim(value).empty()) continue;
    std::string_view rest = value;
    for (;;) {
      const auto end = rest.find(',');
      out.push_back(read_node(trim(rest.substr(0, end))));
      if (end == rest.npos) break;
      rest.remove_prefix(end + 1);
    }
  }
  return out;
}

// forwarded-element = [ pair ] *( ";" [ pair ] ), pair = token "=" ( token | quoted-string )
class ForwardedReader {
 public:
  explicit ForwardedReader(std::string_view text) : text_(text) {}

  // False where it is no such list.
  bool read(Hops& out) {
    for (;;) {
      const auto before = at_;
      for_.reset();
      if (!read_element()) return false;
      const bool empty = trim(text_.substr(before, at_ - before)).empty();
      if (!empty) out.push_back(for_ ? read_node(*for_) : std::nullopt);
      if (at_ == text_.size()) return true;
      ++at_;  // the comma
    }
  }

 private:
  bool ends() const { return at_ == text_.size(); }

  void skip_blanks() {
    while (!ends() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  // Up to the comma, or the end.
  bool read_element() {
    for (;;) {
      skip_blanks();
      if (!ends() && is_token_char(text_[at_]) && !read_pair()) return false;
      skip_blanks();
      if (ends() || text_[at_] == ',') return true;
      if (text_[at_++] != ';') return false;
    }
  }

  bool read_pair() {
    const auto name = read_token();
    if (ends() || text_[at_++] != '=') return false;
    std::string value;
    if (!ends() && text_[at_] == '"') {
      if (!read_quoted(value)) return false;
    } else {
      value = read_token();
      if (value.empty()) return false;
    }
    const bool is_for = name.size() == 3 && (name[0] | 0x20) == 'f' && (name[1] | 0x20) == 'o' &&
                        (name[2] | 0x20) == 'r';
    if (!is_for) return true;
    if (for_) return false;
    for_ = std::move(value);
    return true;
  }

  std::string_view read_token() {
    const auto begin = at_;
    while (!ends() && is_token_char(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  bool read_quoted(std::string& out) {
    for (++at_; !ends() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) return false;
      out += text_[at_];
    }
    if (ends()) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<std::string> for_;
};

// None where a field is no list of such elements.
std::optional<Hops> forwarded(const Head& head) {
  Hops out;
  for (const auto& [name, value] : head.fields) {
    if (name == "forwarded" && !ForwardedReader(value).read(out)) return std::nullopt;
  }
  return out;
}

Peer walk(Peer at, const Hops& hops, const access::TrustedProxies& proxies) {
  for (auto hop = hops.rbegin(); hop != hops.rend() && *hop && proxies.trusts(at); ++hop) {
    at = {**hop, false, true};
  }
  return at;
}

}  // namespace

tl::Result<Peer, std::string> client_of(const Peer& peer, const Head& head,
                                        const access::TrustedProxies& proxies) {
  using Out = tl::Result<Peer, std::string>;
  if (!proxies.trusts(peer)) return peer;
  const auto standard = forwarded(head);
  if (!standard) return Out("its Forwarded header can't be understood");
  const auto older = x_forwarded_for(head);
  if (older.empty()) return walk(peer, *standard, proxies);
  const auto client = walk(peer, older, proxies);
  // A proxy sees to one of them and may hand on the other as its client made it up.
  if (!standard->empty() && walk(peer, *standard, proxies).address != client.address) {
    return Out(
        "Forwarded and X-Forwarded-For name different clients; the proxy has to remove the one "
        "that it does not set");
  }
  return client;
}

}  // namespace server::http

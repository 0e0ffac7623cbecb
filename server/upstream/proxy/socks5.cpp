#include "server/upstream/proxy/socks5.hpp"

#include <boost/asio/ip/address.hpp>

#include "server/upstream/proxy/proxy_errc.hpp"

namespace server::upstream {
namespace {

constexpr std::uint8_t socks_version = 5;
constexpr std::uint8_t by_none = 0;
constexpr std::uint8_t by_password = 2;
constexpr std::uint8_t no_way = 0xff;
constexpr std::uint8_t ipv4 = 1, name = 3, ipv6 = 4;
constexpr std::size_t longest = 255;

void put(std::initializer_list<std::uint8_t> bytes, tl::Bytes& out) {
  out.insert(out.end(), bytes);
}

void put_text(std::string_view text, tl::Bytes& out) {
  out.push_back(static_cast<std::uint8_t>(text.size()));
  tl::append(out, tl::as_bytes(text));
}

proxy_errc meaning(std::uint8_t status) {
  constexpr proxy_errc meanings[] = {
      proxy_errc::general_failure,  proxy_errc::not_allowed,    proxy_errc::network_unreachable,
      proxy_errc::host_unreachable, proxy_errc::refused,        proxy_errc::expired,
      proxy_errc::no_command,       proxy_errc::no_address_type};
  return status <= std::size(meanings) ? meanings[status - 1] : proxy_errc::general_failure;
}

}  // namespace

tl::Result<void> Socks5::begin(tl::Bytes& out) {
  if (target_.host.empty() || target_.host.size() > longest || user_.size() > longest ||
      password_.size() > longest) {
    return proxy_errc::bad_target;
  }
  if (user_.empty()) {
    put({socks_version, 1, by_none}, out);
  } else {
    put({socks_version, 2, by_none, by_password}, out);
  }
  return {};
}

tl::Result<bool> Socks5::receive(tl::ByteView bytes, tl::Bytes& out) {
  tl::append(in_, bytes);
  while (!in_.empty()) {
    const auto before = step_;
    auto done = step(out);
    if (!done || *done || step_ == before) return done;
  }
  return false;
}

tl::Result<bool> Socks5::step(tl::Bytes& out) {
  switch (step_) {
    case Step::method:
      return method(out);
    case Step::password:
      return welcome(out);
    case Step::reply:
      break;
  }
  return reply();
}

tl::Result<bool> Socks5::method(tl::Bytes& out) {
  if (in_[0] != socks_version) return failed(proxy_errc::not_socks5);
  if (in_.size() < 2) return false;
  const auto way = in_[1];
  if (in_.size() > 2) return failed(proxy_errc::chatter);
  in_.clear();
  if (way == by_none) {
    ask(out);
    return false;
  }
  if (way == no_way) {
    return failed(user_.empty() ? proxy_errc::wants_password : proxy_errc::unknown_ways);
  }
  if (way != by_password || user_.empty()) return failed(proxy_errc::not_socks5);
  step_ = Step::password;
  out.push_back(1);
  put_text(user_, out);
  put_text(password_, out);
  return false;
}

tl::Result<bool> Socks5::welcome(tl::Bytes& out) {
  if (in_.size() < 2) return false;
  if (in_[1] != 0) return failed(proxy_errc::wrong_password);
  if (in_.size() > 2) return failed(proxy_errc::chatter);
  in_.clear();
  ask(out);
  return false;
}

void Socks5::ask(tl::Bytes& out) {
  step_ = Step::reply;
  put({socks_version, 1, 0}, out);
  boost::system::error_code is_name;
  const auto address = boost::asio::ip::make_address(target_.host, is_name);
  if (is_name) {
    out.push_back(name);
    put_text(target_.host, out);
  } else if (address.is_v4()) {
    out.push_back(ipv4);
    tl::append(out, address.to_v4().to_bytes());
  } else {
    out.push_back(ipv6);
    tl::append(out, address.to_v6().to_bytes());
  }
  put({static_cast<std::uint8_t>(target_.port >> 8), static_cast<std::uint8_t>(target_.port & 255)},
      out);
}

tl::Result<bool> Socks5::reply() {
  if (in_[0] != socks_version) return failed(proxy_errc::not_socks5);
  if (in_.size() < 2) return false;
  if (in_[1] != 0) return failed(meaning(in_[1]));
  if (in_.size() < 5) return false;
  std::size_t size = 0;
  switch (in_[3]) {
    case ipv4:
      size = 4 + 4 + 2;
      break;
    case ipv6:
      size = 4 + 16 + 2;
      break;
    case name:
      size = 4 + 1 + std::size_t{in_[4]} + 2;
      break;
    default:
      return failed(proxy_errc::not_socks5);
  }
  if (in_.size() > size) return failed(proxy_errc::chatter);
  return in_.size() == size;
}

}  // namespace server::upstream

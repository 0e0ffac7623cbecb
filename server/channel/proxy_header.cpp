#include "server/channel/proxy_header.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include "server/access/network.hpp"
#include "tl/numbers.hpp"

namespace server::channel {
namespace {

namespace ip = boost::asio::ip;
using State = ProxyHeader::State;

constexpr std::string_view line_begin = "PROXY ";
constexpr std::string_view binary_begin{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t binary_head = 16;

// One is the beginning of the other.
bool agree(std::string_view a, std::string_view b) {
  const auto size = std::min(a.size(), b.size());
  return a.substr(0, size) == b.substr(0, size);
}

bool is_port(std::string_view text) {
  return (text == "0" || !text.starts_with('0')) && tl::parse_count(text, 0, 65535).has_value();
}

std::optional<ip::address> read_address(std::string_view text, bool six) {
  if (text.find('%') != text.npos) return std::nullopt;
  boost::system::error_code why;
  const auto address = ip::make_address(std::string(text), why);
  if (why || address.is_v6() != six) return std::nullopt;
  return address;
}

// Exactly as many words as there is room for, with a blank between each two.
template <std::size_t count>
bool split(std::string_view text, std::array<std::string_view, count>& out) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto end = text.find(' ');
    if ((end == text.npos) != (i + 1 == count)) return false;
    out[i] = text.substr(0, end);
    if (end != text.npos) text.remove_prefix(end + 1);
  }
  return true;
}

template <class Address>
ip::address address_at(std::string_view bytes) {
  typename Address::bytes_type out;
  std::copy_n(bytes.begin(), out.size(), out.begin());
  return Address(out);
}

}  // namespace

State ProxyHeader::feed(tl::ByteView bytes) {
  in_ += tl::as_text(bytes);
  const std::string_view in = in_;
  if (agree(in, line_begin)) return in.size() < line_begin.size() ? State::more : read_line();
  if (!agree(in, binary_begin)) return State::none;
  return in.size() < binary_head ? State::more : read_binary();
}

State ProxyHeader::read_line() {
  const auto line = std::string_view(in_).substr(0, longest_line);
  const auto end = line.find("\r\n");
  if (end == line.npos) return line.size() < longest_line ? State::more : State::wrong;
  size_ = end + 2;
  const auto told = line.substr(line_begin.size(), end - line_begin.size());
  if (told == "UNKNOWN" || told.starts_with("UNKNOWN ")) return State::done;
  std::array<std::string_view, 5> words;
  if (!split(told, words)) return State::wrong;
  const auto& [family, from, to, from_port, to_port] = words;
  const bool six = family == "TCP6";
  if (!six && family != "TCP4") return State::wrong;
  source_ = read_address(from, six);
  if (!source_ || !read_address(to, six) || !is_port(from_port) || !is_port(to_port)) {
    return State::wrong;
  }
  source_ = access::unmapped(*source_);
  return State::done;
}

State ProxyHeader::read_binary() {
  const auto at = [this](std::size_t i) { return static_cast<std::uint8_t>(in_[i]); };
  const std::size_t told = at(14) << 8 | at(15);
  const auto size = binary_head + told;
  constexpr std::uint8_t local = 0x20, proxy = 0x21;
  const auto command = at(12);
  if ((command != local && command != proxy) || size > longest) return State::wrong;
  if (in_.size() < size) return State::more;
  size_ = size;
  if (command == local) return State::done;
  const auto body = std::string_view(in_).substr(binary_head, told);
  switch (at(13)) {
    case 0x00:  // not told
      return State::done;
    case 0x11:  // TCP over IPv4: two addresses, two ports
      if (told < 12) return State::wrong;
      source_ = address_at<ip::address_v4>(body);
      return State::done;
    case 0x21:  // TCP over IPv6
      if (told < 36) return State::wrong;
      source_ = access::unmapped(address_at<ip::address_v6>(body));
      return State::done;
    case 0x31:  // a socket file of the proxy's
      return told < 216 ? State::wrong : State::done;
    default:
      return State::wrong;
  }
}

}  // namespace server::channel

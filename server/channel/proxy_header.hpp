// The PROXY protocol, versions 1 and 2: what a proxy says before the first byte of whom it speaks
// for (https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt).
//
//   1:  PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n
//   2:  \r\n\r\n\0\r\nQUIT\n │ version, command │ family │ size │ addresses, ports │ TLVs
//       12                   │ 1                │ 1      │ 2    │ `size` bytes
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "tl/bytes.hpp"

namespace server::channel {

class ProxyHeader {
 public:
  enum class State : std::uint8_t {
    more,  // bytes are wanted
    none,  // the connection begins otherwise
    done,
    wrong,
  };
  static constexpr std::size_t longest_line = 107;  // of version 1, with its \r\n
  static constexpr std::size_t longest = 4096;      // of version 2

  // Takes bytes until it is no longer `more`.
  State feed(tl::ByteView bytes);
  // What came behind it; all, where there is none.
  tl::ByteView rest() const { return tl::as_bytes(in_).subspan(size_); }
  // None where the proxy speaks for itself, or does not know.
  const std::optional<boost::asio::ip::address>& source() const { return source_; }

 private:
  State read_line();
  State read_binary();

  std::string in_;
  std::size_t size_ = 0;  // of the header
  std::optional<boost::asio::ip::address> source_;
};

}  // namespace server::channel

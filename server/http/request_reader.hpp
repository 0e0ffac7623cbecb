// One HTTP/1.1 request (RFC 9112) out of bytes that are cut anywhere. The parser is Beast's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "server/http/head.hpp"

namespace server::http {

class RequestReader {
 public:
  static constexpr std::uint32_t longest_head = 16 << 10;

  enum class Step : std::uint8_t {
    more,  // bytes are wanted
    head,  // it is complete; once
    done,  // the body is, too
    head_too_long,
    body_too_long,
    failed,
  };

  explicit RequestReader(std::uint64_t longest_body);
  ~RequestReader();

  // Takes what it can from the front of `in`; `body` is given pieces of the body.
  Step read(std::string& in, const std::function<void(std::string_view)>& body);
  const Head& head() const { return head_; }
  bool done() const;

 private:
  struct Parser;

  bool take_head();

  std::unique_ptr<Parser> parser_;
  Head head_;
  bool told_ = false;   // that the head is complete
  bool begun_ = false;  // something of the body was read
};

}  // namespace server::http

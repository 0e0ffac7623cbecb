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
  // Each costs more than its text.
  static constexpr std::size_t most_lines = 128;

  // Is given a piece of the body; `pause`: at the end of a chunk, behind which the client may wait
  // for what we say to it.
  using TakeBody = std::function<void(std::string_view piece, bool pause)>;

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

  // Takes what it can from the front of `in`.
  Step read(std::string_view& in, const TakeBody& body);
  const Head& head() const { return head_; }
  bool done() const;
  // Whether something of the request has come: empty lines in front of it are nothing (RFC 9112
  // section 2.2).
  bool begun() const { return head_size_ > 0; }
  // What it keeps of the head, in bytes.
  std::size_t held() const;

 private:
  struct Parser;

  bool skip_empty_lines(std::string_view& in) const;
  bool take_head();
  bool take_target(std::string_view target);

  std::unique_ptr<Parser> parser_;
  Head head_;
  std::size_t head_size_ = 0;
  std::size_t lines_ = 0;    // of the head
  bool told_ = false;        // that the head is complete
  bool body_begun_ = false;  // something of the body was read
};

}  // namespace server::http

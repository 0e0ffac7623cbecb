// SHA-1, SHA-256, MD5 over pieces, without joining them first. Digests are fetched once a process.
#pragma once

#include <array>
#include <initializer_list>
#include <memory>

#include "tl/bytes.hpp"

namespace mtproto {

using Sha1 = std::array<std::uint8_t, 20>;
using Sha256 = std::array<std::uint8_t, 32>;
using Md5 = std::array<std::uint8_t, 16>;

Sha1 sha1(std::initializer_list<tl::ByteView> pieces);
Sha256 sha256(std::initializer_list<tl::ByteView> pieces);
// Two short messages side by side, which takes hardly longer than one.
using Sha256Pair = std::array<std::array<std::uint8_t, 52>, 2>;
void sha256(const Sha256Pair& messages, Sha256& first, Sha256& second);
Md5 md5(std::initializer_list<tl::ByteView> pieces);

// SHA-256 of what comes over time.
class RunningSha256 {
 public:
  RunningSha256();
  ~RunningSha256();
  void add(tl::ByteView piece);
  // Of all so far; nothing may be added behind it.
  Sha256 end();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace mtproto

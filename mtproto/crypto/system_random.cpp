#include "mtproto/crypto/system_random.hpp"

#include <openssl/rand.h>

#include <cstdlib>

#include "mtproto/crypto/secret.hpp"

namespace mtproto {
namespace {

// Without randomness there is no key that is worth having, and nobody to tell it to.
void draw(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) std::abort();
}

}  // namespace

SystemRandom::~SystemRandom() { wipe(block_); }

void SystemRandom::fill(std::span<std::uint8_t> out) {
  while (out.size() >= block_.size()) {
    draw(out.first(block_.size()));
    out = out.subspan(block_.size());
  }
  if (out.empty()) return;
  if (block_.size() - used_ < out.size()) {
    draw(block_);
    used_ = 0;
  }
  auto from = std::span(block_).subspan(used_, out.size());
  std::copy(from.begin(), from.end(), out.begin());
  wipe(from);  // what was handed out is the taker's alone
  used_ += out.size();
}

}  // namespace mtproto

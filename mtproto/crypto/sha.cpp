#include "mtproto/crypto/sha.hpp"

#include "mtproto/crypto/openssl.hpp"
#include "mtproto/crypto/sha_ways.hpp"

namespace mtproto {
namespace {

// Fetching a digest takes four times as long as hashing a short message: once a process, and
// one context a thread.
class Hasher {
 public:
  explicit Hasher(const EVP_MD* digest) : context_(openssl::need(EVP_MD_CTX_new())) {
    openssl::need(EVP_DigestInit_ex2(context_.get(), digest, nullptr));
  }

  void run(std::initializer_list<tl::ByteView> pieces, std::span<std::uint8_t> out) {
    openssl::need(EVP_DigestInit_ex2(context_.get(), nullptr, nullptr));
    for (auto piece : pieces) {
      openssl::need(EVP_DigestUpdate(context_.get(), piece.data(), piece.size()));
    }
    openssl::need(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr));
  }

 private:
  openssl::DigestContext context_;
};

openssl::Digest fetch(const char* name) {
  return openssl::Digest(openssl::need(EVP_MD_fetch(nullptr, name, nullptr)));
}

const EVP_MD* sha256_digest() {
  static const auto digest = fetch("SHA256");
  return digest.get();
}

}  // namespace

Sha1 sha1(std::initializer_list<tl::ByteView> pieces) {
  static const auto digest = fetch("SHA1");
  thread_local Hasher hasher(digest.get());
  Sha1 out;
  hasher.run(pieces, out);
  return out;
}

Sha256 sha256(std::initializer_list<tl::ByteView> pieces) {
  Sha256 out;
  if (sha::has_instructions()) {
    sha::by_instructions(pieces, out);
  } else {
    sha::by_openssl(pieces, out);
  }
  return out;
}

void sha256(const Sha256Pair& messages, Sha256& first, Sha256& second) {
  if (sha::has_instructions()) return sha::by_instructions(messages, first, second);
  sha::by_openssl({messages[0]}, first);
  sha::by_openssl({messages[1]}, second);
}

void sha::by_openssl(std::initializer_list<tl::ByteView> pieces, Sha256& out) {
  thread_local Hasher hasher(sha256_digest());
  hasher.run(pieces, out);
}

Md5 md5(std::initializer_list<tl::ByteView> pieces) {
  static const auto digest = fetch("MD5");
  thread_local Hasher hasher(digest.get());
  Md5 out;
  hasher.run(pieces, out);
  return out;
}

struct RunningSha256::Context {
  openssl::DigestContext digest{openssl::need(EVP_MD_CTX_new())};
};

RunningSha256::RunningSha256() : context_(std::make_unique<Context>()) {
  openssl::need(EVP_DigestInit_ex2(context_->digest.get(), sha256_digest(), nullptr));
}

RunningSha256::~RunningSha256() = default;

void RunningSha256::add(tl::ByteView piece) {
  openssl::need(EVP_DigestUpdate(context_->digest.get(), piece.data(), piece.size()));
}

Sha256 RunningSha256::end() {
  Sha256 out;
  openssl::need(EVP_DigestFinal_ex(context_->digest.get(), out.data(), nullptr));
  return out;
}

}  // namespace mtproto

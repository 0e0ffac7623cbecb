#include "mtproto/framing/obfuscated2.hpp"

#include "mtproto/crypto/sha.hpp"
#include "mtproto/framing/detection.hpp"
#include "mtproto/framing/words.hpp"

namespace mtproto {
namespace {

using Header = std::array<std::uint8_t, obfuscation_header>;

CtrStream stream(const Header& header, ByteView proxy_secret) {
  const auto from = std::span(header);
  AesKey key(from.subspan<8, 32>());
  if (!proxy_secret.empty()) {
    auto mixed = sha256({key.bytes(), proxy_secret});
    key = AesKey(mixed);
    wipe(mixed);
  }
  return CtrStream(key, from.subspan<40, 16>());
}

Obfuscation streams(const Header& header, ByteView proxy_secret) {
  Header reversed;
  std::reverse_copy(header.begin(), header.end(), reversed.begin());
  Obfuscation out{stream(header, proxy_secret), stream(reversed, proxy_secret), header};
  wipe(reversed);
  return out;
}

bool looks_like_noise(const Header& header) {
  return header[0] != abridged_tag && !is_taken(word_at(header, 0)) && word_at(header, 4) != 0;
}

}  // namespace

Obfuscation make_obfuscation(std::uint32_t tag, std::int16_t dc, ByteView proxy_secret,
                             tl::Random& random) {
  Header header;
  do {
    random.fill(header);
  } while (!looks_like_noise(header));
  std::memcpy(header.data() + 56, &tag, sizeof tag);
  if (dc != 0) std::memcpy(header.data() + 60, &dc, sizeof dc);
  auto out = streams(header, proxy_secret);
  auto encrypted = header;
  out.to_server.apply(encrypted);
  std::copy(encrypted.begin() + 56, encrypted.end(), out.header.begin() + 56);
  out.tag = tag;
  out.dc = dc;
  return out;
}

Obfuscation open_obfuscation(std::span<const std::uint8_t, obfuscation_header> received,
                             ByteView proxy_secret) {
  Header header;
  std::copy(received.begin(), received.end(), header.begin());
  auto out = streams(header, proxy_secret);
  out.to_server.apply(header);
  out.tag = word_at(header, 56);
  std::memcpy(&out.dc, header.data() + 60, sizeof out.dc);
  return out;
}

}  // namespace mtproto

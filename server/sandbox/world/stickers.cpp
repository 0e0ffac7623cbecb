#include "server/sandbox/world/stickers.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "mtproto/message/gzip.hpp"
#include "tl/hex.hpp"

namespace server::sandbox {
namespace {

// Bits in the order of WebP's lossless format: the lowest first.
class Bits {
 public:
  void add(std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i, ++size_) {
      if (size_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | (value >> i & 1U) << size_ % 8);
    }
  }
  // A prefix code of one symbol, which takes no bit of the picture.
  void only(std::uint8_t symbol) {
    add(1, 1);  // a simple code
    add(0, 1);  // of one symbol
    add(1, 1);  // of eight bits
    add(symbol, 8);
  }
  const tl::Bytes& bytes() const { return bytes_; }

 private:
  tl::Bytes bytes_;
  int size_ = 0;
};

void append(tl::Bytes& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

void append(tl::Bytes& out, std::size_t number) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(number >> (8 * i) & 255U));
}

}  // namespace

// developers.google.com/speed/webp/docs/webp_lossless_bitstream_specification
tl::Bytes plain_webp(std::int32_t w, std::int32_t h, std::uint8_t red, std::uint8_t green,
                     std::uint8_t blue) {
  Bits bits;
  bits.add(0x2f, 8);
  bits.add(static_cast<std::uint32_t>(w - 1), 14);
  bits.add(static_cast<std::uint32_t>(h - 1), 14);
  bits.add(0, 4);  // no alpha; version 0
  bits.add(0, 3);  // no transform, no cache of colours, one group of codes
  for (const auto symbol : {green, red, blue, std::uint8_t{255}}) bits.only(symbol);
  bits.add(1, 4);  // distances: a simple code of one symbol of one bit, 0
  auto data = bits.bytes();
  const auto size = data.size();
  if (size % 2 != 0) data.push_back(0);
  tl::Bytes out;
  append(out, "RIFF");
  append(out, data.size() + 12);
  append(out, "WEBPVP8L");
  append(out, size);
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

tl::Bytes plain_tgs(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  const std::array colour{red, green, blue};
  const std::string text =
      R"({"tgs":1,"v":"5.5.2","fr":60,"ip":0,"op":60,"w":512,"h":512,"ddd":0,"assets":[],"layers":[)"
      R"({"ddd":0,"ind":1,"ty":1,"nm":"plain","sr":1,"ks":{"o":{"a":0,"k":100},"r":{"a":0,"k":0},)"
      R"("p":{"a":0,"k":[256,256,0]},"a":{"a":0,"k":[256,256,0]},"s":{"a":0,"k":[100,100,100]}},)"
      R"("ao":0,"sw":512,"sh":512,"sc":"#)" +
      tl::to_hex(colour) + R"(","ip":0,"op":60,"st":0,"bm":0}]})";
  return mtproto::gzip(tl::as_bytes(text)).value_or(tl::Bytes());
}

FilePtr sticker_for(const StickerSet& set, std::string_view emoji) {
  const auto at = std::find_if(set.stickers.begin(), set.stickers.end(),
                               [&](const FilePtr& one) { return sticker_emoji(*one) == emoji; });
  return at == set.stickers.end() ? nullptr : *at;
}

std::string_view sticker_emoji(const File& file) {
  const auto at =
      std::find_if(file.attributes.begin(), file.attributes.end(),
                   [](const Attribute& one) { return one.kind == Attribute::Kind::sticker; });
  return at == file.attributes.end() ? std::string_view() : std::string_view(at->title);
}

}  // namespace server::sandbox

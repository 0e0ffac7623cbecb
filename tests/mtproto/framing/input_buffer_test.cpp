#include "mtproto/framing/input_buffer.hpp"

#include <catch2/catch.hpp>

using mtproto::InputBuffer;
using tl::Bytes;

namespace {

Bytes counted(std::size_t size, int from = 0) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 7 + from);
  return out;
}

}  // namespace

TEST_CASE("a frame is taken from between what is before and after it, small or large") {
  for (const std::size_t size : {std::size_t{8}, std::size_t{300'000}, std::size_t{1'000'000}}) {
    for (const std::size_t after : {std::size_t{0}, std::size_t{12}, 2 * size}) {
      InputBuffer in;
      const auto frame = counted(size, 3);
      const auto rest = counted(after, 5);
      in.append(counted(4));
      in.append(Bytes{1, 2, 3, 4});
      in.consume(4);
      in.append(frame);
      in.append(rest);
      CHECK(in.take(4, size) == frame);
      const auto left = std::as_const(in).view();
      CHECK(Bytes(left.begin(), left.end()) == rest);
    }
  }
}

TEST_CASE("a frame whose length is known has its place and does not move while it comes") {
  InputBuffer in;
  in.append(counted(16));
  in.expect(1'000'000);
  const auto* place = std::as_const(in).view().data();
  for (int i = 0; i < 15; ++i) in.append(counted(65'536));
  CHECK(std::as_const(in).view().data() == place);
  // And it leaves in that very memory, without being moved over the length before it.
  CHECK(in.take(4, 900'000).data() == place + 4);
}

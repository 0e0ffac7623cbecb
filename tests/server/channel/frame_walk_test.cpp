// Where a client's Close begins, whatever stands before it and however it is cut.
#include "server/channel/frame_walk.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/server/channel/frames.hpp"

using server::channel::FrameWalk;
using namespace support;

namespace {

// How much is before the Close, given in pieces of `piece` bytes.
std::size_t before_close(const std::string& bytes, std::size_t piece) {
  FrameWalk walk;
  std::size_t total = 0;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto part = std::string_view(bytes).substr(at, piece);
    const auto before = walk.before_close(tl::as_bytes(part));
    total += before;
    if (before < part.size()) break;
  }
  return total;
}

}  // namespace

TEST_CASE("A Close is found behind frames of every size, however they are cut") {
  std::string before;
  for (const auto size : {0, 1, 125, 126, 200, 65'535, 65'536}) {
    before += frame(size % 2 == 0 ? frame_text : frame_more_text, std::string(size, '\x88'));
    before += frame(frame_ping, "\x88\x88");
    before += frame(frame_last, std::string("\x08", 1));
  }
  const auto all = before + frame(frame_close, "\x03\xe8") + frame(frame_text, "{}");
  for (const auto piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, all.size()}) {
    CAPTURE(piece);
    CHECK(before_close(all, piece) == before.size());
    CHECK(before_close(before, piece) == before.size());
  }
}

TEST_CASE("Frames that no client may send are walked through, too") {
  const std::string unmasked = "\x81\x02{}", longest = "\x81\xff" + std::string(8, '\xff') + "1234";
  CHECK(before_close(unmasked + frame(frame_close, ""), 1) == unmasked.size());
  CHECK(before_close(longest + frame(frame_close, ""), 3) == longest.size() + 6);
}

TEST_CASE("Frames are at rest where none hangs on one before") {
  FrameWalk walk;
  const auto rests = [&](const std::string& bytes) {
    walk.before_close(tl::as_bytes(bytes));
    return walk.at_rest();
  };
  CHECK(walk.at_rest());
  CHECK(rests(frame(frame_text, "{}")));
  CHECK(rests(frame(frame_text, "")));
  CHECK_FALSE(rests(frame(frame_more_text, "")));
  CHECK_FALSE(rests(frame(frame_ping, "there?")));
  CHECK(rests(frame(frame_last, std::string(200, ' '))));
  CHECK_FALSE(rests(frame(frame_more_text, "\xe2\x82")));
  CHECK_FALSE(rests(frame(frame_last, "")));
  CHECK_FALSE(rests(frame(frame_text, "")));
  const auto next = frame(frame_text, "{}");
  CHECK_FALSE(rests(next.substr(0, next.size() - 1)));
  CHECK(rests(next.substr(next.size() - 1)));
}

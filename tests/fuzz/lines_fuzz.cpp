// Objects of a client, one a line or one after another: the same however the bytes are cut, and
// nothing of them stays in memory.
#include "server/channel/body_objects.hpp"
#include "server/channel/line_channel.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/server/channel/recorder.hpp"
#include "tl/json_reader.hpp"

namespace {

using namespace server;
using namespace server::channel;
using Seen = std::vector<std::string>;

constexpr std::size_t longest = 300;
constexpr std::size_t largest = 64;  // piece; a line is long in many pieces only

// What is taken is an object; a failure begins with its id.
bool is_failure(const std::string& it) { return !it.starts_with('{'); }

// Without the place of an error: a broken character that came in pieces is noticed at its end.
Seen without_places(Seen seen) {
  for (auto& it : seen) {
    const auto from = it.find("pos=");
    if (is_failure(it) && from != it.npos) it.erase(from, it.find(' ', from) - from);
  }
  return seen;
}

Seen lines(tl::ByteView bytes, std::size_t piece) {
  MemoryMeter meter(1 << 20);
  support::Recorder recorder;
  support::Errands errands;
  {
    LineChannel channel(recorder, meter, errands.runner(), longest);
    bool goes_on = true;
    fuzz::in_pieces(bytes, piece, [&](auto part) { goes_on = goes_on && channel.feed(part); });
    if (goes_on) channel.end();
  }
  fuzz::promise(meter.used() == 0, "memory of lines is given back");
  return without_places(std::move(recorder.seen));
}

Seen objects(tl::ByteView bytes, std::size_t piece) {
  MemoryMeter meter(1 << 20);
  support::Recorder recorder;
  support::Errands errands;
  {
    ObjectReader reader(recorder, meter, errands.runner(), longest);
    BodyObjects body(reader);
    fuzz::in_pieces(bytes, piece, [&](auto part) { body.feed(tl::as_text(part)); });
    body.end();
  }
  fuzz::promise(meter.used() == 0, "memory of bodies is given back");
  return without_places(std::move(recorder.seen));
}

// What is told first of a line that is both too long and no JSON hangs on the cut.
bool fits(tl::ByteView body) {
  std::size_t size = 0;
  for (const auto byte : body) {
    size = byte == '\n' ? 0 : size + 1;
    if (size > longest) return false;
  }
  return true;
}

}  // namespace

FUZZ_TARGET(lines) {
  fuzz::Input in(bytes);
  const std::size_t piece = 1 + in.below(16);
  const auto body = in.rest();
  const auto seen = lines(body, largest);
  const auto cut = lines(body, piece);
  fuzz::promise(!fits(body) || cut == seen, "lines are the same however they are cut");
  const auto ends = static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n'));
  fuzz::promise(seen.size() <= ends + 1, "a line is answered once");
  const auto in_body = objects(body, largest);
  const auto cut_body = objects(body, piece);
  fuzz::promise(body.size() > longest || cut_body == in_body,
                "objects are the same however they are cut");
  for (const auto& text : seen) {
    std::pmr::monotonic_buffer_resource arena;
    fuzz::promise(is_failure(text) || tl::read_json(text, arena).has_value(),
                  "what is taken is JSON");
  }
}

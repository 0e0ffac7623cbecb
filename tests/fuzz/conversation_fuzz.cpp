// Whole conversations of three clients at a time, by lines, POST and WebSocket with compression,
// cut and mixed anyhow. After each step the gateway's count of memory (--max-memory) covers what
// the allocator has given since the conversation began; at its end both are back where they were.
#include <array>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <thread>

#include "tests/fuzz/conversation_stand.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/support/held_memory.hpp"

namespace {

using namespace std::chrono_literals;
using fuzz::Stand;
using fuzz::Visitor;

constexpr std::size_t visitors = 3;
// Of a socket's reading at a time.
constexpr std::size_t largest_piece = std::size_t{64} << 10;
constexpr std::size_t largest_message = std::size_t{1} << 20;

// What each may hold beside the count: its objects, an upstream connection to a data centre, the
// head of a request and what was read of the next.
constexpr std::size_t own_room = std::size_t{96} << 10;
// What the allocator and those who keep rooms for the next round up, of what is counted.
constexpr std::size_t rounded(std::size_t counted) { return counted + counted / 4; }
// What may be left in rooms that are kept: handlers' memory, the log of refusals.
constexpr std::size_t left_over = std::size_t{64} << 10;

constexpr std::string_view plain_hello =
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
constexpr std::string_view packed_hello =
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

std::string repeated(tl::ByteView piece, std::size_t times, std::size_t most) {
  std::string out;
  const auto text = tl::as_text(piece);
  for (; times > 0 && out.size() + text.size() <= most; --times) out += text;
  return out;
}

// One message's text as permessage-deflate has it. RFC 7692 7.2.1
std::string packed(std::string_view text, bool last) {
  namespace zlib = boost::beast::zlib;
  zlib::deflate_stream deflate;
  std::string out(deflate.upper_bound(text.size()) + 16, '\0');
  zlib::z_params parts{};
  parts.next_in = text.data();
  parts.avail_in = text.size();
  parts.next_out = out.data();
  parts.avail_out = out.size();
  boost::system::error_code failed;
  deflate.write(parts, zlib::Flush::sync, failed);
  out.resize(parts.total_out);
  if (last && out.size() >= 4) out.resize(out.size() - 4);
  return out;
}

// Masked by zeros. RFC 6455 5.2
std::string frame(std::uint8_t first, std::string_view payload) {
  std::string out(1, static_cast<char>(first));
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    const int bytes = payload.size() < 65'536 ? 2 : 8;
    out += static_cast<char>(0x80 | (bytes == 2 ? 126 : 127));
    for (int i = bytes; i-- > 0;) out += static_cast<char>(payload.size() >> 8 * i);
  }
  out.append(4, '\0');
  out += payload;
  return out;
}

class Conversation {
 public:
  explicit Conversation(Stand& stand)
      : stand_(stand),
        before_(support::held_memory()),
        accounts_(server::account_services(stand.gateway, random_, stand.context.get_executor(),
                                           stand.counters, nullptr)),
        thread_{stand.gateway, random_, stand.context.get_executor(), stand.counters, accounts_} {
    stand.gateway.threads = {&thread_};
    for (auto& visitor : visitors_) visitor.emplace(thread_);
  }

  // A step, from its first byte: what is done, and by whom.
  void step(fuzz::Input& in) {
    const auto choice = in.byte();
    auto& visitor = visitors_[choice / 8 % visitors];
    switch (choice % 8) {
      case 0:
        say(*visitor, tl::as_text(in.piece()));
        break;
      case 1: {
        const auto times = std::size_t{1} << in.below(16);
        say(*visitor, repeated(in.piece(), times, largest_piece));
        break;
      }
      case 2:
        say_frame(*visitor, in);
        break;
      case 3:
        say(*visitor, in.flag() ? packed_hello : plain_hello);
        break;
      case 4:
        visitor->read(now_);
        break;
      case 5:
        now_ += std::chrono::seconds(in.byte());
        for (auto& each : visitors_) each->tick(now_);
        break;
      case 6:
        visitor->end(now_);
        break;
      case 7:
        visitor.emplace(thread_);  // gone, and another one comes
        break;
    }
    settle();
    hold_promises();
  }

  void end() {
    for (auto& visitor : visitors_) visitor.reset();
    accounts_.close();
    stand_.data_centre.close_all();
    stand_.context.restart();
    stand_.context.run_for(5s);
    fuzz::promise(stand_.context.stopped(), "nothing goes on once all are gone");
    const auto& meter = stand_.gateway.memory;
    fuzz::promise(comes_true([&] { return meter.used() == 0; }),
                  "all that was counted is given back");
    fuzz::promise(comes_true([&] { return held() <= left_over; }), "all that was held is freed");
  }

 private:
  // In pieces as a socket gives them.
  void say(Visitor& visitor, std::string_view text) {
    fuzz::in_pieces(tl::as_bytes(text), largest_piece, [&](auto piece) {
      visitor.say(piece, now_);
      settle();
    });
  }

  // The frame's first byte (a bit of it: whether it is packed), and what it holds how often.
  void say_frame(Visitor& visitor, fuzz::Input& in) {
    constexpr std::uint8_t packing = 0x20;
    const auto first = in.byte();
    const auto times = std::size_t{1} << in.below(16);
    const auto piece = in.piece();
    if ((first & packing) != 0) {
      const auto text = packed(repeated(piece, times, largest_message), (first & 0x80) != 0);
      return say(visitor, frame(first ^ packing, text));
    }
    say(visitor, frame(first, repeated(piece, times, largest_piece - 16)));
  }

  void settle() {
    stand_.settle();
    for (auto& visitor : visitors_) visitor->step();
  }

  std::size_t held() const {
    const auto now = support::held_memory();
    return now > before_ ? now - before_ : 0;
  }

  void hold_promises() {
    const auto& meter = stand_.gateway.memory;
    constexpr auto own = visitors * own_room;
    fuzz::promise(comes_true([&] { return held() <= rounded(meter.used()) + own; }),
                  "what is held is counted");
    fuzz::promise(comes_true([&] { return held() <= rounded(meter.limit()) + own; }),
                  "no more is held than the bound allows");
  }

  // What is given back on the pool takes its time.
  template <class Holds>
  bool comes_true(Holds holds) {
    for (int i = 0; i < 1000 && !holds(); ++i) {
      std::this_thread::sleep_for(1ms);
      stand_.settle();
    }
    return holds();
  }

  Stand& stand_;
  std::size_t before_;
  support::ScriptedRandom random_{3};
  server::account::Accounts accounts_;
  server::ThreadState thread_;
  mtproto::Time now_ = server::upstream::boot_time();
  std::array<std::optional<Visitor>, visitors> visitors_;
};

}  // namespace

FUZZ_TARGET(conversation) {
  static Stand stand;
  fuzz::Input in(bytes);
  Conversation conversation(stand);
  while (!in.empty()) conversation.step(in);
  conversation.end();
}

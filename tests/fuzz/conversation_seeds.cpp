// Conversations as conversation_fuzz.cpp reads them: what clients do, and what hostile ones would.
#include "tests/fuzz/conversation_seeds.hpp"

#include <string_view>

namespace {

using tl::Bytes;

// Steps of one conversation. Each step's first byte says what is done, and by which of the three.
class Talk {
 public:
  explicit Talk(std::uint8_t who = 0) : who_(who) {}
  Talk& by(std::uint8_t who) {
    who_ = who;
    return *this;
  }
  Talk& say(std::string_view text) { return step(0).piece(text); }
  Talk& repeat(std::uint8_t twos, std::string_view text) { return step(1).byte(twos).piece(text); }
  Talk& frame(std::uint8_t first, std::uint8_t twos, std::string_view text) {
    return step(2).byte(first).byte(twos).piece(text);
  }
  Talk& hello(bool packed) { return step(3).byte(packed ? 1 : 0); }
  Talk& read() { return step(4); }
  Talk& later(std::uint8_t seconds) { return step(5).byte(seconds); }
  Talk& end() { return step(6); }
  Talk& leave() { return step(7); }
  const Bytes& bytes() const { return bytes_; }

 private:
  Talk& byte(std::uint8_t value) {
    bytes_.push_back(value);
    return *this;
  }
  Talk& step(std::uint8_t what) { return byte(static_cast<std::uint8_t>(who_ * 8 + what)); }
  Talk& piece(std::string_view text) {
    byte(static_cast<std::uint8_t>(text.size()));
    tl::append(bytes_, tl::as_bytes(text));
    return *this;
  }

  std::uint8_t who_;
  Bytes bytes_;
};

constexpr std::uint8_t text_frame = 0x81, first_frame = 0x01, next_frame = 0x00, packed_text = 0xe1,
                       packed_first = 0x61, packed_next = 0x20, packed_last = 0xa0,
                       ping_frame = 0x89, close_frame = 0x88;
constexpr std::string_view nearest = R"("message":{"_cons":"help.getNearestDc"})";
constexpr std::string_view post_head = "POST /json HTTP/1.1\r\nHost: localhost\r\n";

Talk in_flight(std::uint8_t who, std::string_view more) {
  Talk talk(who);
  for (const auto* id : {"1", "2", "3", "4"}) {
    talk.say(std::string("{\"id\":") + id + "," + std::string(nearest) + std::string(more));
    talk.repeat(13, "01234567").say("\"}\n");
  }
  return talk;
}

}  // namespace

void conversation_seeds(const SaveSeed& give) {
  const auto save = [&](const char* name, const Talk& talk) { give(name, talk.bytes()); };
  save("options", Talk().say("{\"id\":1,\"options\":{}}\n").read().end().read());
  save("numbers", Talk().say("{\"message\":{\"a\":[").repeat(15, "1,").repeat(15, "1,").later(9));
  save("objects", Talk().say("{\"message\":{\"a\":[").repeat(14, "{},").repeat(14, "[],").leave());
  save("names", Talk().say("{\"message\":{").repeat(13, "\"a\":1,").repeat(13, "\"bc\":1,").end());
  save("text",
       Talk().say("{\"message\":{\"a\":\"").repeat(15, "\\n").repeat(15, "xy").say("\"}}\n"));
  save("too_long", Talk().say("{\"a\":\"").repeat(15, "xy").repeat(15, "xy").say("\"}\n").read());
  save("deep", Talk().repeat(6, "{\"a\":").say("1").repeat(6, "}").say("\n").read());
  save("long_name", Talk().say("{\"").repeat(15, "ab").say("\":1}\n").read());
  save("in_flight", in_flight(0, R"(,"@extra":")").by(1).say("{\"id\":1,").later(200).by(0).read());
  save("held", in_flight(0, R"(,"@extra":")")
                   .say("{\"id\":1,\"options\":{},\"@extra\":\"")
                   .repeat(15, "x")
                   .say("\"}\n")
                   .later(20)
                   .read()
                   .read());
  save("after", Talk()
                    .say("{\"id\":9,")
                    .say(nearest)
                    .say(",\"after\":[")
                    .repeat(9, "7,")
                    .say("8]}\n")
                    .later(30)
                    .read());
  save("ignored", Talk()
                      .say("{\"options\":{\"unknown\":\"ignore\"}}\n{\"id\":2,\"message\":")
                      .repeat(5, "{\"_cons\":\"invokeWithLayer\",\"layer\":100,\"query\":")
                      .say("{\"_cons\":\"help.getNearestDc\"")
                      .repeat(12, ",\"b\":1")
                      .repeat(5, "}")
                      .say("}}\n")
                      .read());
  save("echo_unread", Talk()
                          .say("{\"options\":{},\"@extra\":\"")
                          .repeat(15, "xy")
                          .say("\"}\n")
                          .say("{\"options\":{},\"@extra\":[1")
                          .repeat(14, ",1")
                          .say("]}\n")
                          .later(60)
                          .read());
  save("post",
       Talk().say(post_head).say("Content-Length: 24\r\n\r\n{\"id\":1,\"options\":{}}  ").read());
  save("post_chunks", Talk()
                          .say(post_head)
                          .say("Transfer-Encoding: chunked\r\n\r\n")
                          .say("b\r\n{\"message\":\r\n")
                          .repeat(12, "2\r\n1,\r\n")
                          .later(40));
  save("post_in_flight", Talk()
                             .say(post_head)
                             .say("Content-Length: 99999\r\n\r\n{\"id\":1,")
                             .say(nearest)
                             .say(",\"@extra\":[1")
                             .repeat(15, ",1")
                             .say("]}")
                             .later(20)
                             .read()
                             .leave());
  save("head",
       Talk().say(post_head).repeat(8, "X-Long: 0123456789abcdef0123456789\r\n").later(11).read());
  save("pages", Talk()
                    .say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read()
                    .repeat(3, "GET /client.js HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read());
  save("web_socket", Talk()
                         .hello(false)
                         .read()
                         .frame(text_frame, 0, "{\"id\":1,\"options\":{}}")
                         .read()
                         .frame(ping_frame, 0, "x")
                         .later(26)
                         .later(60)
                         .read());
  save("fragments", Talk()
                        .hello(false)
                        .frame(first_frame, 0, "{\"message\":{\"a\":[")
                        .frame(next_frame, 15, "1,")
                        .frame(next_frame, 15, "1,")
                        .frame(ping_frame, 0, ""));
  save("deflate", Talk()
                      .hello(true)
                      .read()
                      .frame(packed_text, 0, "{\"id\":1,\"options\":{}}")
                      .read()
                      .frame(close_frame, 0, "\x03\xe8")
                      .read());
  save("deflate_bomb", Talk()
                           .hello(true)
                           .frame(packed_first, 0, "{\"message\":{\"a\":[")
                           .frame(packed_next, 15, "1,1,1,1,1,1,1,1,1,1,")
                           .by(1)
                           .hello(true)
                           .frame(packed_first, 15, "[[")
                           .by(2)
                           .hello(true));
  save("deflate_echo", Talk()
                           .hello(true)
                           .read()
                           .frame(packed_first, 0, "{\"options\":{},\"@extra\":[1")
                           .frame(packed_next, 15, ",1")
                           .frame(packed_last, 0, "]}")
                           .by(1)
                           .say("{\"id\":1,")
                           .by(0)
                           .read());
  save("three", Talk()
                    .say("{\"message\":{\"a\":[")
                    .by(1)
                    .hello(true)
                    .by(2)
                    .say(post_head)
                    .by(0)
                    .repeat(14, "1,")
                    .by(1)
                    .frame(packed_first, 14, "{\"a\":[")
                    .by(2)
                    .say("Content-Length: 70000\r\n\r\n{\"a\":[")
                    .repeat(14, "2,")
                    .by(0)
                    .leave()
                    .by(2)
                    .leave());
}

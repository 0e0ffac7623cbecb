// A WebSocket without a socket: frames by hand, time by script.
#include "server/channel/web_socket.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <catch2/catch.hpp>
#include <optional>
#include <random>

#include "tests/server/access/one_token.hpp"
#include "tests/server/channel/frames.hpp"
#include "tests/server/connection/connection_world.hpp"
#include "tests/support/byte_sink.hpp"

using namespace support;
using namespace std::chrono_literals;
using server::channel::WebSocket;

namespace {

const server::channel::Handshake hello{"dGhlIHNhbXBsZSBub25jZQ==", ""};

constexpr char text = frame_text, binary = frame_binary, more_text = frame_more_text,
               last = frame_last, ping = frame_ping, pong = frame_pong, closing = frame_close;

std::string plain(char opcode, std::string_view payload) { return plain_frame(opcode, payload); }

constexpr std::string_view nearest_now =
    R"({"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2})";
constexpr std::string_view asks_nearest = R"({"id":3,"message":{"_cons":"help.getNearestDc"}})";

// As permessage-deflate wants a message.
std::string deflated(std::string_view message) {
  boost::beast::zlib::deflate_stream deflate;
  std::string out(boost::beast::zlib::deflate_upper_bound(message.size()) + 16, '\0');
  boost::beast::zlib::z_params at;
  at.next_in = message.data();
  at.avail_in = message.size();
  at.next_out = out.data();
  at.avail_out = out.size();
  boost::system::error_code why;
  deflate.write(at, boost::beast::zlib::Flush::sync, why);
  out.resize(at.total_out - 4);
  return out;
}

// What the thread has worked so far, whatever else the machine does.
std::chrono::microseconds thread_time() {
  timespec at{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
  return std::chrono::microseconds(at.tv_sec * 1'000'000 + at.tv_nsec / 1'000);
}

server::Options compressing() {
  server::Options options;
  options.ws_compression = true;
  return options;
}

struct Page {
  explicit Page(server::Options options = {}, TestTelegram::Handler handler = nearest,
                std::string extensions = "")
      : world(std::move(handler), std::move(options)) {
    socket = std::make_unique<WebSocket>(
        world.thread, byte_sink, server::Caller{}, server::ConnectionSetup{},
        server::channel::Handshake{hello.key, std::move(extensions)}, now);
    greeting = wait_for("\r\n\r\n");
    greeting += rest();
  }

  void say(std::string_view bytes) { socket->receive(tl::as_bytes(bytes), now); }
  // What came, once `part` is in it.
  std::string wait_for(std::string_view part) {
    CHECK(world.until([&] { return byte_sink.text().find(part) != std::string::npos; }));
    return byte_sink.take();
  }
  std::string rest() {
    for (int i = 0; i < 20; ++i) {
      world.context.restart();
      world.context.poll();
    }
    return byte_sink.take();
  }
  void later(mtproto::Duration time) {
    now += time;
    if (const auto due = socket->deadline(); due && *due <= now) socket->tick(now);
  }

  World world;
  ByteSink byte_sink;
  mtproto::Time now = server::upstream::boot_time();
  std::unique_ptr<WebSocket> socket;
  std::string greeting;
};

// Another one of the same thread.
struct WebSocketPeer {
  explicit WebSocketPeer(Page& page)
      : now(page.now),
        socket(page.world.thread, byte_sink, server::Caller{}, server::ConnectionSetup{}, hello,
               page.now) {
    page.rest();
    take();
  }
  void say(std::string_view bytes) { socket.receive(tl::as_bytes(bytes), now); }
  std::string take() { return byte_sink.take(); }

  mtproto::Time now;
  ByteSink byte_sink;
  WebSocket socket;
};

// One that has something to say, and knows what it is to hear.
struct Talker {
  explicit Talker(Page& page) : peer(page) {}
  void say_some(std::size_t most) {
    const auto size = std::min(most, due.size());
    peer.say(due.substr(0, size));
    due.erase(0, size);
  }
  void hears_all() {
    auto heard = peer.take();
    for (const auto& part : expected) {
      const auto at = heard.find(part);
      if (at == heard.npos) FAIL("not heard: " << part);
      heard.erase(at, part.size());
    }
    CHECK(heard.find("\"id\"") == heard.npos);
    CHECK(!peer.byte_sink.closing);
  }

  WebSocketPeer peer;
  std::string due;
  std::vector<std::string> expected;
};

}  // namespace

TEST_CASE("A WebSocket is opened as RFC 6455 wants it, without compression") {
  Page page;
  CHECK(page.greeting.starts_with("HTTP/1.1 101 "));
  CHECK(page.greeting.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
  CHECK(page.greeting.find("deflate") == std::string::npos);
  CHECK(page.greeting.find("Beast") == std::string::npos);
}

TEST_CASE("A message is an object, its reply is one message") {
  Page page;
  page.say(frame(text, R"({"id":7,"options":{"json":"plain"}})"));
  const auto reply = page.wait_for("}");
  CHECK(reply[0] == text);
  CHECK(reply.find(R"({"id":7,"options":{"json":"plain")") != std::string::npos);
}

TEST_CASE("Fragments and a ping between them make one message") {
  Page page;
  page.say(frame(more_text, R"({"id":)"));
  page.say(frame(ping, "still there?"));
  CHECK(page.wait_for("there?") == plain(pong, "still there?"));
  page.say(frame(last, "8,\n\"session\":{}}"));
  CHECK(page.wait_for("}}").find(R"({"id":8,"session":)") != std::string::npos);
}

TEST_CASE("WebSockets of a thread take turns with what reads frames, and hear only their own") {
  Page first;
  WebSocketPeer second(first);
  for (int i = 1; i <= 4; ++i) {
    CAPTURE(i);
    const auto id = "\"id\":" + std::to_string(i);
    first.say(frame(text, "{" + id + R"(,"session":{}})"));
    const auto reply = first.wait_for("}}");
    CHECK(reply[0] == text);
    CHECK(reply.find(id) != std::string::npos);
    first.rest();
    CHECK(second.take().empty());
    second.say(frame(ping, "there?"));
    first.rest();
    CHECK(second.take() == plain(pong, "there?"));
    CHECK(first.byte_sink.take().empty());
  }
}

TEST_CASE("A WebSocket within a message or a frame keeps what reads it from others") {
  Page first;
  WebSocketPeer second(first);
  const auto end = frame(last, R"(8,"session":{}})");
  const auto other = [&] {
    first.rest();
    second.say(frame(text, R"({"id":9,"session":{}})"));
    first.rest();
    CHECK(second.take().find(R"({"id":9,"session":)") != std::string::npos);
  };
  first.say(frame(more_text, R"({"id":)"));
  other();
  first.say(end.substr(0, 1));
  other();
  first.say(end.substr(1, 4));
  other();
  first.say(end.substr(5));
  CHECK(first.wait_for("}}").find(R"({"id":8,"session":)") != std::string::npos);
}

TEST_CASE("A WebSocket that began a message with nothing in it keeps that from others") {
  Page first;
  WebSocketPeer second(first);
  first.say(frame(more_text, ""));
  first.rest();
  second.say(frame(text, R"({"id":9,"session":{}})"));
  first.rest();
  CHECK(second.take().find(R"({"id":9,"session":)") != std::string::npos);
  first.say(frame(last, R"({"id":8,"session":{}})"));
  CHECK(first.rest().find(R"({"id":8,"session":)") != std::string::npos);
}

TEST_CASE("A WebSocket whose message ends within a character keeps that from others") {
  Page first;
  WebSocketPeer second(first);
  first.say(frame(more_text, "\xe2\x82"));
  first.say(frame(last, ""));
  first.rest();
  second.say(frame(text, R"({"id":9,"session":{}})"));
  first.rest();
  CHECK(second.take().find(R"({"id":9,"session":)") != std::string::npos);
}

TEST_CASE("WebSockets of a thread hear what is theirs however their frames and broken ones mix") {
  Page page;
  std::mt19937 random(11);
  const auto below = [&](std::size_t end) { return random() % end; };
  const std::array broken{
      frame(text, "\xff"),         frame(last, "{}"),
      frame(more_text, ""),        frame(more_text, "\xe2\x82") + frame(last, ""),
      frame('\xc1', "{}"),         frame(binary, "{}"),
      frame(text, "{}").substr(5), std::string("\x81\x01x")};
  // In random frames, with pings between; what is to be heard, too.
  const auto say = [&](Talker& talker) {
    const auto id = "\"" + std::to_string(random()) + " \xd0\xb6\xe2\x82\xac\xf0\x9f\x98\x80\"";
    std::string rest = "{\"id\":" + id + R"(,"session":{}})";
    for (auto opcode = more_text; !rest.empty(); opcode = '\0') {
      const auto size = std::min(below(20) * below(20), rest.size());
      const bool over = size == rest.size();
      talker.due += frame(static_cast<char>(over ? opcode | last : opcode), rest.substr(0, size));
      rest.erase(0, size);
      if (below(4) != 0) continue;
      talker.due += frame(ping, id);
      talker.expected.push_back(plain(pong, id));
    }
    talker.expected.push_back("{\"id\":" + id + ",\"session\":");
  };
  std::vector<std::unique_ptr<Talker>> talkers;
  for (int i = 0; i < 4; ++i) talkers.push_back(std::make_unique<Talker>(page));
  std::unique_ptr<Talker> breaker;
  for (int turn = 0; turn < 3000; ++turn) {
    auto& talker = *talkers[below(talkers.size())];
    if (talker.due.empty()) say(talker);
    talker.say_some(below(3) == 0 ? talker.due.size() : below(40));
    if (below(8) == 0) {
      breaker = std::make_unique<Talker>(page);
      breaker->due = broken[below(broken.size())];
      breaker->say_some(breaker->due.size());
    }
    for (auto polls = below(6); polls-- > 0;) {
      page.world.context.restart();
      page.world.context.poll_one();
    }
  }
  for (const auto& talker : talkers) {
    talker->say_some(talker->due.size());
    page.rest();
    talker->hears_all();
  }
}

TEST_CASE("A WebSocket with nothing under way takes little of the memory that is counted") {
  Page page;
  const auto& meter = page.world.thread.gateway.memory;
  std::vector<std::unique_ptr<WebSocketPeer>> others;
  const auto open = [&](int count) {
    for (int i = 0; i < count; ++i) others.push_back(std::make_unique<WebSocketPeer>(page));
    page.rest();
    return meter.used();
  };
  const auto many = open(100);
  CHECK(open(1) - many < 100);
}

TEST_CASE("What reads frames is not kept beyond the last WebSocket of a thread") {
  Page page;
  const auto& meter = page.world.thread.gateway.memory;
  {
    WebSocketPeer second(page);
    second.say(frame(ping, "there?"));
    page.rest();
  }
  page.rest();
  page.socket.reset();
  page.rest();
  CHECK(meter.used() == 0);
}

TEST_CASE("A WebSocket with nothing under way is asked for signs of life, and hears them") {
  Page page;
  page.later(WebSocket::ping_after);
  CHECK(page.rest() == plain(ping, ""));
  page.say(frame(pong, ""));
  page.rest();
  page.later(WebSocket::silent_after - 1s);
  CHECK(page.byte_sink.reset_reason.empty());
  page.later(1s);
  CHECK(!page.byte_sink.reset_reason.empty());
}

TEST_CASE("A WebSocket with nothing under way says why it closes, and answers a Close") {
  for (const bool gateway_closes : {true, false}) {
    CAPTURE(gateway_closes);
    Page page;
    if (gateway_closes) {
      page.socket->leave();
      CHECK(page.wait_for("is stopping")[0] == closing);
    } else {
      page.say(frame(closing, "\x03\xe8"));
      CHECK(page.wait_for("\x03\xe8") == plain(closing, "\x03\xe8"));
    }
  }
}

TEST_CASE("A message above the limit is told, and the next one works") {
  server::Options options;
  options.max_line = 300;
  Page page(options);
  page.say(frame(more_text, "{\"id\":\"" + std::string(200, 'x')));
  page.say(frame(last, std::string(200, 'x') + "\"}"));
  CHECK(page.wait_for("}").find("LineTooLong") != std::string::npos);
  page.say(frame(text, R"({"id":2,"session":{}})"));
  CHECK(page.wait_for("}}").find(R"({"id":2,"session":)") != std::string::npos);
}

TEST_CASE("What comes faster than it is read makes the socket wait") {
  Page page;
  const std::string object = "{\"id\":2,\"session\":{}" + std::string(60'000, ' ') + "}";
  for (int i = 0; i < 8; ++i) page.say(frame(text, object));
  CHECK(page.byte_sink.paused);
  std::size_t replies = 0;
  page.world.until([&] {
    const auto out = page.byte_sink.take();
    for (auto at = out.find("{\"id\":2,"); at != out.npos; at = out.find("{\"id\":2,", at + 1)) {
      ++replies;
    }
    return replies == 8;
  });
  CHECK(replies == 8);
  CHECK(!page.byte_sink.paused);
}

TEST_CASE("A message that is no JSON, or none, does not close a WebSocket") {
  Page page;
  page.say(frame(text, "hello"));
  CHECK(page.wait_for("}").find("JSONDecodeError") != std::string::npos);
  page.say(frame(text, ""));
  page.say(frame(text, R"({"id":2,"session":{}})"));
  CHECK(page.wait_for("}}").find(R"({"id":2,)") != std::string::npos);
}

TEST_CASE("A binary message is refused with 1003") {
  Page page;
  page.say(frame(binary, "{}"));
  const auto goodbye = page.wait_for("text is due");
  CHECK(goodbye[0] == closing);
  CHECK(goodbye.substr(2, 2) == "\x03\xeb");
}

TEST_CASE("What breaks the protocol is closed with the code for it") {
  Page utf8, reserved;
  utf8.say(frame(text, "\xff\xfe"));
  CHECK(!utf8.wait_for("\x03\xef").empty());  // 1007
  reserved.say(frame('\xc1', "{}"));
  CHECK(!reserved.wait_for("\x03\xea").empty());  // 1002
}

TEST_CASE("A client's goodbye is answered, then it is closed") {
  Page page;
  page.say(frame(closing, "\x03\xe8"));
  CHECK(page.wait_for("\x03\xe8") == plain(closing, "\x03\xe8"));
  CHECK(page.world.until([&] { return page.byte_sink.closing; }));
}

TEST_CASE("Half a goodbye behind a question is waited for no longer than a whole one") {
  Page page;
  std::optional<mtproto::Time> known;  // to who drives it
  page.byte_sink.on_wake = [&] { known = page.socket->deadline(); };
  page.say(frame(text, asks_nearest));
  page.say(frame(closing, "\x03\xe8").substr(0, 1));
  page.rest();
  page.socket->end(page.now);
  CHECK(!page.wait_for(nearest_now).empty());
  page.rest();
  REQUIRE(known);
  CHECK(known == page.socket->deadline());
  CHECK(*known <= server::upstream::boot_time() + WebSocket::close_time);
}

TEST_CASE("A silent peer is pinged, and given up within a minute") {
  Page page;
  page.later(WebSocket::ping_after);
  CHECK(page.wait_for(std::string(1, ping)) == plain(ping, ""));
  page.later(20s);
  CHECK(page.byte_sink.reset_reason.empty());
  page.later(WebSocket::silent_after - WebSocket::ping_after - 20s);
  CHECK(page.byte_sink.reset_reason.find("silent") != std::string::npos);
  CHECK(WebSocket::silent_after < 60s);
}

TEST_CASE("A peer that answers pings, or reads on, may stay as long as it likes") {
  Page page;
  for (int i = 0; i < 10; ++i) {
    page.later(WebSocket::ping_after);
    page.say(frame(pong, ""));
  }
  for (int i = 0; i < 10; ++i) {
    page.later(WebSocket::ping_after);
    page.socket->progressed(page.now);
  }
  CHECK(page.byte_sink.reset_reason.empty());
  CHECK(!page.byte_sink.closing);
}

TEST_CASE("At the end of the process what was asked is answered, then 1001 says why") {
  Page page;
  page.say(frame(text, R"({"id":3,"message":{"_cons":"help.getNearestDc"}})"));
  page.rest();
  page.socket->drain();
  const auto out = page.wait_for("stopping");
  const auto answer = out.find(R"({"id":3,"message":{"_cons":"nearestDc")");
  REQUIRE(answer != std::string::npos);
  CHECK(out.find("\x03\xe9the gateway is stopping") > answer);
  page.now = server::upstream::boot_time();
  page.later(WebSocket::close_time);
  CHECK(page.byte_sink.closing);
}

TEST_CASE("A long message is framed no further ahead than its peer reads") {
  Page page;
  const std::string extra(3'000'000, 'x');
  page.say(frame(text, R"({"id":3,"session":{},"@extra":")" + extra + R"("})"));
  CHECK(page.world.until([&] { return page.socket->held() > 0; }));
  const auto ahead = page.rest();
  CHECK(ahead.size() > 100'000);
  CHECK(ahead.size() < 300'000);
  CHECK(page.socket->held() > 2'000'000);
  auto all = ahead;
  for (int i = 0; i < 1000 && page.socket->held() > 0; ++i) {
    page.socket->written(page.now);
    const auto next = page.rest();
    CHECK(next.size() < 300'000);
    all += next;
  }
  CHECK(page.socket->held() == 0);
  CHECK(all.find(extra) != std::string::npos);
  CHECK(all.ends_with("}"));
}

TEST_CASE("A large answer is one message in one frame, made as its peer reads it") {
  const std::string country(3'000'000, 'c');
  auto options = GENERATE(server::Options(), compressing());
  Page page(options, [&](const tl::Value&) {
    return R"({"_cons":"nearestDc","country":")" + country + R"(","this_dc":2,"nearest_dc":2})";
  });
  page.say(frame(text, asks_nearest));
  CHECK(page.world.until([&] { return page.socket->held() > 0; }));
  auto all = page.rest();
  CHECK(all.size() < 300'000);
  CHECK(page.socket->memory_usage() < 150'000);
  for (int i = 0; i < 1000 && page.socket->held() > 0; ++i) {
    page.socket->written(page.now);
    const auto next = page.rest();
    CHECK(next.size() < 300'000);
    CHECK(page.socket->memory_usage() < 150'000);
    all += next;
  }
  CHECK(page.socket->held() == 0);
  CHECK(page.socket->memory_usage() == 0);
  const auto object = R"({"id":3,"message":{"_cons":"nearestDc","country":")" + country +
                      R"(","this_dc":2,"nearest_dc":2}})";
  std::string head{text, 127};
  for (int i = 8; i-- > 0;) head += static_cast<char>(object.size() >> 8 * i);
  CHECK((all == head + object));  // it is too long to be shown
}

TEST_CASE("A peer that goes within a large answer leaves nothing behind") {
  Page page({}, [&](const tl::Value&) {
    return R"({"_cons":"nearestDc","country":")" + std::string(3'000'000, 'c') +
           R"(","this_dc":2,"nearest_dc":2})";
  });
  const auto before = page.world.gateway.memory.used();
  page.say(frame(text, asks_nearest));
  CHECK(page.world.until([&] { return page.socket->held() > 0; }));
  page.rest();
  page.socket->written(page.now);
  CHECK(page.world.gateway.memory.used() > before + 3'000'000);
  page.socket->close();
  page.socket.reset();
  page.rest();
  CHECK(page.world.until([&] { return page.world.gateway.memory.used() < before; }));
}

TEST_CASE("A goodbye waits for a long message that its peer still reads") {
  Page page;
  const std::string extra(3'000'000, 'x');
  page.say(frame(text, R"({"id":3,"session":{},"@extra":")" + extra + R"("})"));
  CHECK(page.world.until([&] { return page.socket->held() > 0; }));
  auto all = page.rest();
  page.socket->drain();
  page.now = server::upstream::boot_time();
  for (int i = 0; i < 1000 && page.socket->held() > 0; ++i) {
    page.later(WebSocket::read_time - 1s);
    REQUIRE(!page.byte_sink.closing);
    page.socket->progressed(page.now);
    all += page.rest();
  }
  CHECK(all.find(extra + "\"") != std::string::npos);
  CHECK(all.ends_with("\x03\xe9the gateway is stopping"));
}

TEST_CASE("A peer that reads no more of a long message is not waited for at the end") {
  Page page;
  const std::string extra(3'000'000, 'x');
  page.say(frame(text, R"({"id":3,"session":{},"@extra":")" + extra + R"("})"));
  CHECK(page.world.until([&] { return page.socket->held() > 0; }));
  page.rest();
  page.socket->drain();
  page.now = server::upstream::boot_time();
  page.later(WebSocket::read_time + 1s);
  CHECK(page.byte_sink.closing);
}

TEST_CASE("Where a token is wanted, a message without one closes the WebSocket") {
  Page page;
  page.world.gateway.set_tokens(one_token());
  auto strict = std::make_unique<WebSocket>(page.world.thread, page.byte_sink, server::Caller{},
                                            server::ConnectionSetup{}, hello, page.now);
  page.wait_for("\r\n\r\n");
  strict->receive(tl::as_bytes(frame(text, R"({"id":4,"session":{}})")), page.now);
  const auto out = page.wait_for("\x03\xf0");  // 1008
  CHECK(out.find(R"({"id":4,"error":"Unauthorized")") != std::string::npos);
}

// --- the end ---

TEST_CASE(
    "What was asked before a Close is answered before ours, whether the upstream connection is up "
    "or not") {
  for (const bool up : {false, true}) {
    CAPTURE(up);
    Page page;
    if (up) {
      page.say(frame(text, asks_nearest));
      page.wait_for("nearestDc");
    }
    page.say(frame(text, asks_nearest) + frame(closing, "\x03\xe8") + frame(text, asks_nearest));
    const auto out = page.wait_for(plain(closing, "\x03\xe8"));
    CHECK(out.find(nearest_now) < out.find(plain(closing, "\x03\xe8")));
    CHECK(page.world.until([&] { return page.byte_sink.closing; }));
    CHECK(page.world.telegram.asked.size() == (up ? 2 : 1));
  }
}

TEST_CASE("A Close that is cut anywhere is one") {
  const auto all = frame(text, R"({"id":2,"session":{}})") + frame(closing, "\x03\xe9gone");
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    CAPTURE(cut);
    Page page;
    page.say(std::string_view(all).substr(0, cut));
    page.rest();
    page.say(std::string_view(all).substr(cut));
    page.wait_for(plain(closing, "\x03\xe9"));
    CHECK(page.world.until([&] { return page.byte_sink.closing; }));
  }
}

TEST_CASE("A Close behind a request without an answer is answered once that has waited enough") {
  std::string silence;
  Page page({}, [&](const tl::Value&) { return silence; });
  page.say(frame(text, asks_nearest) + frame(closing, "\x03\xe8"));
  REQUIRE(page.world.asked(1));
  CHECK(page.rest().empty());
  page.now = server::upstream::boot_time();
  page.later(server::Options().rpc_timeout);
  const auto out = page.wait_for(plain(closing, "\x03\xe8"));
  CHECK(out.find("rpc_timeout") < out.find(plain(closing, "\x03\xe8")));
  CHECK(page.world.until([&] { return page.byte_sink.closing; }));
}

TEST_CASE("A peer that said goodbye is not asked for signs of life") {
  std::string silence;
  server::Options options;
  options.rpc_timeout = 10min;
  Page page(options, [&](const tl::Value&) { return silence; });
  page.say(frame(text, asks_nearest) + frame(closing, "\x03\xe8"));
  REQUIRE(page.world.asked(1));
  page.rest();
  for (int i = 0; i < 5; ++i) page.later(WebSocket::silent_after);
  CHECK(page.byte_sink.reset_reason.empty());
  CHECK(page.rest().empty());
}

TEST_CASE("A peer that closes its side without a Close gets what it asked, then is closed") {
  Page page;
  page.say(frame(text, asks_nearest));
  page.socket->end(page.now);
  CHECK(page.wait_for(nearest_now).find(nearest_now) != std::string::npos);
  CHECK(page.world.until([&] { return page.byte_sink.closing; }));
}

// --- memory ---

TEST_CASE("What came and was not read yet is counted, and no more once it was read") {
  Page page;
  const auto idle = page.world.gateway.memory.used();
  CHECK(idle >= sizeof(WebSocket));
  page.say(frame(more_text, std::string(100'000, ' ')));
  CHECK(page.world.gateway.memory.used() >= idle + 98'000);
  page.rest();
  page.world.until([&] { return page.world.gateway.memory.used() < idle + 20'000; });
  CHECK(page.world.gateway.memory.used() < idle + 20'000);
  page.socket->close();
  CHECK(page.world.gateway.memory.used() < idle);
}

TEST_CASE("A stream that is never read to its end is not kept") {
  Page page;
  const auto idle = page.world.gateway.memory.used();
  std::size_t most = 0;
  for (int i = 0; i < 400; ++i) {
    page.say(frame(text, "{\"id\":2,\"session\":{}" + std::string(9'000, ' ') + "}"));
    for (int turn = 0; turn < 6; ++turn) page.world.context.poll_one();
    while (page.byte_sink.paused) page.world.context.poll_one();
    page.byte_sink.take();
    most = std::max(most, page.world.gateway.memory.used());
  }
  CHECK(most < idle + 600'000);
}

TEST_CASE("Compression is counted while a WebSocket has it") {
  Page with(compressing(), nearest, "permessage-deflate"), without(compressing(), nearest, "");
  CHECK(with.greeting.find("permessage-deflate") != std::string::npos);
  const auto memory = [](Page& page) { return page.world.gateway.memory.used(); };
  CHECK(memory(with) > memory(without) + 170'000);
  CHECK(memory(with) < memory(without) + 200'000);
  with.socket->close();
  CHECK(memory(with) == 0);
}

TEST_CASE("Where memory is short a WebSocket goes without compression") {
  auto options = compressing();
  options.max_memory = 100'000;
  Page page(options, nearest, "permessage-deflate");
  CHECK(page.greeting.starts_with("HTTP/1.1 101 "));
  CHECK(page.greeting.find("deflate") == std::string::npos);
  page.say(frame(text, R"({"id":2,"session":{}})"));
  CHECK(page.wait_for("}}").find(R"({"id":2,"session":)") != std::string::npos);
}

TEST_CASE("At the bound of memory a message is Busy, and the WebSocket lives") {
  Page page;
  auto& memory = page.world.gateway.memory;
  server::MemoryShare others(memory);
  others.resize(memory.limit());
  page.say(frame(text, R"({"id":2,"session":{},"@extra":")" + std::string(1000, 'x') + R"("})"));
  CHECK(page.wait_for("}").find(R"("error":"Busy")") != std::string::npos);
  page.say(frame(text, "{\"id\":3" + std::string(10'000, ' ')));
  CHECK(page.byte_sink.paused);  // nothing is read ahead
  page.rest();
  CHECK(!page.byte_sink.paused);
  others.resize(0);
  page.say(frame(text, R"({"id":4,"session":{}})"));
  CHECK(page.wait_for("}}").find(R"({"id":4,"session":)") != std::string::npos);
}

// --- time ---

TEST_CASE("A compressed message that is 16 MB large leaves turns to others, in and out") {
  auto options = compressing();
  options.max_line = std::size_t{32} << 20;
  Page page(options, nearest, "permessage-deflate");
  const std::size_t size = 16'000'000;
  page.say(frame(frame_deflated, deflated(R"({"id":2,"options":{},"@extra":")" +
                                          std::string(size, 'x') + R"("})")));
  CHECK(page.world.gateway.memory.used() < 1'000'000);
  std::size_t turns = 0;
  auto longest = 0us;
  const auto turn = [&] {
    const auto begun = thread_time();
    page.world.context.restart();
    page.world.context.run_one_for(5ms);
    ++turns;
    return thread_time() - begun;
  };
  // The turn in which the answer is made is not the channel's.
  while (page.socket->held() == 0 && turns < 100'000) {
    const auto took = turn();
    if (page.socket->held() == 0) longest = std::max(longest, took);
  }
  CHECK(turns >= size / (std::size_t{64} << 10));
  CHECK(page.socket->held() > size);
  turns = 0;
  while (page.socket->held() > 0 && turns < 100'000) {
    longest = std::max(longest, turn());
    page.socket->written(page.now);
  }
  CHECK(turns >= size / (std::size_t{64} << 10));
  CHECK(page.byte_sink.text().size() < 100'000);
  CHECK(longest < 20ms);
}

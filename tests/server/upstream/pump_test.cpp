// A machine over real sockets: what comes in, what goes out, deadlines, slow work, the end.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "server/upstream/pump.hpp"

using namespace server::upstream;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

namespace {

// Says back what it hears; other habits by its members.
struct Echo final : Machine {
  std::string heard, out, writing;
  std::vector<int> results;
  mtproto::WorkList work;
  std::optional<mtproto::Time> due;
  int ticks = 0;
  bool ended = false;
  bool speaks_on = false;
  std::function<void()> step = [] {};

  std::size_t mouthful = 1 << 16, largest = 0;

  std::size_t appetite() const override { return mouthful; }
  void receive(tl::ByteView bytes, mtproto::Time) override {
    largest = std::max(largest, bytes.size());
    heard += tl::as_text(bytes);
    out += tl::as_text(bytes);
  }
  void tick(mtproto::Time) override {
    ++ticks;
    due.reset();
  }
  std::optional<mtproto::Time> deadline() const override { return due; }
  tl::ByteView output() override {
    if (writing.empty()) writing.swap(out);
    return tl::as_bytes(writing);
  }
  void written() override { writing.clear(); }
  mtproto::WorkList take_work() override { return std::exchange(work, {}); }
  void done(std::unique_ptr<mtproto::Work> result, mtproto::Time) override;
  bool end(mtproto::Time) override {
    ended = true;
    return speaks_on;
  }
  void on_step(mtproto::Time) override { step(); }
};

struct Slow final : mtproto::Work {
  Slow(int number_in, std::chrono::milliseconds time_in) : number(number_in), time(time_in) {}
  void run() override { std::this_thread::sleep_for(time); }
  int number;
  std::chrono::milliseconds time;
};

void Echo::done(std::unique_ptr<mtproto::Work> result, mtproto::Time) {
  results.push_back(static_cast<Slow&>(*result).number);
}

struct Wire {
  asio::io_context context{1};
  WorkPool pool{2};
  Echo machine;
  Local::socket peer{context};
  std::shared_ptr<Pump> pump;
  std::optional<error_code> over;

  Wire() {
    Local::socket ours(context);
    asio::local::connect_pair(ours, peer);
    peer.non_blocking(true);
    pump = std::make_shared<Pump>(std::move(ours), machine, pool);
    auto finished = [this](const std::exception_ptr&, error_code why) { over = why; };
    asio::co_spawn(context, pump->run(), finished);
  }
  ~Wire() {
    peer.close();
    pump->close();
    until([&] { return over.has_value(); });
  }

  template <class Enough>
  bool until(Enough enough) {
    for (int i = 0; i < 1000 && !enough(); ++i) {
      context.restart();
      context.run_one_for(5ms);
    }
    return enough();
  }
  void say(std::string_view text) { asio::write(peer, asio::buffer(text)); }
  // What the peer got so far; "" and `gone` at the end.
  std::string read(bool* gone = nullptr) {
    std::string text(1 << 16, '\0');
    error_code why;
    text.resize(peer.read_some(asio::buffer(text), why));
    if (gone != nullptr) *gone = why == asio::error::eof;
    return text;
  }
  std::string hear(std::size_t size) {
    std::string text;
    until([&] {
      text += read();
      return text.size() >= size;
    });
    return text;
  }
};

}  // namespace

TEST_CASE("What is heard reaches the machine, what it says reaches the peer") {
  Wire wire;
  wire.say("hello");
  CHECK(wire.hear(5) == "hello");
  wire.machine.out = "woken";
  wire.pump->wake();
  CHECK(wire.hear(4) == "woken");
}

TEST_CASE("More than a buffer's worth goes through whole, both ways") {
  Wire wire;
  const std::string big(1'000'000, 'x');
  std::size_t said = 0;
  std::string back;
  wire.until([&] {
    error_code full;
    if (said < big.size()) {
      said += wire.peer.write_some(asio::buffer(big.data() + said, big.size() - said), full);
    }
    back += wire.read();
    return back.size() >= big.size();
  });
  CHECK(back == big);
}

TEST_CASE("No more is read at a time than the machine wants") {
  Wire wire;
  wire.machine.mouthful = 100;
  const std::string text(10'000, 'x');
  wire.say(text);
  CHECK(wire.hear(text.size()) == text);
  CHECK(wire.machine.largest == 100);
}

TEST_CASE("A deadline ticks, and one set from outside does so after a wake") {
  Wire wire;
  wire.machine.due = boot_time() + 20ms;
  wire.pump->wake();
  CHECK(wire.until([&] { return wire.machine.ticks == 1; }));
}

TEST_CASE("Deadlines hold while the peer does not read, also one set from outside") {
  Wire wire;
  wire.machine.out.assign(10 << 20, 'x');
  wire.machine.due = boot_time() + 20ms;
  CHECK(wire.until([&] { return wire.machine.ticks == 1; }));
  wire.machine.due = boot_time() + 20ms;
  wire.pump->wake();
  CHECK(wire.until([&] { return wire.machine.ticks == 2; }));
  CHECK_FALSE(wire.machine.writing.empty());
}

TEST_CASE("Slow work comes back in its order, whichever is quicker") {
  Wire wire;
  wire.machine.work.push_back(std::make_unique<Slow>(1, 30ms));
  wire.machine.work.push_back(std::make_unique<Slow>(2, 0ms));
  wire.machine.work.push_back(std::make_unique<Slow>(3, 0ms));
  wire.pump->wake();
  CHECK(wire.until([&] { return wire.machine.results.size() == 3; }));
  CHECK(wire.machine.results == std::vector<int>{1, 2, 3});
}

TEST_CASE("Work that comes back after the end finds nobody") {
  Wire wire;
  wire.machine.work.push_back(std::make_unique<Slow>(1, 50ms));
  wire.pump->wake();
  wire.until([&] { return wire.machine.work.empty(); });
  wire.pump->close();
  CHECK(wire.until([&] { return wire.over.has_value(); }));
  wire.context.restart();
  wire.context.run_for(100ms);
  CHECK(wire.machine.results.empty());
}

TEST_CASE("A peer that hangs up ends it") {
  Wire wire;
  wire.peer.close();
  CHECK(wire.until([&] { return wire.over.has_value(); }));
  CHECK(*wire.over == asio::error::eof);
}

TEST_CASE("A machine with something left to say speaks on after the peer's end") {
  Wire wire;
  wire.machine.speaks_on = true;
  wire.peer.shutdown(Local::socket::shutdown_send);
  CHECK(wire.until([&] { return wire.machine.ended; }));
  CHECK(!wire.over);
  wire.machine.out = "still here";
  wire.pump->wake();
  CHECK(wire.hear(10) == "still here");
  wire.pump->close();
  CHECK(wire.until([&] { return wire.over.has_value(); }));
}

TEST_CASE("Last words are written after close, and the peer may read them") {
  Wire wire;
  wire.machine.out = "goodbye";
  wire.pump->close();
  wire.say("not heard any more");
  CHECK(wire.hear(7) == "goodbye");
  bool gone = false;
  CHECK(wire.until([&] {
    wire.read(&gone);
    return gone;
  }));
  wire.peer.close();
  CHECK(wire.until([&] { return wire.over.has_value(); }));
  CHECK(wire.machine.heard.empty());
}

TEST_CASE("A peer that does not read can't hold the end up for longer than a second") {
  Wire wire;
  wire.machine.out = std::string(std::size_t{8} << 20, 'x');
  wire.pump->wake();
  wire.until([&] { return wire.machine.out.empty(); });
  const auto begun = boot_time();
  wire.pump->close();
  CHECK(wire.until([&] { return wire.over.has_value(); }));
  CHECK(boot_time() - begun < 3s);
}

TEST_CASE("While it is paused nothing is read, and nothing is lost") {
  Wire wire;
  wire.pump->pause(true);
  wire.say("later");
  wire.context.restart();
  wire.context.run_for(30ms);
  CHECK(wire.machine.heard.empty());
  wire.pump->pause(false);
  CHECK(wire.hear(5) == "later");
}

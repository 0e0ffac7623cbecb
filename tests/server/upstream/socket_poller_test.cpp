// What epoll tells once, edge-triggered, and must not be lost: ends behind bytes, reads that are short
// for other reasons, sockets that close while they are being told of.
#include "server/upstream/socket_poller.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "server/upstream/pump.hpp"

using namespace server::upstream;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;

namespace {

// Writes down what it is told.
struct Listener final : Machine {
  void receive(tl::ByteView bytes, mtproto::Time) override {
    heard += tl::as_text(bytes);
    on_bytes();
  }
  std::size_t appetite() const override { return mouthful; }
  void tick(mtproto::Time) override {}
  std::optional<mtproto::Time> deadline() const override { return {}; }
  tl::ByteView output() override { return tl::as_bytes(out); }
  void written() override { out.clear(); }
  bool end(mtproto::Time) override { return speaks_on; }
  void on_step(mtproto::Time) override {}
  void on_over(const boost::system::error_code& why) override { over = why; }

  std::function<void()> on_bytes = [] {};
  std::string heard, out;
  std::size_t mouthful = 1 << 16;
  bool speaks_on = false;
  std::optional<boost::system::error_code> over;
  std::shared_ptr<Pump> pump;
};

struct Loop {
  asio::io_context context{1};
  WorkPool pool{0};

  // A listener at one end of it, not started.
  std::shared_ptr<Listener> listener(Pump::Socket socket) {
    auto made = std::make_shared<Listener>();
    made->pump = std::make_shared<Pump>(std::move(socket), *made, pool);
    return made;
  }
  std::shared_ptr<Listener> local(Local::socket& peer) {
    Local::socket ours(context);
    asio::local::connect_pair(ours, peer);
    return listener(std::move(ours));
  }
  std::shared_ptr<Listener> tcp(Tcp::socket& peer) {
    Tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    peer.connect(acceptor.local_endpoint());
    return listener(acceptor.accept());
  }
  template <class Enough>
  bool until(Enough enough) {
    for (int i = 0; i < 1000 && !enough(); ++i) {
      context.restart();
      context.run_one_for(5ms);
    }
    return enough();
  }
  // All that is due; nobody waits for more.
  void settle() {
    context.restart();
    while (context.poll() > 0) context.restart();
  }
};

template <class Socket>
void say(Socket& peer, std::string_view text) {
  asio::write(peer, asio::buffer(text));
}

// Text, and with it a descriptor, which ends what one recv(2) gives.
void say_with_descriptor(Local::socket& peer, char letter) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
  iovec piece{&letter, 1};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  auto* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int));
  const int descriptor = peer.native_handle();
  std::memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
  REQUIRE(::sendmsg(peer.native_handle(), &message, MSG_NOSIGNAL) == 1);
}

}  // namespace

TEST_CASE("An end that came together with the last bytes is heard behind them") {
  Loop loop;
  Tcp::socket peer(loop.context);
  const auto listener = loop.tcp(peer);
  say(peer, "bye");
  peer.close();
  listener->pump->start(listener);
  CHECK(loop.until([&] { return listener->over.has_value(); }));
  CHECK(listener->heard == "bye");
  CHECK(listener->over == asio::error::eof);
}

TEST_CASE("What came before the start, while paused and after is heard once, in order") {
  Loop loop;
  Tcp::socket peer(loop.context);
  const auto listener = loop.tcp(peer);
  say(peer, "one ");
  listener->pump->start(listener);
  CHECK(loop.until([&] { return listener->heard == "one "; }));
  listener->pump->pause(true);
  say(peer, "two ");
  loop.settle();
  say(peer, "three ");
  loop.settle();
  CHECK(listener->heard == "one ");
  listener->pump->pause(false);
  CHECK(loop.until([&] { return listener->heard == "one two three "; }));
  say(peer, "four");
  CHECK(loop.until([&] { return listener->heard == "one two three four"; }));
  listener->pump->close();
  peer.close();
  CHECK(loop.until([&] { return listener->over.has_value(); }));
}

TEST_CASE("An end that came while paused is heard afterwards") {
  Loop loop;
  Tcp::socket peer(loop.context);
  const auto listener = loop.tcp(peer);
  listener->pump->start(listener);
  listener->pump->pause(true);
  say(peer, "bye");
  peer.close();
  loop.settle();
  CHECK(listener->heard.empty());
  listener->pump->pause(false);
  CHECK(loop.until([&] { return listener->over.has_value(); }));
  CHECK(listener->heard == "bye");
}

TEST_CASE("Bytes behind urgent data are heard, though a read ends before it") {
  Loop loop;
  Tcp::socket peer(loop.context);
  const auto listener = loop.tcp(peer);
  say(peer, "before");
  REQUIRE(::send(peer.native_handle(), "!", 1, MSG_OOB | MSG_NOSIGNAL) == 1);
  say(peer, "behind");
  listener->pump->start(listener);
  CHECK(loop.until([&] { return listener->heard == "beforebehind"; }));
  peer.close();
  CHECK(loop.until([&] { return listener->over.has_value(); }));
}

TEST_CASE("Bytes behind a descriptor are heard, though a read ends with it") {
  Loop loop;
  Local::socket peer(loop.context);
  const auto listener = loop.local(peer);
  say_with_descriptor(peer, 'a');
  say_with_descriptor(peer, 'b');
  say(peer, "c");
  listener->pump->start(listener);
  CHECK(loop.until([&] { return listener->heard == "abc"; }));
  listener->pump->close();
  peer.close();
  CHECK(loop.until([&] { return listener->over.has_value(); }));
}

TEST_CASE("One that wants little at a time hears all, and others in between") {
  Loop loop;
  Tcp::socket peers[2] = {Tcp::socket(loop.context), Tcp::socket(loop.context)};
  const std::array listeners{loop.tcp(peers[0]), loop.tcp(peers[1])};
  listeners[0]->mouthful = 10;
  const std::string much(3'000, 'x');
  say(peers[0], much);
  say(peers[1], "hello");
  std::size_t heard_first = 0;
  listeners[1]->on_bytes = [&] { heard_first = listeners[0]->heard.size(); };
  for (const auto& one : listeners) one->pump->start(one);
  CHECK(loop.until([&] { return listeners[0]->heard.size() == much.size(); }));
  CHECK(listeners[1]->heard == "hello");
  CHECK(heard_first < 100);
  for (auto& peer : peers) peer.close();
  CHECK(loop.until([&] { return listeners[0]->over && listeners[1]->over; }));
}

TEST_CASE("Sockets that end one another while all of them are told of stay silent") {
  Loop loop;
  std::vector<Tcp::socket> peers;
  std::vector<std::weak_ptr<Listener>> listeners;
  int told = 0;
  for (int i = 0; i < 8; ++i) {
    peers.emplace_back(loop.context);
    const auto made = loop.tcp(peers.back());
    made->on_bytes = [&] {
      ++told;
      for (const auto& one : listeners) {
        if (const auto other = one.lock()) other->pump->close(asio::error::connection_aborted);
      }
    };
    listeners.push_back(made);
    say(peers.back(), "hello");
    made->pump->start(made);
  }
  CHECK(loop.until([&] {
    return std::ranges::all_of(listeners, [](const auto& one) { return one.expired(); });
  }));
  CHECK(told == 1);
}

TEST_CASE("A closed socket that somebody else has open is told of no more") {
  Loop loop;
  Local::socket ours(loop.context), peer(loop.context);
  asio::local::connect_pair(ours, peer);
  const int copy = ::dup(ours.native_handle());  // as a child process would have
  auto listener = loop.listener(std::move(ours));
  listener->pump->start(listener);
  loop.settle();
  listener->pump->close();
  CHECK(loop.until([&] { return listener->over.has_value(); }));
  const std::weak_ptr gone = listener;
  listener.reset();
  CHECK(gone.expired());
  Local::socket other_peer(loop.context);
  const auto other = loop.local(other_peer);
  other->pump->start(other);
  say(peer, "anybody?");
  say(other_peer, "yes");
  CHECK(loop.until([&] { return other->heard == "yes"; }));
  other_peer.close();
  CHECK(loop.until([&] { return other->over.has_value(); }));
  ::close(copy);
}

TEST_CASE("A loop whose sockets are all closed has nothing left to wait for") {
  Loop loop;
  Tcp::socket peer(loop.context);
  const auto listener = loop.tcp(peer);
  listener->pump->start(listener);
  peer.close();
  loop.context.restart();
  loop.context.run_for(5s);
  CHECK(loop.context.stopped());
  CHECK(listener->over.has_value());
}

namespace {

// Says what it hears, a mouthful at a time, and ends behind the peer's end.
struct Echo final : Machine {
  void receive(tl::ByteView bytes, mtproto::Time) override { waiting += tl::as_text(bytes); }
  std::size_t appetite() const override { return mouthful; }
  void tick(mtproto::Time) override {}
  std::optional<mtproto::Time> deadline() const override { return {}; }
  tl::ByteView output() override {
    if (writing.empty()) writing.swap(waiting);
    return tl::as_bytes(writing);
  }
  void written() override { writing.clear(); }
  bool end(mtproto::Time) override { return ended = true; }
  void on_step(mtproto::Time) override {
    if (ended && waiting.empty() && writing.empty()) pump->close({}, true);
  }
  void on_over(const boost::system::error_code&) override { over = true; }

  std::string waiting, writing;
  std::size_t mouthful = 1 << 16;
  bool ended = false, over = false;
  std::shared_ptr<Pump> pump;
};

// A client of an echo, which is not waited for in anything.
struct Talker {
  Talker(Loop& loop, std::size_t mouthful) : peer(loop.context), echo(std::make_shared<Echo>()) {
    Tcp::acceptor acceptor(loop.context, {asio::ip::address_v4::loopback(), 0});
    acceptor.set_option(asio::socket_base::receive_buffer_size(4096));
    peer.open(Tcp::v4());
    peer.set_option(asio::socket_base::receive_buffer_size(4096));
    peer.connect(acceptor.local_endpoint());
    auto accepted = acceptor.accept();
    accepted.set_option(asio::socket_base::send_buffer_size(4096));
    peer.non_blocking(true);
    echo->mouthful = mouthful;
    echo->pump = std::make_shared<Pump>(std::move(accepted), *echo, loop.pool);
    echo->pump->start(echo);
  }
  // Each byte tells its place.
  void say(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>((said + i) * 7 / 3);
    boost::system::error_code why;
    said += peer.write_some(asio::buffer(text), why);
  }
  void hear(std::size_t most) {
    std::string text(most, '\0');
    boost::system::error_code why;
    text.resize(peer.read_some(asio::buffer(text), why));
    for (const char c : text) right &= c == static_cast<char>(heard++ * 7 / 3);
    ended |= why == asio::error::eof;
  }

  Tcp::socket peer;
  std::shared_ptr<Echo> echo;
  std::size_t said = 0, heard = 0;
  bool right = true, ended = false;
};

}  // namespace

TEST_CASE("What many sockets say is echoed whole, whoever pauses, reads slowly or vanishes") {
  Loop loop;
  std::mt19937 random(5);
  const auto below = [&](std::size_t end) { return random() % end; };
  std::vector<std::unique_ptr<Talker>> talkers;
  for (int i = 0; i < 20; ++i) {
    talkers.push_back(std::make_unique<Talker>(loop, i % 3 == 0 ? 100 : 1 << 16));
  }
  for (int turn = 0; turn < 20'000; ++turn) {
    auto& talker = talkers[below(talkers.size())];
    const auto what = below(100);
    if (what < 40) {
      talker->say(1 + below(6'000));
    } else if (what < 80) {
      talker->hear(1 + below(9'000));
    } else if (what < 99) {
      talker->echo->pump->pause(what % 2 == 0);
    } else {
      if (below(2) == 0) talker->echo->pump->close();
      talker = std::make_unique<Talker>(loop, 1 << 16);
    }
    if (below(3) != 0) continue;
    loop.context.restart();
    loop.context.poll_one();
  }
  for (const auto& talker : talkers) {
    talker->echo->pump->pause(false);
    talker->peer.shutdown(Tcp::socket::shutdown_send);
  }
  CHECK(loop.until([&] {
    for (const auto& talker : talkers) talker->hear(1 << 16);
    return std::ranges::all_of(talkers, [](const auto& one) { return one->ended; });
  }));
  for (const auto& talker : talkers) {
    CHECK(talker->right);
    CHECK(talker->heard == talker->said);
    talker->peer.close();
  }
  CHECK(loop.until([&] {
    return std::ranges::all_of(talkers, [](const auto& one) { return one->echo->over; });
  }));
}

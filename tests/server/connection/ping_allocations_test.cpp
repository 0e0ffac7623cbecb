// How often the gateway asks for memory to pass a `ping` on and its answer back, over real sockets;
// and what a connection holds that has nothing to do. The data centre has a thread of its own, and
// each thread its own count.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include "mtproto/crypto/system_random.hpp"
#include "server/process/client.hpp"
#include "tests/server/connection/connection_world.hpp"
#include "tests/server/counted_new.hpp"

namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;
using namespace std::chrono_literals;

// A data centre with a thread of its own.
class FarWorld {
 public:
  FarWorld() : thread_([this] { world.context.run(); }) {}
  ~FarWorld() {
    guard_.reset();
    world.context.stop();
    thread_.join();
    world.context.restart();
  }

  support::World world{support::nearest};

 private:
  asio::executor_work_guard<asio::io_context::executor_type> guard_{world.context.get_executor()};
  std::thread thread_;
};

// A gateway's thread with a client on it, or more, and the clients' ends of the lines.
class NearWorld {
 public:
  explicit NearWorld(const support::World& far)
      : gateway_({}, far.gateway.schemes(),
                 std::make_shared<const server::upstream::Telegram>(far.telegram.telegram()), {},
                 1) {
    add();
  }
  ~NearWorld() {
    for (const int line : lines_) ::close(line);
    context_.run_for(100ms);
  }

  void add() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0)
      throw std::runtime_error("no pair of sockets");
    lines_.push_back(ends[0]);
    Local::socket ours(context_, Local(), ends[1]);
    const auto client = std::make_shared<server::Client>(
        thread_, std::move(ours), server::Peer{{}, true}, server::access::ConnectionSlot(), 1,
        server::upstream::boot_time());
    client->serve();
  }

  // Whether an answer came; in what way is not looked at, so as not to be counted.
  bool ping() {
    const int from = lines_.back();
    constexpr std::string_view line = "{\"id\":7,\"message\":{\"_cons\":\"ping\",\"ping_id\":7}}\n";
    if (::send(from, line.data(), line.size(), 0) != static_cast<ssize_t>(line.size()))
      return false;
    std::array<char, 512> answer{};
    for (int i = 0; i < 2000; ++i) {
      context_.run_one_for(5ms);
      const auto size = ::recv(from, answer.data(), answer.size(), MSG_DONTWAIT);
      if (size <= 0) continue;
      const std::string_view said(answer.data(), static_cast<std::size_t>(size));
      return said.find("pong") != said.npos;
    }
    return false;
  }

 private:
  asio::io_context context_{1};
  server::Gateway gateway_;
  mtproto::SystemRandom random_;
  server::upstream::WorkPool pool_{1};
  server::Counters& counters_ = gateway_.metrics.add_thread();
  server::account::Accounts accounts_{
      server::account_services(gateway_, random_, context_.get_executor(), counters_, nullptr)};
  server::ThreadState thread_{gateway_, random_, context_.get_executor(), counters_, accounts_};
  std::vector<int> lines_;
};

}  // namespace

TEST_CASE("A ping and its answer take no more allocations than they did") {
  constexpr std::size_t most = 10;  // 9, and now and then one more
  constexpr int pings = 200;
  FarWorld far;
  NearWorld near(far.world);
  for (int i = 0; i < 50; ++i) REQUIRE(near.ping());
  const auto before = support::allocations();
  bool answered = true;
  for (int i = 0; i < pings; ++i) answered = near.ping() && answered;
  const auto each = static_cast<double>(support::allocations() - before) / pings;
  CHECK(answered);
  INFO(each << " allocations a ping");
  CHECK(each > 0);
  CHECK(each <= most);
}

TEST_CASE("A connection that has nothing to do holds no more than it did") {
  constexpr double most = 6550;  // 6358
  constexpr int more = 16;
  FarWorld far;
  NearWorld near(far.world);
  bool answered = near.ping();
  near.add();
  for (int i = 0; i < 4; ++i) answered = near.ping() && answered;
  const auto before = support::bytes_held();
  for (int i = 0; i < more; ++i) {
    near.add();
    for (int pings = 0; pings < 4; ++pings) answered = near.ping() && answered;
  }
  const auto each = static_cast<double>(support::bytes_held() - before) / more;
  CHECK(answered);
  INFO(each << " bytes a connection, its link to the data centre with it");
  CHECK(each > 0);
  CHECK(each <= most);
}

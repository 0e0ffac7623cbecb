// Several addresses, some of which lead nowhere.
#include "server/upstream/dial.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <optional>

#include "server/upstream/pump.hpp"

using namespace server::upstream;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

struct Line {
  asio::io_context context{1};
  tcp::acceptor open{context, {asio::ip::address_v4::loopback(), 0}};
  std::shared_ptr<DialStop> stop = std::make_shared<DialStop>();
  std::optional<Dialled> out;
  mtproto::Duration took{};

  static Address at(const tcp::acceptor& acceptor) {
    return {"127.0.0.1", acceptor.local_endpoint().port()};
  }
  // Nobody listens there.
  Address closed() {
    tcp::acceptor gone(context, {asio::ip::address_v4::loopback(), 0});
    return at(gone);
  }
  void dial_all(std::vector<Address> addresses, std::chrono::milliseconds timeout = 10s) {
    const auto begun = boot_time();
    auto done = [this, begun](const std::exception_ptr& failed, Dialled dialled) {
      REQUIRE_FALSE(failed);
      took = boot_time() - begun;
      out.emplace(std::move(dialled));
    };
    asio::co_spawn(context, dial(std::move(addresses), timeout, stop), std::move(done));
  }
  void run() { context.run_for(20s); }
};

// Takes no connection and refuses none: its queue is full.
struct Dead {
  explicit Dead(asio::io_context& context) : acceptor(context) {
    const tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
    acceptor.open(any.protocol());
    acceptor.bind(any);
    acceptor.listen(0);
    for (int i = 0; i < 4; ++i) {
      auto& one = crowd.emplace_back(context);
      one.async_connect(acceptor.local_endpoint(), [](error_code) {});
    }
    context.run_for(50ms);
    context.restart();
  }
  tcp::acceptor acceptor;
  std::list<tcp::socket> crowd;
};

}  // namespace

TEST_CASE("The first of several addresses is taken where it answers") {
  Line line;
  tcp::acceptor other(line.context, {asio::ip::address_v4::loopback(), 0});
  line.dial_all({Line::at(line.open), Line::at(other)});
  line.run();
  REQUIRE(line.out);
  CHECK_FALSE(line.out->why);
  CHECK(line.out->where == "127.0.0.1:" + std::to_string(Line::at(line.open).port));
  CHECK(line.out->socket.remote_endpoint() == line.open.local_endpoint());
}

TEST_CASE("An address that does not answer costs its head start and no more") {
  Line line;
  Dead dead(line.context);
  line.dial_all({Line::at(dead.acceptor), Line::at(line.open)});
  while (!line.out) line.context.run_one_for(1s);
  CHECK_FALSE(line.out->why);
  CHECK(line.out->socket.remote_endpoint() == line.open.local_endpoint());
  CHECK(line.took >= 200ms);
  CHECK(line.took < 5s);
}

TEST_CASE("An address that refuses costs nothing") {
  Line line;
  line.dial_all({line.closed(), line.closed(), Line::at(line.open)});
  line.run();
  REQUIRE(line.out);
  CHECK_FALSE(line.out->why);
  CHECK(line.took < 200ms);
}

TEST_CASE("Where all refuse the last reason is told") {
  Line line;
  const auto first = line.closed(), last = line.closed();
  line.dial_all({first, last});
  line.run();
  REQUIRE(line.out);
  CHECK(line.out->why == asio::error::connection_refused);
  CHECK(line.out->where == "127.0.0.1:" + std::to_string(last.port));
}

TEST_CASE("Where none answers the time is for all of them together") {
  Line line;
  Dead dead(line.context);
  line.dial_all({Line::at(dead.acceptor), Line::at(dead.acceptor)}, 300ms);
  while (!line.out) line.context.run_one_for(1s);
  CHECK(line.out->why == asio::error::timed_out);
  CHECK(line.took < 5s);
}

TEST_CASE("No addresses and a stop from outside both end it") {
  Line line;
  line.dial_all({});
  line.run();
  REQUIRE(line.out);
  CHECK(line.out->why == asio::error::host_not_found);
  Line other;
  Dead dead(other.context);
  other.dial_all({Line::at(dead.acceptor)});
  other.context.poll();
  other.stop->stop();
  while (!other.out) other.context.run_one_for(1s);
  CHECK(other.out->why);
  CHECK(other.took < 5s);
}

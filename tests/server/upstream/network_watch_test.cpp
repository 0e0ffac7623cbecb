#include "server/upstream/network_watch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include "server/upstream/upstream_connection.hpp"
#include "tests/support/scripted_random.hpp"

using namespace server::upstream;
using namespace std::chrono_literals;

namespace {

struct Waiter final : NetworkUser {
  void on_network() override { ++told; }
  int told = 0;
};

// Whoever uses an upstream connection that never comes up.
struct Unlucky final : UpstreamCallbacks {
  void on_connecting() override {}
  void on_ready() override {}
  void on_answer(mtproto::RequestId, tl::Slice) override {}
  void on_written(mtproto::RequestId) override {}
  void on_lost(mtproto::RequestId) override {}
  void on_refused(mtproto::RequestId, boost::system::error_code) override {}
  void on_pushed(tl::Slice) override {}
  void on_down(const UpstreamFailure& failure) override { pauses.push_back(*failure.retry_in); }
  void on_changed() override {}
  std::vector<mtproto::Duration> pauses;
};

// A port of this machine at which nobody listens.
std::uint16_t closed_port(boost::asio::io_context& context) {
  using boost::asio::ip::tcp;
  tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

}  // namespace

TEST_CASE("who waits for the network is told until it leaves") {
  boost::asio::io_context context;
  NetworkWatch watch(context.get_executor());
  Waiter one, two;
  watch.join(one);
  watch.join(two);
  watch.changed();
  watch.leave(one);
  watch.changed();
  CHECK(one.told == 1);
  CHECK(two.told == 2);
}

TEST_CASE("a closed watch of the network keeps no event loop alive") {
  boost::asio::io_context context;
  NetworkWatch watch(context.get_executor());
  watch.close();
  context.run();
  CHECK(context.stopped());
}

TEST_CASE("an upstream connection that waits starts its pauses anew when the network is back") {
  boost::asio::io_context context;
  NetworkWatch watch(context.get_executor());
  support::ScriptedRandom random{1};
  WorkPool pool(1);
  Unlucky user;
  auto telegram = std::make_shared<Telegram>();
  telegram->kind = Telegram::Kind::custom;
  telegram->data_centres[2] = {{"127.0.0.1", closed_port(context)}};
  UpstreamSettings settings;
  settings.telegram = telegram;
  settings.network = &watch;
  const auto upstream = std::make_shared<UpstreamConnection>(
      context.get_executor(), std::make_shared<const UpstreamSettings>(settings),
      mtproto::SessionState{}, random, pool, user);
  upstream->send(tl::Bytes(4), {});
  const auto failures = [&](std::size_t count) {
    while (user.pauses.size() < count) context.run_one_for(5s);
  };
  failures(2);
  CHECK(user.pauses[1] >= 1s);
  context.poll();
  watch.changed();
  failures(3);
  CHECK(user.pauses[2] <= 1s);
  upstream->close();
  watch.close();
  context.run();
}

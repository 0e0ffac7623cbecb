// An upstream connection over real sockets: what it tells of a data centre on loopback, and when it
// dials again.
#include "server/upstream/upstream_connection.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "tests/server/two_layers.hpp"
#include "tests/support/test_telegram.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

using namespace server::upstream;
using namespace std::chrono_literals;
using mtproto::RequestId;
using support::TestTelegram;

namespace {

constexpr std::uint32_t get_nearest_dc = 0x1fb33026, nearest_dc = 0x8e1a1775;
constexpr std::uint32_t updates_too_long = 0xe317af7e;

std::string nearest(const tl::Value&) {
  return R"({"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2})";
}
std::string silence(const tl::Value&) { return ""; }

// An upstream connection, and what its user heard.
struct Line final : UpstreamCallbacks {
  boost::asio::io_context context{1};
  WorkPool pool{1};
  support::ScriptedRandom random{3};
  TestTelegram telegram;
  std::shared_ptr<UpstreamConnection> upstream;
  std::vector<std::uint32_t> answers, pushed;  // constructors
  std::vector<UpstreamFailure> failures;

  explicit Line(TestTelegram::Handler handler)
      : telegram(context, pool, support::two_layers()->first().schema, std::move(handler)) {
    make(telegram.telegram());
  }
  ~Line() override {
    upstream->close();
    telegram.close();
    context.run_for(20ms);
  }

  void make(const Telegram& to, mtproto::SessionState with = {}) {
    if (upstream) upstream->close();
    UpstreamSettings settings;
    settings.telegram = std::make_shared<const Telegram>(to);
    upstream = std::make_shared<UpstreamConnection>(
        context.get_executor(), std::make_shared<const UpstreamSettings>(std::move(settings)),
        std::move(with), random, pool, *this);
  }
  RequestId ask() {
    tl::Bytes body;
    tl::Writer(body).nat(get_nearest_dc);
    mtproto::SendOptions options;
    options.repeat = mtproto::Repeat::freely;
    return upstream->send(std::move(body), std::move(options));
  }
  template <class Enough>
  bool until(Enough enough) {
    for (int i = 0; i < 2000 && !enough(); ++i) {
      context.restart();
      context.run_one_for(5ms);
    }
    return enough();
  }

  void on_connecting() override {}
  void on_ready() override {}
  void on_answer(RequestId, tl::Slice body) override { answers.push_back(tl::Reader(body).nat()); }
  void on_written(RequestId) override {}
  void on_lost(RequestId) override {}
  void on_refused(RequestId, boost::system::error_code) override {}
  void on_pushed(tl::Slice body) override { pushed.push_back(tl::Reader(body).nat()); }
  void on_down(const UpstreamFailure& failure) override { failures.push_back(failure); }
  void on_changed() override {}
};

}  // namespace

TEST_CASE("Nothing is dialled before something is sent, which makes a key and is answered",
          "[upstream connection]") {
  Line line(nearest);
  CHECK_FALSE(line.upstream->state().key);
  line.ask();
  REQUIRE(line.until([&] { return line.answers.size() == 1; }));
  CHECK(line.answers[0] == nearest_dc);
  CHECK(line.upstream->state().key);
  CHECK(line.upstream->ready());
  CHECK(line.telegram.accepted == 1);
}

TEST_CASE("Telegram is told of what nobody waits for any more", "[upstream connection]") {
  Line line(silence);
  const auto id = line.ask();
  REQUIRE(line.until([&] { return line.telegram.asked.size() == 1; }));
  line.upstream->forget(id);
  CHECK(line.until([&] { return line.telegram.dropped == 1; }));
}

TEST_CASE("An upstream connection that is lost is made again while somebody waits",
          "[upstream connection]") {
  Line line([first = true](const tl::Value& query) mutable {
    return std::exchange(first, false) ? std::string() : nearest(query);
  });
  line.ask();
  REQUIRE(line.until([&] { return line.telegram.asked.size() == 1; }));
  line.telegram.close_clients();
  REQUIRE(line.until([&] { return line.answers.size() == 1; }));
  CHECK(line.telegram.accepted == 2);
  REQUIRE(line.failures.size() == 1);
  CHECK(line.failures[0].was_up);
  CHECK(line.failures[0].retry_in);
  CHECK_FALSE(line.failures[0].final);
}

TEST_CASE("An upstream connection that was used is made again by itself, and updates come again",
          "[upstream connection]") {
  Line line(nearest);
  line.ask();
  REQUIRE(line.until([&] { return line.answers.size() == 1; }));
  line.telegram.close_clients();
  REQUIRE(line.until([&] { return line.telegram.accepted == 2; }));
  // Until it was greeted the data centre does not know the session there.
  CHECK(line.until([&] {
    line.telegram.push(line.telegram.asked[0], R"({"_cons":"updatesTooLong"})");
    return !line.pushed.empty();
  }));
  CHECK(line.pushed.front() == updates_too_long);
}

TEST_CASE("Where nobody listens an upstream connection is down, and not for good",
          "[upstream connection]") {
  Line line(nearest);
  line.telegram.close();
  line.ask();
  REQUIRE(line.until([&] { return line.failures.size() == 1; }));
  CHECK(line.failures[0].reason == "Connection refused");
  CHECK_FALSE(line.failures[0].was_up);
  CHECK_FALSE(line.failures[0].final);
}

TEST_CASE("Another's RSA key is a failure for good, told once", "[upstream connection]") {
  Line line(nearest);
  auto other = line.telegram.telegram();
  other.keys = {support::telegram_key("production")};
  line.make(other);
  line.ask();
  REQUIRE(line.until([&] { return line.failures.size() == 1; }));
  CHECK(line.failures[0].final);
  CHECK(line.telegram.accepted == 1);
}

TEST_CASE("A key that is unknown there is a failure for good, told once", "[upstream connection]") {
  Line line(nearest);
  mtproto::SessionState state;
  state.key.emplace(std::array<std::uint8_t, mtproto::AuthKey::size>{});
  line.make(line.telegram.telegram(), state);
  line.ask();
  REQUIRE(line.until([&] { return line.failures.size() == 1; }));
  CHECK(line.failures[0].final);
  CHECK(line.failures[0].reason.find("404") != std::string::npos);
  CHECK(line.telegram.accepted == 1);
}

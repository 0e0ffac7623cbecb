#include "server/connection/after_order.hpp"

#include <catch2/catch.hpp>
#include <vector>

using server::AfterOrder;
using server::ClientRequest;
using server::account::home_dc;
using State = ClientRequest::State;
using Ids = std::vector<mtproto::RequestId>;
using Numbers = std::vector<server::RequestQueue::Number>;

namespace {

constexpr mtproto::DcId dc4{4};

// Requests in two data centres, home and 4. Each upstream connection numbers its requests as they
// are numbered here.
class Line {
 public:
  ClientRequest& add(std::string id, mtproto::DcId dc, std::vector<std::string> after = {}) {
    auto& request = queue.add(mtproto::Time{});
    request.request.id = std::move(id);
    request.request.after = std::move(after);
    request.dc = dc;
    return request;
  }
  ClientRequest& send(ClientRequest& request) {
    request.state = State::sent;
    request.call = server::account::CallId{request.dc, 0, mtproto::RequestId(request.number)};
    return request;
  }

  server::MemoryMeter meter{1 << 20};
  server::RequestQueue queue{meter};
  AfterOrder order{queue};
};

Ids ids(std::vector<std::uint64_t> numbers) { return {numbers.begin(), numbers.end()}; }

}  // namespace

TEST_CASE("Who names nobody waits for nobody", "[after]") {
  Line line;
  line.send(line.add("1", dc4));
  auto& second = line.add("2", home_dc);
  CHECK_FALSE(line.order.holds_back(second));
  CHECK(line.order.sent_before(second).empty());
}

TEST_CASE("In one data centre Telegram keeps the order and is told of it", "[after]") {
  Line line;
  line.send(line.add("1", dc4));
  line.send(line.add("2", dc4));
  line.send(line.add("1", home_dc));
  auto& last = line.add("9", dc4, {"1"});
  line.queue.erase(*line.queue.find(3));
  CHECK_FALSE(line.order.holds_back(last));
  CHECK(line.order.sent_before(last) == ids({1}));
}

TEST_CASE("A service message orders nothing", "[after]") {
  Line line;
  line.send(line.add("1", home_dc)).send.api = false;
  CHECK(line.order.sent_before(line.add("2", home_dc, {"1"})).empty());
}

TEST_CASE("Across data centres a request waits until the other is over", "[after]") {
  Line line;
  auto& first = line.send(line.add("1", dc4));
  auto& second = line.add("2", home_dc, {"1"});
  CHECK(line.order.holds_back(second));
  CHECK(second.state == State::waiting);
  CHECK(line.order.released().empty());
  line.queue.erase(first);
  CHECK(line.order.released() == Numbers{2});
  CHECK_FALSE(line.order.holds_back(second));
}

TEST_CASE("A reply that waits behind another is of a request that is over", "[after]") {
  Line line;
  line.send(line.add("1", dc4)).state = State::finished;
  CHECK_FALSE(line.order.holds_back(line.add("2", home_dc, {"1"})));
}

TEST_CASE("Nobody waits for who came later", "[after]") {
  Line line;
  auto& first = line.add("1", home_dc, {"2"});
  line.send(line.add("2", dc4));
  CHECK_FALSE(line.order.holds_back(first));
}

TEST_CASE("Who waits for one that waits itself is asked again", "[after]") {
  Line line;
  auto& first = line.send(line.add("1", dc4));
  CHECK(line.order.holds_back(line.add("2", home_dc, {"1"})));
  auto& third = line.add("3", home_dc, {"2"});
  CHECK(line.order.holds_back(third));
  line.queue.erase(first);
  CHECK(line.order.released() == Numbers{2});
  line.send(*line.queue.find(2));
  CHECK(line.order.released() == Numbers{3});
  CHECK(line.order.sent_before(third) == ids({2}));
}

TEST_CASE(
    "A request that got no answer in time is kept to, for as long as its upstream connection knows "
    "it",
    "[after]") {
  Line line;
  auto& first = line.send(line.add("1", dc4));
  line.order.add_late(first);
  line.queue.erase(first);
  auto& second = line.add("2", dc4, {"1"});
  CHECK(line.order.sent_before(second) == ids({1}));
  line.order.forget_late(home_dc);
  CHECK(line.order.sent_before(second) == ids({1}));
  CHECK(line.order.sent_before(line.add("3", home_dc, {"1"})).empty());
  line.order.forget_late_elsewhere();
  CHECK(line.order.sent_before(second).empty());
}

TEST_CASE("Of requests that are late the last 64 are remembered", "[after]") {
  Line line;
  for (std::size_t i = 0; i <= AfterOrder::most_late; ++i) {
    auto& late = line.send(line.add("1", home_dc));
    line.order.add_late(late);
    line.queue.erase(late);
  }
  const auto before = line.order.sent_before(line.add("2", home_dc, {"1"}));
  CHECK(before.size() == AfterOrder::most_late);
  CHECK(before.front() == mtproto::RequestId(2));
}

#include "server/connection/request_queue.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace std::chrono_literals;
using server::ClientRequest;
using server::RequestQueue;
using State = ClientRequest::State;
using Numbers = std::vector<RequestQueue::Number>;

namespace {

constexpr mtproto::Time start{1h};

class Line {
 public:
  ClientRequest& add(std::string id = "1") {
    auto& request = queue.add(start);
    request.request.id = std::move(id);
    return request;
  }
  // Numbers of those that may be begun now, all sent.
  Numbers begin() {
    Numbers out;
    while (auto* request = queue.next()) {
      request->state = State::sent;
      out.push_back(request->number);
    }
    return out;
  }

  server::MemoryMeter meter{1 << 20};
  RequestQueue queue{meter};
};

}  // namespace

TEST_CASE("Requests are begun in the order of their arrival, each once", "[queue]") {
  Line line;
  for (int i = 0; i < 3; ++i) line.add();
  CHECK(line.begin() == Numbers{1, 2, 3});
  CHECK(line.begin().empty());
  line.add();
  CHECK(line.begin() == Numbers{4});
}

TEST_CASE("Nothing behind the barrier is begun until it is lifted", "[queue]") {
  Line line;
  line.add();
  line.add();
  auto& first = *line.queue.next();
  line.queue.set_barrier(first);
  CHECK(line.queue.next() == nullptr);
  line.queue.lift_barrier(*line.queue.find(2));
  CHECK(line.queue.barrier() == &first);
  line.queue.lift_barrier(first);
  CHECK(line.begin() == Numbers{2});
}

TEST_CASE("A barrier that is erased bars nobody", "[queue]") {
  Line line;
  line.add();
  line.add();
  line.queue.set_barrier(*line.queue.next());
  line.queue.erase(*line.queue.find(1));
  CHECK(line.begin() == Numbers{2});
}

TEST_CASE("What was over before its turn is not begun", "[queue]") {
  Line line;
  line.add().state = State::finished;
  line.add();
  line.queue.erase(*line.queue.find(2));
  line.add();
  CHECK(line.begin() == Numbers{3});
}

TEST_CASE("Requests are found by number and by id", "[queue]") {
  Line line;
  line.add("7");
  line.add("8");
  line.add("7");
  auto& queue = line.queue;
  CHECK(queue.find(2)->request.id == "8");
  CHECK(queue.first_of("7") == queue.find(1));
  CHECK(queue.first_of("7", 1) == queue.find(3));
  CHECK(queue.first_of("7", 3) == nullptr);
  queue.erase(*queue.find(1));
  CHECK(queue.find(1) == nullptr);
  CHECK(queue.first_of("7") == queue.find(3));
  CHECK(queue.size() == 2);
  CHECK(queue.last_number() == 3);
}

TEST_CASE("A request without a deadline is never due", "[queue]") {
  Line line;
  line.add();
  CHECK_FALSE(line.queue.deadline());
  CHECK(line.queue.due(mtproto::Time::max()).empty());
}

TEST_CASE("Those whose time has come are due, in their order, and then the next is awaited",
          "[queue]") {
  Line line;
  auto& queue = line.queue;
  queue.set_deadline(line.add(), start + 3s);
  queue.set_deadline(line.add(), start + 2s);
  queue.set_deadline(line.add(), start + 9s);
  CHECK(queue.deadline() == start + 2s);
  CHECK(queue.due(start + 1s).empty());
  CHECK(queue.due(start + 3s) == Numbers{1, 2});
  CHECK(queue.deadline() == start + 9s);
}

TEST_CASE("A sleeper is due when it has slept enough, and once more at its deadline", "[queue]") {
  Line line;
  auto& queue = line.queue;
  auto& request = line.add();
  queue.set_deadline(request, start + 9s);
  queue.sleep(request, start + 2s);
  CHECK(queue.deadline() == start + 2s);
  CHECK(queue.due(start + 2s) == Numbers{1});
  request.state = State::sent;
  CHECK(queue.deadline() == start + 9s);
  CHECK(queue.due(start + 9s) == Numbers{1});
  CHECK_FALSE(queue.deadline());
}

TEST_CASE("A sleeper whose deadline comes first is due then", "[queue]") {
  Line line;
  auto& request = line.add();
  line.queue.set_deadline(request, start + 1s);
  line.queue.sleep(request, start + 2s);
  CHECK(line.queue.due(start + 1s) == Numbers{1});
}

TEST_CASE("What is over, or on the pool, is not due", "[queue]") {
  for (const auto state : {State::finished, State::decoding, State::encoding}) {
    Line line;
    auto& request = line.add();
    line.queue.set_deadline(request, start + 1s);
    request.state = state;
    CHECK(line.queue.due(start + 1s).empty());
  }
}

TEST_CASE("A request that is back from the pool is awaited again once its deadline is set",
          "[queue]") {
  Line line;
  auto& queue = line.queue;
  auto& request = line.add();
  queue.set_deadline(request, start + 2s);
  queue.set_deadline(line.add(), start + 1s);
  request.state = State::encoding;
  CHECK(queue.due(start + 1s) == Numbers{2});
  CHECK_FALSE(queue.deadline());
  request.state = State::queued;
  queue.set_deadline(request, request.deadline);
  CHECK(queue.deadline() == start + 2s);
}

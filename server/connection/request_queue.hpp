// A client's requests from their arrival to the end of their replies, in the order in which they
// came: which may be begun now, and which is due. One that waits for a peer's name, for the pool or
// for a step of sign-in is the barrier: nothing behind it is begun. Pure; time is an argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <string_view>
#include <vector>

#include "mtproto/time.hpp"
#include "server/connection/client_request.hpp"
#include "server/metering/memory_meter.hpp"
#include "server/protocol/incoming.hpp"

namespace server {

class RequestQueue {
 public:
  using Number = std::uint64_t;

  explicit RequestQueue(MemoryMeter& meter) : meter_(meter) {}

  // Behind all others; without a deadline.
  ClientRequest& add(mtproto::Time now);
  // … what a client asked, to be answered within `timeout` if it names no other.
  ClientRequest& add(Incoming&& object, mtproto::Duration timeout, mtproto::Time now);
  void erase(const ClientRequest&);

  bool empty() const { return requests_.empty(); }
  std::size_t size() const { return requests_.size(); }
  Number last_number() const { return last_number_; }  // of all that ever came
  // In the order of their arrival.
  auto all() { return requests_ | std::views::values; }
  auto all() const { return requests_ | std::views::values; }
  ClientRequest* find(Number number);
  // The first under that id, of those that came after number `behind`.
  ClientRequest* first_of(std::string_view id, Number behind = 0);

  // The next that may be begun; each is given once. None: that is all for now.
  ClientRequest* next();
  ClientRequest* barrier() const { return barrier_; }
  void set_barrier(ClientRequest& request) { barrier_ = &request; }
  // Nothing, where it is not the barrier.
  void lift_barrier(const ClientRequest& request) {
    if (barrier_ == &request) barrier_ = nullptr;
  }

  void set_deadline(ClientRequest&, mtproto::Time at);
  void sleep(ClientRequest&, mtproto::Time until);
  // Not later than something is due.
  std::optional<mtproto::Time> deadline() const { return next_due_; }
  // Those whose deadline has come, and those that have slept enough.
  std::vector<Number> due(mtproto::Time now);

 private:
  void expect(mtproto::Time at);

  MemoryMeter& meter_;
  std::map<Number, ClientRequest> requests_;
  Number last_number_ = 0;
  Number given_ = 0;  // by next(), or passed over
  ClientRequest* barrier_ = nullptr;
  std::optional<mtproto::Time> next_due_;
};

}  // namespace server

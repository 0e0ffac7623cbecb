// `after`: requests that are to be carried out behind others of their client. Within one data
// centre Telegram sees to that and only has to be told behind which (invokeAfterMsgs); across data
// centres only we can know, and such a request waits until those before it are over. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/connection/request_queue.hpp"

namespace server {

class AfterOrder {
 public:
  // Of requests that got no answer in time, so many are remembered.
  static constexpr std::size_t most_late = 64;

  explicit AfterOrder(RequestQueue& queue) : queue_(queue) {}

  // True: it has to wait, and its state says so.
  bool holds_back(ClientRequest&);
  // Those that waited and need not any more. They are asked about once more before they are sent:
  // one of them may be what another waits for.
  std::vector<RequestQueue::Number> released();
  // What its data centre is to carry out first.
  std::vector<mtproto::RequestId> sent_before(const ClientRequest&) const;

  // It got no answer in time and may be carried out all the same.
  void add_late(const ClientRequest&);
  // The data centre's upstream connection is gone, and with it what it knew of requests.
  void forget_late(mtproto::DcId);
  void forget_late_elsewhere();
  void forget_late() { late_.clear(); }

 private:
  class ById;

  static bool awaits_elsewhere(ClientRequest&, const ById&);

  RequestQueue& queue_;
  std::vector<std::pair<std::string, account::CallId>> late_;  // by their client's id
  bool some_wait_ = false;                                     // perhaps
};

}  // namespace server

// A client's messages on their way to Telegram and back, from their bytes to their outcome: sends,
// sends once more what is refused for now or here, waits for what must come first. A caller of
// CallTable; calls the account, the queue and the deliveries; its connection is told what a request
// came to. Time is an argument.
#pragma once

#include <cstdint>
#include <vector>

#include "server/connection/after_order.hpp"
#include "server/connection/client_attributes.hpp"
#include "server/connection/deliveries.hpp"
#include "server/connection/outcome.hpp"
#include "server/connection/request_queue.hpp"
#include "server/connection/retry_policy.hpp"
#include "server/connection/rounding_hint.hpp"
#include "server/metering/metrics.hpp"

namespace server {

class RequestSender final : public account::Caller {
 public:
  class User {
   public:
    virtual ~User() = default;
    // The request is over; it is gone afterwards, perhaps with the connection.
    virtual void on_request_over(ClientRequest&, const Outcome&, mtproto::Time now) = 0;
    virtual void on_request_failed(ClientRequest&, Failure, mtproto::Time now) = 0;
    // Telegram says that nobody is signed in with this key.
    virtual void on_signed_out() = 0;
    // Somebody is signed in at home, or about to be: a refusal does not move it elsewhere.
    virtual bool holds_home() const = 0;
    virtual void on_due() = 0;  // the queue's deadline may be sooner
  };

  RequestSender(RequestQueue& queue, ClientAttributes& attributes, Deliveries& deliveries,
                Counters& counters, User& user)
      : queue_(queue),
        after_(queue),
        attributes_(attributes),
        deliveries_(deliveries),
        counters_(counters),
        user_(user),
        hint_(deliveries.given()) {}

  // In its turn; it may have to wait for others. Its body is there.
  void send(ClientRequest&, mtproto::Time now);
  // Its time has come: it has slept enough, or there was no answer.
  // `interrupted`: a question that it led to was lost with its connection.
  void on_time(ClientRequest&, bool interrupted, mtproto::Time now);
  // An answer that was kept behind another.
  void on_answer(std::uint64_t number, tl::Slice body, mtproto::Time now);
  // A request is over: others may have waited for it.
  void send_waiting(mtproto::Time now);
  void on_dc(const account::DcChange&);
  // The account goes, and with it what is in flight.
  void on_account_leaving(const char* why, mtproto::Time now);
  // Nobody waits for anything any more.
  void close();

  void on_outcome(std::uint64_t number, account::CallOutcome, mtproto::Time now) override;

 private:
  void call(ClientRequest&, mtproto::Time now);
  void forget_call(ClientRequest&);
  void on_unreachable(ClientRequest&, const upstream::UpstreamFailure&, mtproto::Time now);
  bool retry(ClientRequest&, tl::ByteView body, mtproto::Time now);
  RefusedCall refused_call(const ClientRequest&) const;
  void sleep(ClientRequest&, const Retry&, mtproto::Time now);
  bool wait_with_others(ClientRequest&, mtproto::Time now);
  void move_home(mtproto::DcId, mtproto::Time now);
  void learn(const ClientRequest&, const tl::Slice& answer, mtproto::Time now);
  void finish(ClientRequest&, tl::ByteView answer, mtproto::Time now);
  void expire(ClientRequest&, bool interrupted, mtproto::Time now);
  void lose(const std::vector<std::uint64_t>& numbers, const char* why, mtproto::Time now);

  RequestQueue& queue_;
  AfterOrder after_;
  ClientAttributes& attributes_;
  Deliveries& deliveries_;
  Counters& counters_;
  User& user_;
  RoundingHint hint_;
  bool closed_ = false;
};

}  // namespace server

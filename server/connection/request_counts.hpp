// Requests in the metrics: how many are in flight, and what became of the others. Of a connection's.
#pragma once

#include "server/connection/client_request.hpp"
#include "server/connection/outcome.hpp"
#include "server/metering/metrics.hpp"

namespace server {

class RequestCounts {
 public:
  explicit RequestCounts(Counters& counters) : counters_(counters) {}

  void begun(const ClientRequest& request) {
    if (asks(request)) counters_.requests_in_flight.add();
  }
  void over(const ClientRequest& request, const Outcome& outcome) {
    gone(request);
    counters_.outcome(name(request, outcome));
  }
  // Its client is.
  void gone(const ClientRequest& request) {
    const bool finished = request.state == ClientRequest::State::finished;
    if (!finished && asks(request)) counters_.requests_in_flight.subtract();
  }
  // What was no request.
  void refused(const Failure& failure) { counters_.outcome(failure.error); }

 private:
  // Telegram is asked.
  static bool asks(const ClientRequest& request) {
    return request.request.message || request.request.signin;
  }
  static std::string_view name(const ClientRequest& request, const Outcome& outcome) {
    if (outcome.failure != nullptr) return outcome.failure->error;
    if (!asks(request)) return "answered";
    if (!outcome.answered) return "rpc_timeout";
    return outcome.refused ? "rpc_error" : "answered";
  }

  Counters& counters_;
};

}  // namespace server

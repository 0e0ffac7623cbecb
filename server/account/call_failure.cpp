#include "server/account/call_failure.hpp"

namespace server::account {

Failure no_way_to(const DcConnections& connections, mtproto::DcId dc, DcConnections::Reach reach) {
  if (reach == DcConnections::Reach::too_many) {
    return busy(DcConnections::most_secondary,
                "requests to more than 8 data centres in flight; wait for answers");
  }
  const auto number = connections.number(dc);
  return connection_error(number, "unknown data centre",
                          "no address of data centre " + std::to_string(number) + " is known");
}

Failure unreachable(const DcConnections& connections, mtproto::DcId dc,
                    const upstream::UpstreamFailure& failure) {
  const auto number = failure.dc ? failure.dc->value() : connections.number(dc);
  auto text = "data centre " + std::to_string(number);
  if (!failure.where.empty()) text += " (" + failure.where + ")";
  text += failure.was_up ? ": " : " can't be reached: ";
  return connection_error(number, failure.reason, text + failure.reason);
}

Failure call_failure(const DcConnections& connections, mtproto::DcId dc,
                     const CallOutcome& outcome) {
  if (const auto* lost = std::get_if<CallLost>(&outcome)) return outcome_unknown(lost->why);
  if (const auto* unsendable = std::get_if<CallUnsendable>(&outcome)) {
    return type_error("/message", unsendable->why.message());
  }
  return unreachable(connections, dc, *std::get<CallUnreachable>(outcome).failure);
}

}  // namespace server::account

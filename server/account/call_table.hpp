// Every call of an account that is in flight, whoever made it. Each has exactly one outcome, which
// is told to its caller at the end of the turn, never from inside call(). Calls DcConnections; its
// account brings what those tell.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "server/account/account_event.hpp"
#include "server/account/dc_connections.hpp"

namespace server::account {

// `request` is unique only as long as the connection lasts that it was given to.
struct CallId {
  mtproto::DcId dc = home_dc;
  std::uint32_t connection = 0;  // DcConnections::serial()
  mtproto::RequestId request;
  auto operator<=>(const CallId&) const = default;
};

class CallTable {
 public:
  using Reach = DcConnections::Reach;

  CallTable(DcConnections& connections, EventQueue& events)
      : connections_(connections), events_(events) {}

  // Where `dc` can't be reached `id` is not set, and the caller hears nothing.
  Reach call(mtproto::DcId dc, tl::SharedBytes body, mtproto::SendOptions, Caller&,
             std::uint64_t tag, mtproto::Time now, std::optional<CallId>& id);
  // What comes of the call of that tag, or of all of the caller's, is of no interest any more.
  void forget(const Caller&, std::optional<std::uint64_t> tag = {});

  // It was written, and the connection was lost before there was an answer.
  bool interrupted(const CallId&) const;
  bool in_flight(mtproto::DcId dc) const;
  std::size_t size() const { return calls_.size(); }
  // Whether there was one ever.
  bool any() const { return any_; }
  // When the last API call was made at home.
  std::optional<mtproto::Time> last_api_call() const { return last_api_call_; }
  const DcConnections& connections() const { return connections_; }

  // --- what the connections tell ---
  void on_ready(mtproto::DcId);
  void on_over(mtproto::DcId, mtproto::RequestId, CallOutcome);
  void on_down(mtproto::DcId, const std::shared_ptr<const upstream::UpstreamFailure>&);
  // The connections beside the account's own are gone.
  void on_secondary_closed(std::string_view why);

 private:
  struct Call {
    Caller* caller;
    std::uint64_t tag;
    mtproto::Time made;
    bool written;  // it may have reached Telegram
    bool interrupted = false;
  };
  // Of a table by hashes its buckets would be kept by each account that ever made a call.
  using Calls = std::map<CallId, Call>;

  Calls::iterator over(Calls::iterator, CallOutcome);

  DcConnections& connections_;
  EventQueue& events_;
  Calls calls_;
  bool any_ = false;
  std::optional<mtproto::Time> last_api_call_;
};

}  // namespace server::account

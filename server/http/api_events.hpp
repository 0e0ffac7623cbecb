// The updates of a named account over HTTP: as they come (Server-Sent Events), or those that there
// are, as soon as there are any (long poll).
//   GET /api/v1/{account}/events    GET /api/v1/{account}/updates?after=N&limit=100&timeout=50
// html.spec.whatwg.org/multipage/server-sent-events.html
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mtproto/time.hpp"
#include "server/gateway/log_follower.hpp"
#include "server/http/head.hpp"
#include "server/protocol/api_status.hpp"
#include "tl/result.hpp"

namespace server::http {

// Who writes what comes of it.
class ApiEventsUser {
 public:
  virtual ~ApiEventsUser() = default;
  // The whole response, once and instead of a stream.
  virtual void on_api_reply(ApiStatus status, LongText text) = 0;
  // A piece of the stream; its end.
  virtual void on_events(std::string text) = 0;
  virtual void on_events_over() = 0;
  // What was given waits to be written: go_on() is due once it is.
  virtual bool events_wait() const = 0;
  virtual void on_events_due() = 0;  // deadline() may be sooner
};

struct EventsWish {
  static constexpr std::int64_t most_items = 1'000;
  static constexpr std::int64_t longest_poll = 600;  // s

  bool stream = false;
  LogWish log;
  std::int64_t limit = 100;
  std::chrono::seconds timeout{0};
};

// A Failure: "NotFound", or what is wrong with the query.
tl::Result<EventsWish, Failure> read_events_wish(const Head&);

class ApiEvents final : private LogReader {
 public:
  static constexpr std::chrono::seconds comment_after{15};
  static constexpr std::chrono::seconds there_within{15};  // the account; those that it has

  ApiEvents(ThreadState&, EventsWish, ApiEventsUser&, mtproto::Time now);

  // What was given is written.
  void go_on();
  // Nothing more comes from this gateway.
  void stop(const Failure& why) { on_no_log(why); }
  void tick(mtproto::Time now);
  std::optional<mtproto::Time> deadline() const { return due_; }

 private:
  void on_log(std::int64_t newest) override;
  void wait_for_newer(mtproto::Time now);
  void on_no_log(const Failure&) override;
  void on_items(std::vector<LogItem>, std::int64_t position) override;
  void on_items_gone(std::int64_t oldest) override;
  void on_log_event(std::string_view name, const std::string& data) override;
  void stream(const std::vector<LogItem>&, std::int64_t position);
  void answer(const std::vector<LogItem>&, std::int64_t position);
  void say(std::string text);
  void reply(unsigned status, LongText text);
  void end();

  const EventsWish wish_;
  ApiEventsUser& user_;
  std::unique_ptr<LogFollower> follower_;  // none: answered
  std::optional<mtproto::Time> due_;
  std::int64_t position_ = 0;
  std::optional<std::int64_t> newest_;  // when it began; none: the account is not there yet
  bool ahead_ = false;                  // go_on() is due
  bool over_ = false;                   // answered
};

}  // namespace server::http

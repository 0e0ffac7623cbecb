#include "server/http/api_events.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "server/http/api_target.hpp"
#include "server/protocol/api_reply.hpp"
#include "server/store/account_table.hpp"
#include "server/upstream/pump.hpp"
#include "tl/numbers.hpp"

namespace server::http {
namespace {

Failure wrong(std::string_view name, std::string text) {
  return type_error("?" + std::string(name), std::move(text));
}

// A whole number of the query; none: it is not there.
tl::Result<std::optional<std::int64_t>, Failure> number(const Head& head, std::string_view name,
                                                        std::int64_t least, std::int64_t most) {
  using Out = tl::Result<std::optional<std::int64_t>, Failure>;
  const auto text = head.parameter(name);
  if (!text) return Out(std::optional<std::int64_t>());
  const auto value = tl::parse_count(*text, least, most);
  if (value) return Out(value);
  return Out(wrong(
      name, "a number from " + std::to_string(least) + " to " + std::to_string(most) + " is due"));
}

constexpr auto highest = std::int64_t{1} << 53;

std::optional<Failure> read_bounds(const Head& head, EventsWish& to) {
  const auto limit = number(head, "limit", 1, EventsWish::most_items);
  if (!limit) return limit.error();
  const auto timeout = number(head, "timeout", 0, EventsWish::longest_poll);
  if (!timeout) return timeout.error();
  to.limit = limit->value_or(to.limit);
  to.timeout = std::chrono::seconds(timeout->value_or(0));
  return {};
}

// A browser that comes again says where it was.
std::optional<Failure> read_place(const Head& head, EventsWish& to) {
  const auto after = number(head, "after", 0, highest);
  if (!after) return after.error();
  to.log.after = *after;
  if (!to.stream) return {};
  const auto last = head.field("last-event-id");
  if (!last) return {};
  const auto value = tl::parse_int64(*last);
  if (!value || *value < 0) {
    return Failure{"BadRequest", "Last-Event-ID is no number of an update", {}, {}, {}};
  }
  to.log.after = *value;
  return {};
}

Failure not_there() {
  return {"StoreUnavailable", "the store did not answer in time", "/account", {}, {}};
}

void append_item(const LogItem& item, std::string& out) {
  out += '{';
  out += *item.text;
  out += '}';
}

}  // namespace

tl::Result<EventsWish, Failure> read_events_wish(const Head& head) {
  const auto parts = split_api_path(head.path);
  if (!parts) return no_such_account_name({});
  EventsWish out;
  out.stream = parts->method == "events";
  if (!store::is_account_name(parts->account)) return no_such_account_name(parts->account);
  out.log.account = parts->account;
  out.log.types = head.parameter("types").value_or("");
  if (auto failure = read_place(head, out)) return std::move(*failure);
  if (out.stream) return out;
  if (auto failure = read_bounds(head, out)) return std::move(*failure);
  return out;
}

ApiEvents::ApiEvents(ThreadState& thread, EventsWish wish, ApiEventsUser& user, mtproto::Time now)
    : wish_(std::move(wish)),
      user_(user),
      follower_(std::make_unique<LogFollower>(
          thread,
          LogWish{wish_.log.account,
                  wish_.stream ? wish_.log.after : std::optional(wish_.log.after.value_or(0)),
                  wish_.log.types, wish_.log.scope},
          static_cast<LogReader&>(*this))),
      due_(now + there_within),
      position_(wish_.log.after.value_or(0)) {}

void ApiEvents::on_log(std::int64_t newest) {
  if (over_) return;
  newest_ = newest;
  if (wish_.stream) {
    say(": the newest update is " + std::to_string(newest) + "\n\n");
    return;
  }
  if (newest < position_) return on_items_gone(newest + 1);
  // Those that are there come in a moment.
  if (newest == position_) wait_for_newer(upstream::boot_time());
}

void ApiEvents::wait_for_newer(mtproto::Time now) {
  newest_ = std::numeric_limits<std::int64_t>::max();
  if (wish_.timeout == std::chrono::seconds::zero()) return answer({}, position_);
  due_ = now + wish_.timeout;
  user_.on_events_due();
}

// What is over in a while has a stream of its own, which is short: for an EventSource any status but
// 200 is final.
void ApiEvents::on_no_log(const Failure& failure) {
  if (over_) return;
  const auto status = status_of_failure(failure.error);
  auto refusal = api_refusal(status, failure);
  if (wish_.stream && (status == 503 || newest_)) {
    end();
    user_.on_events("event: away\ndata: " + refusal + "\n\nretry: 1000\n\n");
    return user_.on_events_over();
  }
  LongText text;
  text += refusal;
  reply(status, std::move(text));
}

// Nothing of the log is of use any more.
void ApiEvents::end() {
  over_ = true;
  due_.reset();
  follower_.reset();
}

void ApiEvents::reply(unsigned status, LongText text) {
  end();
  user_.on_api_reply({status, {}}, std::move(text));
}

void ApiEvents::on_items(std::vector<LogItem> items, std::int64_t position) {
  if (over_) return;
  position_ = position;
  ahead_ = true;
  if (wish_.stream) {
    stream(items, position);
  } else if (!items.empty()) {
    return answer(items, position);
  } else if (position >= newest_) {  // of those that were there none is wanted
    wait_for_newer(upstream::boot_time());
  }
  if (!over_ && !user_.events_wait()) go_on();
}

void ApiEvents::on_items_gone(std::int64_t oldest) {
  if (over_) return;
  if (wish_.stream) {
    return say("id: " + std::to_string(oldest - 1) +
               "\nevent: gone\ndata: {\"oldest\":" + std::to_string(oldest) + "}\n\n");
  }
  if (!wish_.log.after) return;  // all that are kept
  on_no_log({"UpdatesGone",
             "updates behind that number are kept no more, or the log began anew",
             {},
             {{"oldest", std::to_string(oldest)}},
             {}});
}

// Without an id: where a reader goes on it is the same.
void ApiEvents::on_log_event(std::string_view name, const std::string& data) {
  if (over_ || !wish_.stream) return;
  say("event: " + std::string(name) + "\ndata: " + data + "\n\n");
}

void ApiEvents::go_on() {
  if (std::exchange(ahead_, false) && follower_) follower_->go_on();
}

void ApiEvents::tick(mtproto::Time now) {
  if (over_ || !due_ || *due_ > now) return;
  if (!newest_) return on_no_log(not_there());
  wish_.stream ? say(":\n\n") : answer({}, position_);
}

// An id without data is where a browser goes on, though there was nothing for it.
void ApiEvents::stream(const std::vector<LogItem>& items, std::int64_t position) {
  std::string text;
  for (const auto& item : items) {
    text += "id: " + std::to_string(item.number) + "\nevent: update\ndata: ";
    append_item(item, text);
    text += "\n\n";
  }
  if (items.empty() || items.back().number < position) {
    text += "id: " + std::to_string(position) + "\n\n";
  }
  say(std::move(text));
}

void ApiEvents::say(std::string text) {
  due_ = upstream::boot_time() + comment_after;
  user_.on_events(std::move(text));
  user_.on_events_due();
}

void ApiEvents::answer(const std::vector<LogItem>& items, std::int64_t position) {
  if (over_) return;
  const auto count = std::min(items.size(), static_cast<std::size_t>(wish_.limit));
  if (count < items.size()) position = items[count - 1].number;
  std::string out = "{\"ok\":true,\"result\":[";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    append_item(items[i], out);
  }
  out += "],\"after\":" + std::to_string(position) + "}";
  LongText text;
  text.attach(std::move(out));
  reply(200, std::move(text));
}

}  // namespace server::http

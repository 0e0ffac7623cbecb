#include "server/connection/request_sender.hpp"

#include <algorithm>
#include <memory_resource>
#include <utility>

#include "server/account/call_failure.hpp"
#include "server/protocol/only_reads.hpp"

namespace server {

using account::home_dc;
using State = ClientRequest::State;

namespace {

// It is handed on, not copied, and then its reply can't be begun anew.
constexpr std::size_t large_extra = std::size_t{32} << 10;

std::string in_flight(const char* why) {
  return std::string(why) +
         " while the request was in flight; it can't be known whether it was carried out";
}

bool repeats(const ClientRequest& request) {
  return !request.body.empty() && request.send.repeat == mtproto::Repeat::freely;
}

}  // namespace

// --- out ---

void RequestSender::send(ClientRequest& request, mtproto::Time now) {
  if (after_.holds_back(request) || wait_with_others(request, now)) return;
  request.send.after = after_.sent_before(request);
  request.state = State::sent;
  call(request, now);
}

void RequestSender::call(ClientRequest& request, mtproto::Time now) {
  if (closed_) return;
  if (auto away = attributes_.away())
    return user_.on_request_failed(request, std::move(*away), now);
  // Elsewhere it goes inside invokeWithoutUpdates.
  request.sent_bytes = request.dc == home_dc ? 0 : request.body.size();
  attributes_.speak_to_send();
  auto& account = attributes_.account();
  const auto reach = account.calls().call(request.dc, request.body, request.send, *this,
                                          request.number, now, request.call);
  if (reach != account::CallTable::Reach::there) {
    return user_.on_request_failed(
        request, account::no_way_to(account.connections(), request.dc, reach), now);
  }
  request.share.resize(request.memory_usage());
}

void RequestSender::forget_call(ClientRequest& request) {
  if (!request.call) return;
  attributes_.account().calls().forget(*this, request.number);
  request.call.reset();
}

void RequestSender::send_waiting(mtproto::Time now) {
  for (auto due = after_.released(); !due.empty(); due = after_.released()) {
    for (const auto number : due) {
      auto* request = queue_.find(number);
      if (request != nullptr && request->state == State::waiting) send(*request, now);
    }
  }
}

// --- what a call came to ---

void RequestSender::on_outcome(std::uint64_t number, account::CallOutcome outcome,
                               mtproto::Time now) {
  if (auto* body = std::get_if<tl::Slice>(&outcome)) {
    if (!deliveries_.ready()) return deliveries_.keep(number, std::move(*body));
    return on_answer(number, std::move(*body), now);
  }
  auto* request = queue_.find(number);
  if (request == nullptr || !request->call) return;
  const auto dc = request->call->dc;
  request->call.reset();
  if (std::holds_alternative<account::CallWritten>(outcome)) {
    Outcome written;
    written.answered = true;
    const bool classic = request->notation == tl::Notation::classic;
    written.message = classic ? R"({"_cons":"boolTrue"})" : "true";
    return user_.on_request_over(*request, written, now);
  }
  if (const auto* unreachable = std::get_if<account::CallUnreachable>(&outcome)) {
    return on_unreachable(*request, *unreachable->failure, now);
  }
  user_.on_request_failed(
      *request, account::call_failure(attributes_.account().connections(), dc, outcome), now);
}

// Where a key is known no more in another data centre, that is our business and not the client's:
// with another key what may be said twice is said again, once.
void RequestSender::on_unreachable(ClientRequest& request, const upstream::UpstreamFailure& failure,
                                   mtproto::Time now) {
  const bool again = failure.final && failure.was_up && request.dc != home_dc &&
                     !request.attempts.authorised && repeats(request);
  if (again) {
    request.attempts.authorised = true;
    return send(request, now);
  }
  user_.on_request_failed(
      request, account::unreachable(attributes_.account().connections(), request.dc, failure), now);
}

void RequestSender::on_answer(std::uint64_t number, tl::Slice body, mtproto::Time now) {
  auto* request = queue_.find(number);
  if (request == nullptr || !request->call) return;
  request->call.reset();
  if (retry(*request, body, now)) return;
  learn(*request, body, now);
  if (account::AnswerDecoder::is_large(body) || request->request.extra.size() > large_extra) {
    request->state = State::decoding;
    return deliveries_.decode(*request, std::move(body));
  }
  finish(*request, body, now);
  attributes_.account().refresh_config(now);
}

// What the answer means for the account.
void RequestSender::learn(const ClientRequest& request, const tl::Slice& body, mtproto::Time now) {
  if (request.dc != home_dc) return;
  const auto error = account::rpc_error(body);
  const auto* method = request.encoding.innermost;
  attributes_.answered(body, error ? &*error : nullptr, method, request.body, now);
  const bool left = !error && method != nullptr && method->name == "auth.logOut";
  if (left || (error && error->code == 401)) user_.on_signed_out();
}

void RequestSender::finish(ClientRequest& request, tl::ByteView body, mtproto::Time now) {
  const auto& schema = *attributes_.scheme().schema;
  const auto error = account::rpc_error(body);
  Outcome outcome;
  outcome.answered = true;
  std::string text, hint;
  std::pmr::monotonic_buffer_resource arena;
  outcome.body = body;
  outcome.schema = &schema;
  if (error) {
    if (const auto value = tl::decode_value(schema, tl::any_object, body, arena)) {
      tl::write_json(account::named_error(*value, arena), text);
      outcome.message = text;
      outcome.body = {};
      outcome.refused = true;
      hint = hint_.about(request, *error);
      outcome.hint = hint;
    }
  }
  user_.on_request_over(request, outcome, now);
}

// --- once more ---

// True where it is sent once more.
bool RequestSender::retry(ClientRequest& request, tl::ByteView body, mtproto::Time now) {
  const auto error = account::rpc_error(body);
  if (!error) return false;
  const auto& server = attributes_.server();
  const RetryPolicy policy(*server.telegram, attributes_.options().flood_wait);
  const auto retry = policy.decide(refused_call(request), *error);
  request.attempts.count(retry);
  if (retry.flood_wait) counters_.flood_waits.add();
  const auto* method = request.encoding.innermost;
  if (retry.account_wait.count() > 0 && method != nullptr) {
    attributes_.account().note_flood_wait(method->id, now + retry.account_wait);
  }
  switch (retry.kind) {
    case Retry::Kind::fail:
      return false;
    case Retry::Kind::initialise:
      attributes_.account().initialise(request.dc);
      break;
    case Retry::Kind::authorise:
      break;
    case Retry::Kind::sleep:
      sleep(request, retry, now);
      return true;
    case Retry::Kind::move_home:
      move_home(retry.dc, now);
      request.send.after.clear();
      break;
    case Retry::Kind::migrate:
      request.dc = retry.dc == server.dc ? home_dc : retry.dc;
      request.send.after.clear();
      break;
  }
  call(request, now);
  return true;
}

RefusedCall RequestSender::refused_call(const ClientRequest& request) const {
  RefusedCall call;
  call.attempts = request.attempts;
  call.dc = attributes_.account().connections().number(request.dc);
  call.elsewhere = request.dc != home_dc;
  call.kept = !request.body.empty();
  call.api = request.send.api;
  call.bare = request.send.bare;
  call.follows = !request.send.after.empty();
  call.moves_home = queue_.barrier() == nullptr && !user_.holds_home();
  return call;
}

void RequestSender::sleep(ClientRequest& request, const Retry& retry, mtproto::Time now) {
  if (retry.flood_wait) {
    counters_.flood_waits_kept.add();
    request.begun += retry.pause;
    request.deadline += retry.pause;
  }
  queue_.sleep(request, now + retry.pause);
  user_.on_due();
}

// Telegram told another request of this account to wait, and this one may: it is not asked again
// before. Who may not wait gets Telegram's own answer.
bool RequestSender::wait_with_others(ClientRequest& request, mtproto::Time now) {
  using std::chrono::seconds;
  const auto* method = request.encoding.innermost;
  if (attributes_.options().flood_wait == seconds::zero() || method == nullptr) return false;
  const auto until = attributes_.account().flood_wait(method->id, now);
  const auto pause = std::chrono::ceil<seconds>(until - now);
  const auto left = attributes_.options().flood_wait - request.attempts.flood_waited;
  if (pause <= seconds::zero() || pause > left) return false;
  const Retry retry{.kind = Retry::Kind::sleep, .pause = pause, .flood_wait = true};
  request.attempts.count(retry);
  sleep(request, retry, now);
  return true;
}

// The session goes on in another data centre, under a key to be made there. What is in flight and
// may be said twice is said again there.
void RequestSender::move_home(mtproto::DcId dc, mtproto::Time now) {
  std::vector<std::uint64_t> again;
  for (auto& request : queue_.all()) {
    const bool moves =
        request.state == State::sent && request.call && request.dc == home_dc && repeats(request);
    if (!moves) continue;
    forget_call(request);
    again.push_back(request.number);
  }
  attributes_.move(dc, "Telegram sent this session to another data centre", now);
  for (const auto number : again) {
    if (auto* request = queue_.find(number)) send(*request, now);
  }
}

// --- what happens meanwhile ---

void RequestSender::on_time(ClientRequest& request, bool interrupted, mtproto::Time now) {
  if (request.state == State::sleeping && request.deadline > now) return send(request, now);
  expire(request, interrupted, now);
}

void RequestSender::expire(ClientRequest& request, bool interrupted, mtproto::Time now) {
  auto& account = attributes_.account();
  const auto& connections = account.connections();
  interrupted = interrupted || (request.call && account.calls().interrupted(*request.call));
  if (request.call) after_.add_late(request);
  forget_call(request);
  const auto* method = request.encoding.innermost;
  const bool reads = method != nullptr && only_reads(method->name);
  const auto* last = connections.last_failure(request.dc);
  const auto reason = last != nullptr ? last->reason : std::string("no answer in time");
  if (interrupted && !reads) {
    return user_.on_request_failed(request,
                                   outcome_unknown("the connection to Telegram was lost (" +
                                                   reason + ") before there was an answer"),
                                   now);
  }
  if (request.unreached && last != nullptr && !connections.ready(request.dc)) {
    return user_.on_request_failed(request, account::unreachable(connections, request.dc, *last),
                                   now);
  }
  const auto text = rpc_timeout(now - request.begun);
  Outcome outcome;
  outcome.message = text;
  user_.on_request_over(request, outcome, now);
}

void RequestSender::on_dc(const account::DcChange& change) {
  if (!change.failure) return;
  for (auto& request : queue_.all()) {
    if (request.dc == change.dc) request.unreached = true;
  }
  // The next connection counts its requests from the beginning.
  if (change.failure->final) after_.forget_late(change.dc);
}

void RequestSender::on_account_leaving(const char* why, mtproto::Time now) {
  std::vector<std::uint64_t> waiting, lost;
  for (const auto& request : queue_.all()) {
    if (request.state == State::waiting) waiting.push_back(request.number);
    if (request.call) lost.push_back(request.number);
  }
  attributes_.account().calls().forget(*this);
  after_.forget_late();
  for (const auto number : waiting) {
    auto* request = queue_.find(number);
    if (request == nullptr || request->state != State::waiting) continue;
    const auto dc = attributes_.account().connections().number(request->dc);
    user_.on_request_failed(
        *request, connection_error(dc, why, std::string(why) + " before the request was sent"),
        now);
  }
  lose(lost, why, now);
}

void RequestSender::lose(const std::vector<std::uint64_t>& numbers, const char* why,
                         mtproto::Time now) {
  for (const auto number : numbers) {
    auto* request = queue_.find(number);
    if (request == nullptr || !request->call) continue;
    request->call.reset();
    user_.on_request_failed(*request, outcome_unknown(in_flight(why)), now);
  }
}

void RequestSender::close() {
  closed_ = true;
  attributes_.account().calls().forget(*this);
}

}  // namespace server

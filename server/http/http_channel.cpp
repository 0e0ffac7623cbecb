// A connection's requests, one after another. What they lead to is in http_serve.cpp.
#include "server/http/http_channel.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "server/access/admission.hpp"
#include "server/http/routes.hpp"
#include "server/protocol.hpp"
#include "server/upstream/pump.hpp"

namespace server::http {
namespace {

// So much of the next requests may wait while one is served; and so much of responses while the
// next is begun.
constexpr std::size_t most_ahead = std::size_t{64} << 10;

}  // namespace

HttpChannel::HttpChannel(ThreadState& thread, channel::Outlet& outlet, Caller caller, bool tls,
                         mtproto::Time now)
    : thread_(thread),
      outlet_(outlet),
      caller_(std::move(caller)),
      tls_(tls),
      self_(std::make_shared<HttpChannel*>(this)) {
  next(now);
}

HttpChannel::~HttpChannel() { *self_ = nullptr; }

void HttpChannel::close() {
  *self_ = nullptr;
  state_ = State::over;
  retire_post();
}

void HttpChannel::receive(tl::ByteView bytes, mtproto::Time now) {
  if (state_ == State::over) return;
  in_ += tl::as_text(bytes);
  advance(now);
}

void HttpChannel::end(mtproto::Time now) {
  ended_ = true;
  advance(now);
}

void HttpChannel::drain() {
  draining_ = true;
  if (state_ != State::head || begun_) return;
  close();
  outlet_.hang_up(false);
}

std::optional<mtproto::Time> HttpChannel::deadline() const {
  return state_ == State::head || state_ == State::body ? due_ : std::nullopt;
}

void HttpChannel::tick(mtproto::Time now) {
  const auto due = deadline();
  if (!due || *due > now) return;
  if (begun_ || state_ == State::body) return outlet_.abandon("its HTTP request took too long");
  close();
  outlet_.hang_up(false);
}

void HttpChannel::written(mtproto::Time now) { advance(now); }

// --- one after another ---

void HttpChannel::next(mtproto::Time now) {
  state_ = State::head;
  reader_.emplace(thread_.gateway.options.max_line);
  begun_ = false;
  streaming_ = false;
  admitted_ = false;
  verdict_ = {};
  due_ = now + idle_time;
}

// Requests that came ahead wait in the socket, not here.
void HttpChannel::advance(mtproto::Time now) {
  read_on(now);
  if (state_ != State::over) outlet_.pause(state_ != State::body && in_.size() > most_ahead);
}

void HttpChannel::read_on(mtproto::Time now) {
  while (state_ == State::head || state_ == State::body) {
    if (state_ == State::head && outlet_.out().size() > most_ahead) return;
    if (state_ == State::head && !begun_ && !in_.empty()) {
      begun_ = true;
      due_ = now + head_time;
    }
    const auto step = reader_->read(in_, [this, now](std::string_view body) {
      due_ = now + body_time;
      if (post_) post_->feed(body);
    });
    if (state_ == State::over) return;  // the body was no request
    switch (step) {
      case RequestReader::Step::more:
        if (!ended_) return;
        close();
        return outlet_.hang_up(false);
      case RequestReader::Step::head:
        begin(now);
        break;
      case RequestReader::Step::done:
        state_ = State::serving;
        post_->end();
        break;
      case RequestReader::Step::head_too_long:
      case RequestReader::Step::body_too_long:
      case RequestReader::Step::failed:
        return break_off(step);
    }
  }
}

// Where the next request would begin nobody knows any more.
void HttpChannel::break_off(RequestReader::Step why) {
  if (streaming_) {  // it is seen by the last chunk that is missing
    close();
    return outlet_.hang_up(true);
  }
  switch (why) {
    case RequestReader::Step::head_too_long:
      return refuse(431, "HeadTooLong", "the head of a request has at most 16 KiB");
    case RequestReader::Step::body_too_long:
      return on_no_request(
          413, no_request(thread_, id_of_no_json, line_too_long(thread_.gateway.options.max_line)));
    default:
      return refuse(400, "BadRequest", "this is no HTTP request that can be understood");
  }
}

void HttpChannel::begin(mtproto::Time now) {
  state_ = State::serving;
  due_ = now + body_time;
  if (!let_in()) return;
  const auto& head = reader_->head();
  const auto& route = find_route(head.path);
  if (head.method == "OPTIONS" && verdict_.cors) return preflight();
  if (!route.allows(head.method)) {
    auto response = refusal(405, "MethodNotAllowed", std::string(route.methods) + " is due here");
    response.fields.emplace_back("Allow", std::string(route.methods));
    return respond(std::move(response));
  }
  if (route.access != Access::open && !show_token(route.access == Access::first_object)) return;
  (this->*route.serve)();
}

// --- who may come in ---

bool HttpChannel::let_in() {
  const auto& head = reader_->head();
  const auto text = [&](std::string_view name) { return head.field(name).value_or(""); };
  for (const auto* once :
       {"host", "origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "authorization"}) {
    if (head.count(once) <= 1) continue;
    refuse(400, "BadRequest", "a header is there twice that can be there once");
    return false;
  }
  access::Visit visit;
  visit.method = head.method;
  visit.host = text("host");
  visit.origin = text("origin");
  visit.sec_fetch_site = text("sec-fetch-site");
  visit.sec_fetch_mode = text("sec-fetch-mode");
  visit.sec_fetch_dest = text("sec-fetch-dest");
  visit.has_host = head.count("host") != 0;
  visit.has_origin = head.count("origin") != 0;
  visit.websocket = head.websocket;
  visit.tls = tls_;
  visit.local_socket = caller_.peer.local_socket;
  visit.open_path = find_route(head.path).any_host;
  verdict_ = thread_.gateway.door.judge(visit);
  if (verdict_.allowed) return true;
  thread_.counters.refused.add();
  thread_.gateway.refusals.note(caller_.number, verdict_);
  auto why = verdict_.reason;
  if (!verdict_.flag.empty()) why += "; " + verdict_.flag + " would allow it";
  refuse(403, "Forbidden", why);
  return false;
}

bool HttpChannel::show_token(bool first_object_may) {
  if (!thread_.gateway.tokens()) return true;
  const auto header = reader_->head().field("authorization");
  std::optional<std::string_view> token;
  constexpr std::string_view scheme = "bearer ";
  if (header && header->size() > scheme.size() &&
      std::equal(scheme.begin(), scheme.end(), header->begin(),
                 [](char a, char b) { return a == (b | 0x20); })) {
    token = header->substr(scheme.size());
  }
  if (!token && first_object_may) return true;
  const auto verdict = access::admit(thread_.gateway, caller_.peer, token);
  admitted_ = verdict.admitted;
  if (admitted_) {
    if (std::exchange(last_name_, verdict.name) != verdict.name) {
      spdlog::info("conn={} token={}", caller_.number, verdict.name);
    }
    return true;
  }
  thread_.counters.refused.add();
  auto response = refusal(verdict.paused ? 429 : 401, "Unauthorized", verdict.failure.text);
  response.fields.emplace_back("WWW-Authenticate", "Bearer");
  respond(std::move(response));
  return false;
}

void HttpChannel::preflight() {
  Response response;
  response.status = 204;
  response.fields = {{"Access-Control-Allow-Methods", "GET, HEAD, POST"},
                     {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                     {"Access-Control-Max-Age", "600"}};
  respond(std::move(response));
}

// --- out ---

void HttpChannel::refuse(unsigned status, std::string_view error, std::string_view text) {
  respond(refusal(status, error, text));
}

Delivery HttpChannel::delivery(bool keep_alive) const {
  const auto& head = reader_->head();
  return {head.version, keep_alive, head.method == "HEAD"};
}

// A body that nobody wants to read ends the connection.
bool HttpChannel::will_keep_alive() const {
  return reader_->head().keep_alive && reader_->done() && !draining_;
}

void HttpChannel::respond(Response response) {
  if (verdict_.cors) {
    response.fields.emplace_back("Access-Control-Allow-Origin",
                                 std::string(reader_->head().field("origin").value_or("")));
    response.fields.emplace_back("Vary", "Origin");
  }
  const bool keep_alive = will_keep_alive();
  write_response(response, delivery(keep_alive), outlet_.out().end());
  outlet_.flush();
  if (keep_alive) return next(upstream::boot_time());
  close();
  outlet_.hang_up(true);
}

}  // namespace server::http

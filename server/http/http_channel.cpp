// A connection's requests, one after another. Who may come in is in http_admit.cpp, what they lead
// to in http_serve.cpp.
#include "server/http/http_channel.hpp"
#include "server/gateway/gateway.hpp"

#include <algorithm>

#include "server/gateway/admission.hpp"
#include "server/http/api_response.hpp"
#include "server/http/routes.hpp"
#include "server/logs/logger.hpp"
#include "server/protocol/protocol.hpp"
#include "server/upstream/pump.hpp"

namespace server::http {
namespace {

// So much of the next requests may wait while one is served; and so much of responses while the
// next is begun.
constexpr std::size_t most_ahead = std::size_t{64} << 10;
constexpr std::size_t most_ahead_when_full = std::size_t{4} << 10;
// Of a request this much is taken even at the bound of memory, so that probes are answered and what
// is short is told what is the matter.
constexpr std::size_t small_request = std::size_t{8} << 10;

}  // namespace

HttpChannel::HttpChannel(ThreadState& thread, channel::ByteSink& byte_sink, Caller caller, bool tls,
                         mtproto::Time now)
    : thread_(thread),
      byte_sink_(byte_sink),
      peer_(caller.peer),
      caller_(std::move(caller)),
      forwards_(thread.gateway.proxies.trusts(peer_)),
      tls_(tls),
      share_(thread.gateway.memory),
      api_connection_(thread),
      self_(std::make_shared<HttpChannel*>(this)) {
  next(now);
}

HttpChannel::~HttpChannel() { *self_ = nullptr; }

void HttpChannel::close() {
  *self_ = nullptr;
  state_ = State::over;
  import_.reset();
  retire_post();
  retire_call();
  retire_events();
  api_connection_.close();
}

void HttpChannel::receive(tl::ByteView bytes, mtproto::Time now) {
  if (state_ == State::over) return;
  in_ += tl::as_text(bytes);
  advance(now);
}

void HttpChannel::end(mtproto::Time now) {
  ended_ = true;
  if (events_) {  // nobody who wants them says goodbye first
    close();
    return byte_sink_.close_when_flushed(false);
  }
  advance(now);
}

void HttpChannel::drain() {
  draining_ = true;
  if (late_) respond(*std::exchange(late_, std::nullopt));
  if (events_) events_->stop({"Stopping", "the gateway is stopping", {}, {}, {}});
  if (state_ != State::head || begun_) return;
  close();
  byte_sink_.close_when_flushed(true);
}

std::optional<mtproto::Time> HttpChannel::deadline() const {
  if (state_ == State::over) return {};
  const auto due = events_ ? events_->deadline() : state_ == State::serving ? std::nullopt : due_;
  if (due && caller_.token_by) return std::min(*due, *caller_.token_by);
  return due ? due : caller_.token_by;
}

void HttpChannel::tick(mtproto::Time now) {
  const auto due = deadline();
  if (!due || *due > now) return;
  if (events_) return events_->tick(now);
  if (late_) {
    respond(*std::exchange(late_, std::nullopt));
    return advance(now);
  }
  if (caller_.token_by && *caller_.token_by <= now) return show_no_token();
  if (begun_ || state_ == State::body) return byte_sink_.reset("its HTTP request took too long");
  close();
  byte_sink_.close_when_flushed(false);
}

// A proxy's connection goes on; each of its requests has a time of its own.
void HttpChannel::wait_for_token(mtproto::Time now) {
  if (!forwards_ || !thread_.gateway.tokens()) return;
  caller_.token_by = now + access::time_to_show_token;
}

// What was answered is still to be read.
void HttpChannel::show_no_token() {
  logs::info("conn={} showed no token in time", caller_.number);
  close();
  byte_sink_.close_when_flushed(true);
}

void HttpChannel::written(mtproto::Time now) {
  advance(now);
  if (events_ && !events_wait()) events_->go_on();
}

// --- one after another ---

void HttpChannel::next(mtproto::Time now) {
  state_ = State::head;
  reader_.emplace(thread_.gateway.options.max_line);
  due_response_.reset();
  begun_ = false;
  streaming_ = false;
  short_body_.reset();
  admitted_ = false;
  scope_.reset();
  decision_ = {};
  due_ = now + idle_time;
  if (!forwards_) return;
  caller_.place.reset();
  caller_.token_by.reset();
}

// Requests that came ahead wait in the socket, not here.
void HttpChannel::advance(mtproto::Time now) {
  read_on(now);
  if (state_ == State::over) read_ = in_.size();
  forget_read();
  if (state_ == State::over) return share_.resize(0);
  if (!fits()) {
    if (state_ == State::head) return refuse_for_memory();
    cut_off_ = state_ == State::serving;
    if (cut_off_) tl::release(in_);
  }
  pause();
}

void HttpChannel::pause() {
  if (state_ == State::over) return;
  const bool answers = state_ == State::serving || state_ == State::waiting;
  const bool waits = answers || byte_sink_.out().size() > may_wait();
  byte_sink_.pause(post_busy_ || (waits && in_.size() > may_wait()));
}

std::size_t HttpChannel::may_wait() const {
  return thread_.gateway.memory.full() ? most_ahead_when_full : most_ahead;
}

void HttpChannel::forget_read() {
  const auto read = std::exchange(read_, 0);
  if (read == in_.size()) return tl::release(in_);
  if (read > 0) in_ = in_.substr(read);
}

// What is kept of requests is counted; false where there is no memory for it.
bool HttpChannel::fits() {
  const auto setting = short_body_ ? short_body_->capacity() : 0;
  const auto size = (in_.empty() ? 0 : in_.capacity()) + reader_->held() + setting;
  if (share_.try_resize(size)) return true;
  share_.resize(size);
  return in_.size() - read_ + reader_->held() / 2 <= small_request;
}

void HttpChannel::refuse_unknown() {
  refuse(404, "NotFound", "there is nothing here; the console is at /");
}

void HttpChannel::refuse_for_memory() {
  thread_.counters.outcome("Busy");
  refuse(503, "Busy", "the gateway is at its bound of memory (--max-memory)");
}

void HttpChannel::read_on(mtproto::Time now) {
  while (state_ == State::head || state_ == State::body) {
    if (state_ == State::head && byte_sink_.out().size() > may_wait()) return;
    if (state_ == State::head && cut_off_) return refuse_for_memory();
    auto rest = std::string_view(in_).substr(read_);
    const auto step = reader_->read(rest, [this, now](std::string_view body, bool pause) {
      due_ = now + body_time;
      if (post_) post_->feed(body, pause);
      if (call_) call_->feed(body);
      if (short_body_) feed_short_body(body);
      if (import_) feed_import(body);
    });
    if (state_ == State::over || state_ == State::waiting) return;  // the body was no request
    read_ = in_.size() - rest.size();
    switch (step) {
      case RequestReader::Step::more:
        if (state_ == State::head && !begun_ && (reader_->begun() || !rest.empty())) {
          begun_ = true;
          due_ = now + head_time;
          wait_for_token(now);
        }
        if (!ended_) return;
        close();
        return byte_sink_.close_when_flushed(false);
      case RequestReader::Step::head:
        begin(now);
        break;
      case RequestReader::Step::done:
        state_ = State::serving;
        if (due_response_) {
          respond(*std::exchange(due_response_, {}));
        } else if (import_) {
          run_import();
        } else if (call_) {
          call_->end();
        } else if (short_body_) {
          end_short_body();
        } else {
          post_->end();
        }
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
    return byte_sink_.close_when_flushed(true);
  }
  if (due_response_) return respond(*std::exchange(due_response_, {}));
  switch (why) {
    case RequestReader::Step::head_too_long:
      return refuse(431, "HeadTooLong", "the head of a request has at most 16 KiB in 128 lines");
    case RequestReader::Step::body_too_long:
      if (find_route(reader_->head().path).calls) {
        retire_call();
        return refuse(413, "LineTooLong", line_too_long(thread_.gateway.options.max_line).text);
      }
      return on_no_request(
          413, no_request(thread_, id_of_no_json, line_too_long(thread_.gateway.options.max_line)),
          {});
    default:
      return refuse(400, "BadRequest", "this is no HTTP request that can be understood");
  }
}

void HttpChannel::begin(mtproto::Time now) {
  state_ = State::serving;
  due_ = now + body_time;
  if (!begun_) wait_for_token(now);
  if (!fits()) return refuse_for_memory();
  if (!identify() || !let_in()) return;
  const auto& head = reader_->head();
  const auto& route = find_route(head.path);
  const bool asks_what_may = head.method == "OPTIONS" || !allows(methods_of(route), head.method);
  if (asks_what_may && route.is_file() && !thread_.gateway.site.file(head.path)) {
    return refuse_unknown();
  }
  if (head.method == "OPTIONS") return options(route);
  if (asks_what_may) return refuse_method(route);
  if (route.access != Access::open && !show_token(route.access == Access::first_object)) return;
  (this->*route.serve)();
}

// --- out ---

void HttpChannel::options(const Route& route) {
  const std::string methods(methods_of(route));
  Response response;
  response.status = 204;
  response.fields = {{"Allow", methods}};
  if (decision_.cors) {
    response.fields.insert(response.fields.end(), {{"Access-Control-Allow-Methods", methods},
                                                   {"Access-Control-Allow-Headers",
                                                    "Authorization, Content-Type, Idempotency-Key"},
                                                   {"Access-Control-Max-Age", "600"}});
  }
  respond(std::move(response));
}

// Who opens a place for programs in a browser is shown how one uses it.
void HttpChannel::refuse_method(const Route& route) {
  const auto& head = reader_->head();
  const std::string methods(methods_of(route));
  auto response = refusal_here(405, "MethodNotAllowed", methods + " is due here");
  response.fields.emplace_back("Allow", methods);
  if (head.method == "GET" && !route.example.empty()) {
    const auto host = head.authority ? std::string_view(*head.authority)
                                     : head.field("host").value_or("localhost");
    response.type = text_type;
    response.body = std::make_shared<const std::string>(
        "An object is to be posted here, such as\n\n    curl -d '" + std::string(route.example) +
        "' " + (tls_ ? "https://" : "http://") + std::string(host) + std::string(route.path) +
        "\n");
  }
  respond(std::move(response));
}

// In the words of the path that was asked for.
Response HttpChannel::refusal_here(unsigned status, std::string_view error,
                                   std::string_view text) const {
  if (!find_route(reader_->head().path).calls) return refusal(status, error, text);
  return api_refusal_response(status, {std::string(error), std::string(text), {}, {}, {}});
}

void HttpChannel::refuse(unsigned status, std::string_view error, std::string_view text) {
  respond(refusal_here(status, error, text));
}

void HttpChannel::respond_after(mtproto::Duration wait, Response response) {
  if (wait == mtproto::Duration::zero()) return respond(std::move(response));
  state_ = State::waiting;
  due_ = upstream::boot_time() + wait;
  late_ = std::move(response);
  byte_sink_.wake();
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
  if (decision_.cors) {
    response.fields.emplace_back("Access-Control-Allow-Origin",
                                 std::string(reader_->head().field("origin").value_or("")));
    response.fields.emplace_back("Vary", "Origin");
  }
  const bool keep_alive = will_keep_alive();
  write_response(std::move(response), delivery(keep_alive), byte_sink_.out());
  byte_sink_.flush();
  if (keep_alive) return next(upstream::boot_time());
  close();
  byte_sink_.close_when_flushed(true);
}

}  // namespace server::http

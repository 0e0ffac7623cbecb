// What the paths of HTTP lead to.
#include "server/channel/web_socket.hpp"
#include "server/gateway/gateway.hpp"
#include "server/http/http_channel.hpp"
#include "server/http/metrics_page.hpp"
#include "server/http/upgrade.hpp"
#include "server/protocol/protocol.hpp"
#include "server/site/compressed.hpp"
#include "server/upstream/pump.hpp"

namespace server::http {
namespace {

// Making a page is too long for a connection's thread.
class PageWork final : public mtproto::Work {
 public:
  PageWork(site::Site& site, site::Site::Kind kind, int layer)
      : site_(site), kind_(kind), layer_(layer) {}
  void run() override { page_ = site_.make(kind_, layer_); }
  const tl::Result<site::Page, site::NoPage>& page() const { return page_; }

 private:
  site::Site& site_;
  site::Site::Kind kind_;
  int layer_;
  tl::Result<site::Page, site::NoPage> page_ = site::NoPage::no_room;
};

// One of the entity tags in If-None-Match.
bool is_known(std::string_view tags, std::string_view etag) {
  return tags == "*" || tags.find(etag) != tags.npos;
}

constexpr std::string_view ndjson_type = "application/x-ndjson; charset=utf-8";

Response text(std::string_view what) {
  Response response;
  response.body = std::make_shared<const std::string>(what);
  return response;
}

}  // namespace

void HttpChannel::respond(const site::Page& page) {
  Response response;
  response.type = page.type;
  const auto& head = reader_->head();
  const bool packed = page.gzip && site::takes_gzip(head.field("accept-encoding").value_or(""));
  const auto etag = packed ? page.gzip_etag() : page.etag;
  response.fields = {{"ETag", etag}, {"Cache-Control", "no-cache"}};
  if (page.gzip) response.fields.emplace_back("Vary", "Accept-Encoding");
  if (is_known(head.field("if-none-match").value_or(""), etag)) {
    response.status = 304;
  } else {
    const auto& body = packed ? page.gzip : page.body;
    // It is copied; the sink counts it once it is there.
    MemoryShare copy(thread_.gateway.memory);
    if (!copy.try_resize(body->size())) return refuse_for_memory();
    response.body = body;
    if (packed) response.fields.emplace_back("Content-Encoding", "gzip");
  }
  respond(std::move(response));
}

void HttpChannel::serve_file() {
  if (const auto page = thread_.gateway.site.file(reader_->head().path)) return respond(*page);
  refuse_unknown();
}

void HttpChannel::serve_alive() { respond(text("alive\n")); }

void HttpChannel::serve_ready() {
  auto& gateway = thread_.gateway;
  if (gateway.stopping || draining_) return refuse(503, "Stopping", "the gateway is stopping");
  if (gateway.memory.full()) {
    return refuse(503, "Busy", "the gateway is at its bound of memory (--max-memory)");
  }
  if (gateway.store && !gateway.store->reachable()) {
    // Somebody has to look whether it is back.
    auto work = [](store::AccountStore&) { return store::StoreStatus(); };
    gateway.store->post(thread_.executor, std::move(work), [](const store::StoreStatus&) {});
    return refuse(503, "StoreUnavailable", "the store of accounts can't be reached");
  }
  respond(text("ready\n"));
}

void HttpChannel::serve_metrics() {
  auto response = text(metrics_page(thread_.gateway));
  response.type = metrics_type;
  respond(std::move(response));
}

void HttpChannel::serve_scheme(site::Site::Kind kind) {
  auto& site = thread_.gateway.site;
  auto layer = site.first_layer();
  if (const auto wanted = reader_->head().parameter("layer")) {
    const bool number = !wanted->empty() && wanted->size() < 7 &&
                        wanted->find_first_not_of("0123456789") == wanted->npos;
    layer = number ? std::stoi(*wanted) : 0;
  }
  if (!site.has(layer)) {
    return refuse(404, "NotFound",
                  "no such layer is loaded; " + thread_.gateway.schemes()->layers() + " are there");
  }
  if (const auto page = site.ready(kind, layer)) return respond(*page);
  auto done = [self = self_](std::unique_ptr<mtproto::Work> work) {
    auto* channel = *self;
    if (channel == nullptr) return;
    const auto& page = static_cast<const PageWork&>(*work).page();
    if (page) {
      channel->respond(*page);
    } else if (page.error() == site::NoPage::no_room) {
      channel->refuse_for_memory();
    } else {
      channel->refuse(404, "NotFound", "no such layer is loaded any more");
    }
    channel->advance(upstream::boot_time());
  };
  thread_.gateway.pool.run(std::make_unique<PageWork>(site, kind, layer), thread_.executor,
                           std::move(done));
}

// ?version=3.0
void HttpChannel::serve_openapi() {
  const auto version = reader_->head().parameter("version").value_or("3.1");
  if (version == "3.1") return serve_scheme(site::Site::Kind::openapi);
  if (version == "3.0") return serve_scheme(site::Site::Kind::openapi_twin);
  refuse(400, "TypeError", "?version= takes 3.1 or 3.0");
}

// ?json=plain
std::optional<ConnectionSetup> HttpChannel::setup() {
  ConnectionSetup out;
  const auto json = reader_->head().parameter("json");
  if (!json) return out;
  const auto named = tl::notation_of(*json);
  if (!named) {
    refuse(400, "TypeError", "?json= takes plain, auto or classic");
    return {};
  }
  out.json = *named;
  return out;
}

// --- WebSocket ---

void HttpChannel::begin_websocket() {
  const auto handshake = read_handshake(reader_->head());
  if (!handshake) return respond(handshake.error());
  if (!reader_->done()) return refuse(400, "BadRequest", "a handshake has no body");
  const auto begin = setup();
  if (!begin) return;
  auto caller = caller_;
  caller.admitted = admitted_;
  caller.scope = scope_;
  const auto now = upstream::boot_time();
  const auto came = in_.substr(read_);
  auto socket = std::make_unique<channel::WebSocket>(thread_, byte_sink_, std::move(caller), *begin,
                                                     *handshake, now);
  close();
  byte_sink_.become(std::move(socket), tl::as_bytes(came), now);
}

// --- POST /json ---

void HttpChannel::begin_post() {
  const auto begin = setup();
  if (!begin) return;
  const bool asks = reader_->head().expects_continue && read_ == in_.size();
  if (!asks) state_ = State::body;
  if (const auto& memory = thread_.gateway.memory; memory.full()) {
    const auto failure = busy(memory.limit(), "the gateway is at its bound of memory");
    return on_no_request(503, no_request(thread_, id_of_no_json, failure), {});
  }
  state_ = State::body;
  post_ = std::make_unique<Post>(thread_, *this, caller_for_request(), *begin);
  post_->set_above_high_watermark(above_high_watermark_);
  go_on_with_body();
}

void HttpChannel::set_above_high_watermark(bool above_high_watermark) {
  above_high_watermark_ = above_high_watermark;
  if (post_) post_->set_above_high_watermark(above_high_watermark);
}

// Its place is held here, for as long as the request lasts.
Caller HttpChannel::caller_for_request() const {
  auto caller = caller_;
  caller.admitted = admitted_;
  caller.scope = scope_;
  caller.place.reset();
  return caller;
}

// Who asks first whether it is wanted is told so.
void HttpChannel::go_on_with_body() {
  if (!reader_->head().expects_continue || read_ != in_.size()) return;
  byte_sink_.out() += "HTTP/1.1 100 Continue\r\n\r\n";
  byte_sink_.flush();
}

// It needs Telegram no more, even where the client keeps its connection for other requests.
void HttpChannel::retire_post() {
  if (!post_) return;
  post_->close();
  retired_ = std::move(post_);
}

void HttpChannel::on_no_request(unsigned status, std::string object, mtproto::Duration wait) {
  retire_post();
  Response response;
  response.status = status;
  response.type = json_type;
  response.body = std::make_shared<const std::string>(std::move(object) + "\n");
  if (status != 503 || state_ != State::body) return respond_after(wait, std::move(response));
  due_response_ = std::move(response);  // the rest of the body is skipped, the connection goes on
}

// Replies are written as they come; whether there will be others nobody knows yet.
void HttpChannel::begin_stream(std::string_view type,
                               std::vector<std::pair<std::string_view, std::string>> fields) {
  Response response;
  response.type = type;
  response.fields = std::move(fields);
  if (decision_.cors) {
    response.fields.emplace_back("Access-Control-Allow-Origin",
                                 std::string(reader_->head().field("origin").value_or("")));
    response.fields.emplace_back("Vary", "Origin");
  }
  streaming_ = true;
  const auto& head = reader_->head();
  const bool keep_alive = head.keep_alive && head.version != 10 && !draining_;
  write_streaming_head(response, delivery(keep_alive), byte_sink_.out().end());
}

void HttpChannel::on_object(LongText object) {
  if (state_ == State::over) return;
  if (!streaming_) begin_stream(ndjson_type);
  object += '\n';
  write_chunk(std::move(object), delivery(true), byte_sink_.out());
  byte_sink_.flush();
}

void HttpChannel::on_all_answered() {
  if (state_ == State::over) return;
  if (!streaming_) begin_stream(ndjson_type);
  write_last_chunk(delivery(true), byte_sink_.out().end());
  byte_sink_.flush();
  retire_post();
  const bool keep_alive = will_keep_alive() && reader_->head().version != 10;
  const auto now = upstream::boot_time();
  if (keep_alive) {
    next(now);
    return advance(now);
  }
  close();
  byte_sink_.close_when_flushed(true);
}

void HttpChannel::on_reset(std::string why) { byte_sink_.reset(why); }

void HttpChannel::on_busy(bool busy) {
  post_busy_ = busy;
  pause();
}

}  // namespace server::http

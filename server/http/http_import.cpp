// POST /import: files of another program in, its session out.
#include "server/gateway/gateway.hpp"
#include "server/http/http_channel.hpp"
#include "server/importer/session_import.hpp"
#include "server/logs/logger.hpp"
#include "server/logs/verbose.hpp"
#include "server/upstream/pump.hpp"

namespace server::http {

namespace {

Response no_room() {
  return refusal(503, "Busy", "the gateway is at its bound of memory (--max-memory)");
}

}  // namespace

// What is refused before the body is read is said behind it, so that the connection goes on.
void HttpChannel::begin_import() {
  state_ = State::body;
  if (thread_.gateway.memory.full()) {
    due_response_ = no_room();
  } else {
    import_ = std::make_unique<importer::SessionImport>(thread_.gateway.memory);
  }
  go_on_with_body();
}

void HttpChannel::feed_import(std::string_view body) {
  if (import_->take(body)) return;
  import_.reset();
  due_response_ = no_room();
}

// The content of such files is a secret whole, so a log has its length only.
void HttpChannel::run_import() {
  if (thread_.gateway.options.verbose) {
    logs::copy_length(caller_.number, logs::Direction::in, import_->size());
  }
  auto refused = import_->start(thread_.executor, [self = self_](importer::Answer answer) {
    auto* channel = *self;
    if (channel == nullptr) return;
    channel->end_import(std::move(answer));
    channel->advance(upstream::boot_time());
  });
  if (refused) end_import(std::move(*refused));
}

void HttpChannel::end_import(importer::Answer answer) {
  import_.reset();
  if (answer.object.empty()) {
    thread_.counters.outcome(answer.error);
    logs::info("conn={} POST /import: {}", caller_.number, answer.text);
    return respond(refusal(answer.status, answer.error, answer.text));
  }
  Response response;
  response.status = answer.status;
  response.type = json_type;
  response.body = std::make_shared<const std::string>(std::move(answer.object) + "\n");
  respond(std::move(response));
}

}  // namespace server::http

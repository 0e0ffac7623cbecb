#include "server/http/post.hpp"

#include <algorithm>

#include "server/account/session_line.hpp"
#include "server/gateway/admission.hpp"
#include "server/gateway/gateway.hpp"
#include "server/logs/logger.hpp"
#include "server/logs/verbose.hpp"

namespace server::http {
namespace {

unsigned status_of(const Failure& failure) {
  if (failure.error == "LineTooLong") return 413;
  return failure.error == "Busy" ? 503 : 400;
}

}  // namespace

std::string no_request(ThreadState& thread, std::string_view id, const Failure& failure) {
  thread.counters.outcome(failure.error);
  Reply reply;
  reply.id = id;
  reply.failure = &failure;
  reply.with_traceback = thread.gateway.options.send_tracebacks;
  LongText object;
  write_reply(reply, object);
  return object.copy();
}

Post::Post(ThreadState& thread, PostUser& user, Caller caller, ConnectionSetup setup)
    : thread_(thread),
      user_(user),
      caller_(std::move(caller)),
      setup_(setup),
      reader_(*this, thread.gateway.memory, work_of(thread), thread.gateway.options.max_line),
      objects_(reader_) {
  setup_.number = caller_.number;
  caller_.admitted = caller_.admitted || !thread.gateway.tokens();
  if (!caller_.admitted) {
    reader_.set_longest(
        std::min(thread.gateway.options.max_line, AdmissionGate::longest_before_token));
  }
}

void Post::on_end() {
  if (refused_) return;
  if (connection_) return connection_->end();
  refuse(400, id_of_no_json, json_decode_error(0, "an object is due, and the body is empty", ""));
}

void Post::on_object(Incoming&& object) {
  if (refused_) return;
  if (!connection_) {
    if (!begin(object)) return;
    if (above_high_watermark_) connection_->set_above_high_watermark(true);
  }
  connection_->receive(std::move(object));
}

void Post::set_above_high_watermark(bool above_high_watermark) {
  above_high_watermark_ = above_high_watermark;
  if (connection_) connection_->set_above_high_watermark(above_high_watermark);
}

// Which account or key it is about, if any, decides where it lives.
bool Post::begin(const Incoming& first) {
  if (!caller_.admitted) {
    const auto& token = first.value["token"];
    const auto shown = token.is_string() ? std::optional(token.text()) : std::nullopt;
    const auto decision = access::admit(thread_.gateway, caller_.peer, shown);
    if (!decision.admitted) {
      thread_.counters.refused.add();
      const auto& request = first.request;
      refuse(401, request ? request->id : request.error().id, decision.failure, decision.wait);
      return false;
    }
    caller_.admitted = true;
    user_.on_admitted();
    caller_.scope = decision.owner.scope;
    logs::info("conn={} token={} from={}", caller_.number, decision.owner.name,
               server::shown(caller_.peer));
    reader_.set_longest(thread_.gateway.options.max_line);
  }
  setup_.stateless = true;
  setup_.scope = caller_.scope;
  auto* const home = first.request ? thread_of_account(thread_.gateway, *first.request) : nullptr;
  if (home != nullptr) {
    connection_ = std::make_unique<RemoteConnection>(thread_, *home, *this, setup_);
    return true;
  }
  const bool names = first.request && first.request->session;
  const auto line = account::read_session(names ? *first.request->session : tl::Value{});
  const auto* key = line && line->auth_key ? &*line->auth_key : nullptr;
  auto lease =
      key == nullptr ? account::LiveAccounts::Lease() : any_thread_of_key(thread_.gateway, *key);
  connection_ = std::make_unique<RemoteConnection>(thread_, std::move(lease), *this, setup_);
  return true;
}

void Post::on_failure(std::string_view id, const Failure& failure, std::size_t bytes) {
  if (refused_) return;
  if (connection_) {
    if (thread_.gateway.options.verbose) {
      logs::copy_length(caller_.number, logs::Direction::in, bytes);
    }
    return connection_->refuse(id, failure);
  }
  refuse(status_of(failure), id, failure);
}

void Post::refuse(unsigned status, std::string_view id, const Failure& failure,
                  mtproto::Duration wait) {
  refused_ = true;
  user_.on_no_request(status, no_request(thread_, id, failure), wait);
}

}  // namespace server::http

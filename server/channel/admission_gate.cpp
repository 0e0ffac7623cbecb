#include "server/channel/admission_gate.hpp"

#include <algorithm>

#include "server/gateway/admission.hpp"
#include "server/gateway/gateway.hpp"
#include "server/gateway/node_link.hpp"
#include "server/logs/logger.hpp"
#include "server/logs/verbose.hpp"
#include "server/protocol/message_text.hpp"
#include "server/upstream/pump.hpp"

namespace server {
namespace {

ConnectionSetup setup_of(ConnectionSetup setup, const Caller& caller) {
  setup.number = caller.number;
  setup.scope = caller.scope;
  return setup;
}

}  // namespace

AdmissionGate::AdmissionGate(ThreadState& thread, ObjectSink& sink, Caller caller,
                             ConnectionSetup setup)
    : thread_(thread),
      sink_(sink),
      caller_(std::move(caller)),
      connection_(thread, sink, setup_of(std::move(setup), caller_)) {
  caller_.admitted = caller_.admitted || !thread.gateway.tokens();
}

std::size_t AdmissionGate::longest() const {
  const auto most = thread_.gateway.options.max_line;
  // The other node has bounded what its clients say, and the memory of this one does it again.
  if (node_) return NodeLinks::most_waiting + NodeLinks::around_object;
  return caller_.admitted ? most : std::min(most, longest_before_token);
}

void AdmissionGate::take(Incoming&& object) {
  if (refused_) return;
  if (node_) return node_->receive(std::move(object));
  if (thread_.gateway.options.verbose) {
    read_message(object);
    logs::copy_object(caller_.number, logs::Direction::in, object.value);
  }
  if (!std::exchange(spoken_, true)) {
    if (const auto* node = object.value.find("node"); node != nullptr && admit_node(*node)) return;
  }
  if (!caller_.admitted && !admit(object)) return;
  connection_.receive(std::move(object), upstream::boot_time());
}

bool AdmissionGate::admit(const Incoming& object) {
  const auto& token = object.value["token"];
  const auto shown = token.is_string() ? std::optional(token.text()) : std::nullopt;
  const auto verdict = access::admit(thread_.gateway, caller_.peer, shown);
  if (verdict.admitted) {
    caller_.admitted = true;
    if (verdict.owner.scope) connection_.limit(verdict.owner.scope);
    logs::info("conn={} token={} from={}", caller_.number, verdict.owner.name,
               server::shown(caller_.peer));
    return true;
  }
  const auto& request = object.request;
  auto id = request ? request->id : request.error().id;
  turn_away({std::move(id), verdict.failure, upstream::boot_time() + verdict.wait});
  if (verdict.wait == mtproto::Duration::zero()) say_refusal();
  return false;
}

// Whoever says so and is none is answered as any client.
bool AdmissionGate::admit_node(const tl::Value& shown) {
  const auto& token = shown["token"];
  const auto* const identity = thread_.gateway.node.get();
  if (identity == nullptr || !token.is_string() || !identity->is_token(token.text())) return false;
  caller_.admitted = true;
  const auto& id = shown["id"];
  logs::info("conn={} from={} is node {}", caller_.number, server::shown(caller_.peer),
             id.is_string() ? id.text() : std::string_view("?"));
  node_ = std::make_unique<NodeSession>(thread_, sink_);
  return true;
}

void AdmissionGate::turn_away(Refusal refusal) {
  refused_ = true;
  thread_.counters.refused.add();
  if (caller_.token_by) refusal.at = std::min(refusal.at, *caller_.token_by);
  refusal_ = std::make_unique<Refusal>(std::move(refusal));
  sink_.wake();
}

void AdmissionGate::say_refusal() {
  const auto refusal = std::exchange(refusal_, nullptr);
  connection_.refuse(refusal->id, refusal->failure);
  sink_.finish();
}

void AdmissionGate::end() {
  if (node_) return node_->end();
  if (!refusal_) connection_.end();
}

void AdmissionGate::close() {
  if (node_) node_->close();
  connection_.close();
}

void AdmissionGate::set_above_high_watermark(bool above_high_watermark) {
  if (node_) return node_->set_above_high_watermark(above_high_watermark);
  connection_.set_above_high_watermark(above_high_watermark, upstream::boot_time());
}

void AdmissionGate::tick(mtproto::Time now) {
  if (!caller_.admitted && !refused_ && caller_.token_by && *caller_.token_by <= now) {
    turn_away({std::string(id_of_no_json), access::no_token_in_time(), now});
  }
  if (refusal_ && refusal_->at <= now) say_refusal();
  connection_.tick(now);
}

std::optional<mtproto::Time> AdmissionGate::deadline() const {
  const auto requests = connection_.deadline();
  auto due = caller_.admitted || refused_ ? std::nullopt : caller_.token_by;
  if (refusal_) due = refusal_->at;
  if (due && requests) return std::min(*due, *requests);
  return due ? due : requests;
}

void AdmissionGate::refuse(std::string_view id, const Failure& failure, std::size_t bytes) {
  if (refused_) return;
  if (node_) return node_->refuse(id, failure);
  if (thread_.gateway.options.verbose)
    logs::copy_length(caller_.number, logs::Direction::in, bytes);
  connection_.refuse(id, failure);
}

void AdmissionGate::copy_out(const LongText& text, std::size_t begin) const {
  if (thread_.gateway.options.verbose && !node_)
    logs::copy_text(caller_.number, logs::Direction::out, text, begin);
}

}  // namespace server

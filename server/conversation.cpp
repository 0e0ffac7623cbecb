#include "server/conversation.hpp"

#include <spdlog/spdlog.h>

#include "server/access/admission.hpp"
#include "server/logs/verbose.hpp"

namespace server {

Conversation::Conversation(ThreadState& thread, Sink& sink, Caller caller, ConnectionSetup setup)
    : thread_(thread), sink_(sink), caller_(std::move(caller)) {
  setup.number = caller_.number;
  connection_ = std::make_shared<Connection>(thread, sink, setup);
  caller_.admitted = caller_.admitted || !thread.gateway.tokens();
}

std::size_t Conversation::longest() const {
  const auto most = thread_.gateway.options.max_line;
  return caller_.admitted ? most : std::min(most, longest_before_token);
}

void Conversation::take(std::unique_ptr<RequestArena> arena, const tl::Value& value) {
  if (refused_) return;
  if (thread_.gateway.options.verbose)
    logs::copy_object(caller_.number, logs::Direction::in, value);
  if (caller_.admitted || admit(value)) connection_->receive(std::move(arena), value);
}

bool Conversation::admit(const tl::Value& value) {
  const auto& token = value["token"];
  const auto shown = token.is_string() ? std::optional(token.text()) : std::nullopt;
  const auto verdict = access::admit(thread_.gateway, caller_.peer, shown);
  if (verdict.admitted) {
    caller_.admitted = true;
    spdlog::info("conn={} token={}", caller_.number, verdict.name);
    return true;
  }
  const auto request = read_request(value);
  refused_ = true;
  thread_.counters.refused.add();
  connection_->refuse(request ? request->id : request.error().id, verdict.failure);
  sink_.finish();
  return false;
}

void Conversation::refuse(std::string_view id, const Failure& failure, std::size_t bytes) {
  if (refused_) return;
  if (thread_.gateway.options.verbose)
    logs::copy_length(caller_.number, logs::Direction::in, bytes);
  connection_->refuse(id, failure);
}

void Conversation::copy_out(const LongText& text, std::size_t begin) const {
  if (thread_.gateway.options.verbose)
    logs::copy_text(caller_.number, logs::Direction::out, text, begin);
}

}  // namespace server

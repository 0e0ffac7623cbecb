#include "server/connection/reply_writer.hpp"

#include <utility>

#include "server/account/answer_text.hpp"
#include "server/protocol/api_reply.hpp"
#include "server/protocol/protocol.hpp"
#include "tl/bytes.hpp"

namespace server {
namespace {

bool holds_session(const Request& request) {
  return request.session || request.signin || (request.account && request.account->is_object());
}

// A short reply takes less than the request that holds it.
std::size_t held_size(const ClientRequest& request) {
  return sizeof request + request.reply.size();
}

}  // namespace

bool ReplyWriter::finish(ClientRequest& request, const Outcome& outcome,
                         const Attributes& attributes) {
  if (queue_.first_of(request.request.id) != &request) {
    hold(request, outcome, attributes);
    return false;
  }
  emit(request, outcome, attributes);
  return true;
}

void ReplyWriter::hold(ClientRequest& request, const Outcome& outcome,
                       const Attributes& attributes) {
  write(request, outcome, attributes, request.reply);
  request.finish();
  if (!request.share.try_resize(request.memory_usage())) {
    const auto failure = no_room_for_answer(meter_.limit());
    Outcome refused;
    refused.failure = &failure;
    request.reply.clear();
    write(request, refused, {}, request.reply);
  }
  tl::release(request.request.extra);  // what the reply was made of is in it
  request.encoding = {};
  request.share.resize(request.memory_usage());
  held_ += held_size(request);
  sink_.update_usage();
}

void ReplyWriter::emit(ClientRequest& request, const Outcome& outcome,
                       const Attributes& attributes) {
  const auto id = request.request.id;
  const auto number = request.number;
  const bool secret = holds_session(request.request);
  write(request, outcome, attributes, sink_.begin());
  queue_.erase(request);
  sink_.complete({secret, status_});
  emit_held(id, number);
}

void ReplyWriter::emit_held(std::string_view id, RequestQueue::Number behind) {
  while (held_ > 0 && !closed_) {
    auto* next = queue_.first_of(id, behind);
    if (next == nullptr || next->state != ClientRequest::State::finished) return;
    behind = next->number;
    held_ -= held_size(*next);
    sink_.begin().attach(std::move(next->reply));
    const bool secret = holds_session(next->request);
    queue_.erase(*next);
    sink_.complete({secret});
  }
}

// Who wants the API's shape asks once, so that no reply in it is held, and its status is known when
// it goes out.
bool ReplyWriter::put(const Reply& reply, LongText& out) {
  if (shape_ == ReplyShape::object) return write_reply(reply, out);
  const auto status = write_api_reply(reply, out);
  status_ = status.value_or(ApiStatus{});
  return status.has_value();
}

bool ReplyWriter::too_long(const LongText& text) const {
  return max_message_ != 0 && text.size() > max_message_;
}

// Where the client has a bound it is written apart, to see how long it is.
void ReplyWriter::write(ClientRequest& request, const Outcome& outcome,
                        const Attributes& attributes, LongText& out) {
  if (max_message_ == 0) return write_any(request, outcome, attributes, out);
  const auto& extra = request.request.extra;
  auto kept = extra.size() < max_message_ / 2 ? extra : std::string();
  LongText text;
  write_any(request, outcome, attributes, text);
  if (!too_long(text)) return out.attach(std::move(text));
  request.request.extra = std::move(kept);
  write_too_long(request, outcome, text.size(), out);
}

// A failure stays what it is, where it fits without what the client gave; so do random ids, as long
// as it is open whether the message was sent.
void ReplyWriter::write_too_long(ClientRequest& request, const Outcome& outcome, std::size_t size,
                                 LongText& out) {
  const auto failure = message_too_long("the reply", size, max_message_);
  Reply reply;
  reply.id = request.request.id;
  if (!outcome.answered) reply.random_ids = &request.encoding.drawn;
  reply.notation = request.notation;
  if (outcome.failure != nullptr) {
    LongText text;
    reply.failure = outcome.failure;
    put(reply, text);
    if (!too_long(text)) return out.attach(std::move(text));
  }
  reply.extra = &request.request.extra;
  reply.failure = &failure;
  put(reply, out);
}

void ReplyWriter::write_any(ClientRequest& request, const Outcome& outcome,
                            const Attributes& attributes, LongText& out) {
  Reply reply;
  reply.id = request.request.id;
  reply.extra = &request.request.extra;
  reply.server = attributes.server;
  reply.options = attributes.options;
  reply.account = attributes.account;
  reply.session = attributes.session;
  reply.signin = outcome.signin;
  reply.hint = outcome.hint;
  reply.failure = outcome.failure;
  reply.with_traceback = with_traceback_;
  reply.notation = request.notation;
  if (outcome.failure == nullptr) reply.ignored = &request.encoding;
  if (!outcome.answered) reply.random_ids = &request.encoding.drawn;
  if (outcome.parts != nullptr) {
    reply.write_message = [&](LongText& to) {
      to.attach(std::move(*outcome.parts));
      return true;
    };
    put(reply, out);
    return;
  }
  if (outcome.body.empty()) {
    reply.message = outcome.message;
    put(reply, out);
    return;
  }
  // One reference, so that it needs no memory of its own.
  std::optional<Failure> refused;
  const auto decode = [&](std::string& to) {
    const auto due = request.send.api ? request.encoding.result : tl::any_object;
    refused =
        append_text(meter_, *outcome.schema, due, outcome.body, request.notation, to, &given_);
    return !refused;
  };
  reply.write_message = [&decode](LongText& to) { return decode(to.end()); };
  if (put(reply, out)) return;
  reply.write_message = {};
  reply.failure = &*refused;
  put(reply, out);
}

void ReplyWriter::refuse(std::string_view id, std::string* extra, const Failure& failure) {
  Reply reply;
  reply.id = id;
  reply.extra = extra;
  reply.failure = &failure;
  reply.with_traceback = with_traceback_;
  LongText text;
  put(reply, text);
  if (too_long(text)) {
    text.clear();
    reply.extra = nullptr;
    put(reply, text);
  }
  sink_.begin().attach(std::move(text));
  sink_.complete({false, status_});
}

std::optional<Failure> ReplyWriter::push(const tl::Schema& schema, tl::Notation notation,
                                         tl::ByteView body,
                                         std::optional<std::int64_t> update_seq) {
  LongText apart;
  auto& out = begin_push(apart).end();
  const auto start = out.size();
  out += "{\"id\":0,";
  if (update_seq) out += "\"update_seq\":" + std::to_string(*update_seq) + ",";
  out += "\"message\":";
  auto failure = append_text(meter_, schema, tl::any_object, body, notation, out, &given_);
  if (failure) {
    out.resize(start);
    return failure;
  }
  out += '}';
  complete_push(std::move(apart), update_seq, false);
  return {};
}

void ReplyWriter::push_signin(std::string_view signin, std::string_view session) {
  Reply reply;
  reply.id = "0";
  reply.signin = signin;
  reply.session = session;
  LongText apart;
  write_reply(reply, begin_push(apart));
  complete_push(std::move(apart), {}, true);
}

void ReplyWriter::push_logged(std::string_view members, std::int64_t update_seq) {
  LongText apart;
  auto& out = begin_push(apart).end();
  out += "{\"id\":0,";
  out += members;
  out += '}';
  complete_push(std::move(apart), update_seq, false);
}

void ReplyWriter::push(tl::TextParts text) {
  LongText apart;
  auto& out = begin_push(apart);
  out += "{\"id\":0,\"message\":";
  out.attach(std::move(text));
  out += '}';
  complete_push(std::move(apart), {}, false);
}

// What is longer than the client can take is told of in its place, so that nothing is lost unheard.
void ReplyWriter::complete_push(LongText&& apart, std::optional<std::int64_t> update_seq,
                                bool secret) {
  if (max_message_ == 0) return sink_.complete({secret});
  auto& out = sink_.begin();
  if (!too_long(apart)) {
    out.attach(std::move(apart));
  } else {
    auto& text = out.end();
    text += "{\"id\":0";
    if (update_seq) text += ",\"update_seq\":" + std::to_string(*update_seq);
    const auto failure = message_too_long("what was pushed", apart.size(), max_message_);
    write_failure(failure, false, text);
    text += '}';
  }
  sink_.complete({secret});
}

}  // namespace server

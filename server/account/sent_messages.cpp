#include "server/account/sent_messages.hpp"

#include <memory_resource>
#include <utility>

#include "tl/codec.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace server::account {

using tl::Value;

tl::Bytes updates_too_long() {
  tl::Bytes out;
  tl::Writer(out).nat(0xe317af7e);
  return out;
}

bool SentMessages::is_one(const tl::Schema& schema, tl::ByteView answer) {
  const auto* combinator = schema.constructor_by_id(tl::Reader(answer).peek());
  return combinator != nullptr && combinator->name == "updateShortSentMessage";
}

void SentMessages::tell(tl::ByteView answer, const void* sender, mtproto::Time now) {
  std::pmr::monotonic_buffer_resource arena;
  const auto sent = tl::decode_value(schema(), tl::any_object, answer, arena);
  const auto number = [&](std::string_view field) { return (*sent)[field].as_int64().value_or(0); };
  const auto tag = ++last_;
  if (!sent || asked_.size() >= most_asked || !ask(number("id"), tag, now)) {
    return user_.on_sent_message(sender, updates_too_long(), now);
  }
  asked_.put(tag, Sent{sender, number("pts"), number("pts_count"), number("date")});
}

bool SentMessages::ask(std::int64_t id, std::uint64_t tag, mtproto::Time now) {
  std::pmr::monotonic_buffer_resource arena;
  const tl::Builder make(arena);
  const auto which = make.object("inputMessageID", {{"id", Value::integer(id)}});
  const auto question = make.object("messages.getMessages", {{"id", make.array({which})}});
  tl::Bytes body;
  if (!tl::encode(schema(), question, {}, body)) return false;
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  std::optional<CallId> call;
  calls_.call(home_dc, std::move(body), std::move(options), *this, tag, now, call);
  return call.has_value();
}

void SentMessages::on_outcome(std::uint64_t tag, CallOutcome outcome, mtproto::Time now) {
  const auto found = asked_.find(tag);
  if (found == asked_.end()) return;
  const auto sent = found->second;
  asked_.erase(found);
  const auto* answer = std::get_if<tl::Slice>(&outcome);
  auto updates = answer != nullptr ? this->updates(sent, *answer) : tl::Bytes();
  if (updates.empty()) updates = updates_too_long();
  user_.on_sent_message(sent.sender, updates, now);
}

// Empty where the answer has no such message.
tl::Bytes SentMessages::updates(const Sent& sent, tl::ByteView answer) const {
  std::pmr::monotonic_buffer_resource arena;
  const auto all = tl::decode_value(schema(), tl::any_object, answer, arena);
  if (!all || (*all)["messages"].items().empty()) return {};
  const auto& message = (*all)["messages"].items().front();
  if (message.constructor() != "message") return {};
  const tl::Builder make(arena);
  const auto update =
      make.object("updateNewMessage", {{"message", message},
                                       {"pts", Value::integer(sent.pts)},
                                       {"pts_count", Value::integer(sent.pts_count)}});
  const auto updates = make.object("updates", {{"updates", make.array({update})},
                                               {"users", (*all)["users"]},
                                               {"chats", (*all)["chats"]},
                                               {"date", Value::integer(sent.date)},
                                               {"seq", Value::integer(0)}});
  tl::Bytes out;
  if (!tl::encode(schema(), updates, {}, out)) return {};
  return out;
}

}  // namespace server::account

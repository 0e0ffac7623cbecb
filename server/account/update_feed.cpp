#include "server/account/update_feed.hpp"

#include <memory_resource>
#include <utility>

#include "server/account/answer_news.hpp"
#include "server/account/migration.hpp"
#include "tl/codec.hpp"
#include "tl/reader.hpp"

namespace server::account {
namespace {

std::string_view type_of(const tl::Schema& schema, tl::ByteView body) {
  const auto* combinator = schema.constructor_by_id(tl::Reader(body).peek());
  return combinator != nullptr ? std::string_view(combinator->result_name) : "";
}

// What is due where `method` was called: only it knows of a vector.
tl::TypeRef due_of(const tl::Schema& schema, tl::ByteView answer, const tl::Combinator* method) {
  const auto* combinator = schema.constructor_by_id(tl::Reader(answer).peek());
  if (combinator != nullptr && combinator->result.kind == tl::Kind::boxed) {
    return combinator->result;
  }
  return method != nullptr ? method->result : tl::any_object;
}

}  // namespace

UpdateFeed::UpdateFeed(const AccountServices& services, DcConnections& connections,
                       CallTable& calls, UpdateListener& listener, const std::string& text)
    : services_(services),
      connections_(connections),
      calls_(calls),
      listener_(listener),
      recovery_(read_update_state(text), !text.empty() && !read_update_state(text)),
      share_(services.memory) {}

void UpdateFeed::stop() {
  if (!std::exchange(stopped_, true)) calls_.forget(*this);
}

std::string UpdateFeed::text() const {
  std::string out;
  write_update_state(recovery_.state(), out);
  return out;
}

// --- what came ---

bool UpdateFeed::is_updates(const tl::Schema& schema, tl::ByteView body) {
  return type_of(schema, body) == "Updates";
}

bool UpdateFeed::tells_whole(const tl::Schema& schema, tl::ByteView answer) {
  const auto* combinator = schema.constructor_by_id(tl::Reader(answer).peek());
  if (combinator == nullptr) return true;
  return combinator->name != "updateShortSentMessage" &&
         !std::string_view(combinator->result_name).starts_with("messages.Affected");
}

bool UpdateFeed::takes(tl::ByteView pushed) const { return is_updates(schema(), pushed); }

void UpdateFeed::pushed(tl::Slice body, mtproto::Time now) {
  take({services_.memory, 0, std::move(body)}, now);
}

void UpdateFeed::on_outcome(std::uint64_t call, CallOutcome outcome, mtproto::Time now) {
  if (auto* body = std::get_if<tl::Slice>(&outcome)) {
    return take({services_.memory, call, std::move(*body)}, now);
  }
  recovery_.failed(call, now);
  apply({}, now);
}

void UpdateFeed::take(Received arrival, mtproto::Time now) {
  if (stopped_ || decoder_.keep(arrival)) return;
  if (AnswerDecoder::is_large(arrival.body)) return decode_apart(std::move(arrival));
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::decode_value(schema(), arrival.due, arrival.body, arena);
  decoded({arrival.call, arrival.client_channel}, arrival.body, value ? &*value : nullptr, now);
}

void UpdateFeed::decode_apart(Received arrival) {
  AnswerDecoder::Owner owner{services_.runner(), weak_from_this(), [this] { resume(); }};
  const Whose whose{arrival.call, arrival.client_channel};
  auto done = [this, whose](tl::ByteView body, const tl::Value* value) {
    decoded(whose, body, value, upstream::boot_time());
  };
  decoder_.decode_value(std::move(owner), connections_.settings().schema, std::move(arrival),
                        std::move(done));
}

void UpdateFeed::resume() {
  while (auto next = decoder_.next()) take(std::move(*next), upstream::boot_time());
}

void UpdateFeed::decoded(const Whose& whose, tl::ByteView body, const tl::Value* value,
                         mtproto::Time now) {
  if (stopped_) return;
  if (whose.client_channel) {
    if (value == nullptr) return;
    auto news = find_news(schema(), *value);
    news.channel = *whose.client_channel;
    recovery_.client_answered(news, now);
  } else if (whose.call != 0) {
    answer_decoded(whose.call, value, now);
  } else {
    value != nullptr ? recovery_.pushed(*value, now) : recovery_.unreadable(now);
  }
  apply(body, now);
}

void UpdateFeed::answer_decoded(std::uint64_t call, const tl::Value* value, mtproto::Time now) {
  if (value == nullptr) {
    recovery_.answer_unreadable(call, now);
  } else if (const auto error = rpc_error(*value); error && wants_init(*error)) {
    connections_.initialise(home_dc);
    recovery_.failed(call, now);
  } else {
    recovery_.answered(call, *value, now);
  }
}

void UpdateFeed::client_answered(const tl::Slice& answer, const tl::Combinator* method,
                                 tl::ByteView query, mtproto::Time now) {
  const auto* combinator = schema().constructor_by_id(tl::Reader(answer).peek());
  const auto type = type_of(schema(), answer);
  if (type == "auth.Authorization" || type == "auth.LoginToken") return signed_in(now);
  if (type == "auth.LoggedOut" ||
      (method != nullptr && method->name == "auth.logOut" && type == "Bool")) {
    return signed_out(now);
  }
  const auto due = due_of(schema(), answer, method);
  if (!may_hold_news(schema(), due)) return;
  const bool asks = combinator != nullptr && counts_for_request(*combinator);
  const auto channel = asks ? channel_asked(schema(), query) : 0;
  if (AnswerDecoder::is_large(answer)) {
    Received arrival(services_.memory, 0, answer);
    arrival.due = due;
    arrival.client_channel = channel;
    return take(std::move(arrival), now);
  }
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::decode_value(schema(), due, answer, arena);
  decoded({0, channel}, {}, value ? &*value : nullptr, now);
}

// Telegram pushes nothing that it told in an answer. Where that only moves a counter, or leaves out
// what its own client knows, the difference has what happened.
void UpdateFeed::other_answered(tl::ByteView answer, mtproto::Time now) {
  if (!tells_whole(schema(), answer)) return renewed(now);
  if (takes(answer)) pushed(tl::Bytes(answer.begin(), answer.end()), now);
}

// --- what happened ---

void UpdateFeed::connected(mtproto::Time now) {
  recovery_.connected(now);
  apply({}, now);
}

void UpdateFeed::disconnected(bool for_good) {
  for_good ? recovery_.dropped() : recovery_.disconnected();
}

void UpdateFeed::renewed(mtproto::Time now) {
  recovery_.renewed(now);
  apply({}, now);
}

void UpdateFeed::signed_in(mtproto::Time now) {
  recovery_.signed_in(now);
  apply({}, now);
}

void UpdateFeed::signed_out(mtproto::Time now) {
  recovery_.signed_out();
  apply({}, now);
}

void UpdateFeed::pause(bool paused, mtproto::Time now) {
  recovery_.pause(paused, now);
  apply({}, now);
}

void UpdateFeed::tick(mtproto::Time now) {
  recovery_.tick(now);
  apply({}, now);
}

// --- what is to be done ---

// `came`: what was pushed, where something was.
void UpdateFeed::apply(tl::ByteView came, mtproto::Time now) {
  const auto self = weak_from_this().lock();  // whoever is told may stop it
  // What can't be asked leads to more of them.
  for (auto actions = recovery_.take_actions(); !actions.empty();
       actions = recovery_.take_actions()) {
    for (const auto& action : actions) {
      if (stopped_) return;
      if (const auto* told = std::get_if<DeliverUpdate>(&action)) {
        deliver(*told, came, now);
      } else if (const auto* asked = std::get_if<AskUpdates>(&action)) {
        ask(*asked, now);
      } else {
        calls_.forget(*this, std::get<ForgetUpdates>(action).call);
      }
    }
  }
  if (stopped_) return;
  listener_.on_updates_told();
  if (stopped_) return;
  share_.resize(recovery_.held_bytes());
  if (recovery_.deadline()) listener_.on_updates_due();
}

void UpdateFeed::ask(const AskUpdates& asked, mtproto::Time now) {
  tl::Bytes body;
  std::optional<CallId> id;
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  if (tl::encode(schema(), asked.function->value, {}, body)) {
    calls_.call(home_dc, std::move(body), std::move(options), *this, asked.call, now, id);
  }
  if (!id) recovery_.failed(asked.call, now);
}

void UpdateFeed::deliver(const DeliverUpdate& told, tl::ByteView came, mtproto::Time now) {
  tl::Bytes body;
  if (told.object && tl::encode(schema(), told.object->value, {}, body)) came = body;
  listener_.on_update(told.number, came, now);
}

}  // namespace server::account

#include "server/account/update_feed.hpp"

#include <memory_resource>
#include <utility>

#include "server/account/migration.hpp"
#include "tl/codec.hpp"
#include "tl/reader.hpp"

namespace server::account {
namespace {

std::string_view type_of(const tl::Schema& schema, tl::ByteView body) {
  const auto* combinator = schema.constructor_by_id(tl::Reader(body).peek());
  return combinator != nullptr ? std::string_view(combinator->result_name) : "";
}

// Of answers to a client's requests: those that move a counter or tell of channels.
bool tells(std::string_view type) {
  return type == "Updates" || type.starts_with("messages.Affected") || type == "messages.Dialogs" ||
         type == "messages.PeerDialogs";
}

// The channel that a request is about: its `channel`, or its `peer`. 0 where it is none.
std::int64_t channel_asked(const tl::Schema& schema, tl::ByteView query) {
  std::pmr::monotonic_buffer_resource arena;
  const auto whole = tl::decode_value(schema, tl::any_object, query, arena, true);
  if (!whole) return 0;
  auto inner = *whole;
  while (inner.find("query") != nullptr) inner = inner["query"];
  const auto& channel = inner["channel"];
  const auto& peer = channel.is_null() ? inner["peer"] : channel;
  return peer["channel_id"].as_int64().value_or(0);
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

bool UpdateFeed::takes(tl::ByteView pushed) const { return type_of(schema(), pushed) == "Updates"; }

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
  const auto value = tl::decode_value(schema(), tl::any_object, arrival.body, arena);
  decoded(arrival.call, arrival.body, value ? &*value : nullptr, now);
}

void UpdateFeed::decode_apart(Received arrival) {
  AnswerDecoder::Owner owner{services_.runner(), weak_from_this(), [this] { resume(); }};
  auto done = [this, call = arrival.call](tl::ByteView body, const tl::Value* value) {
    decoded(call, body, value, upstream::boot_time());
  };
  decoder_.decode_value(std::move(owner), connections_.settings().schema, std::move(arrival),
                        std::move(done));
}

void UpdateFeed::resume() {
  while (auto next = decoder_.next()) take(std::move(*next), upstream::boot_time());
}

void UpdateFeed::decoded(std::uint64_t call, tl::ByteView body, const tl::Value* value,
                         mtproto::Time now) {
  if (call == 0) {
    value != nullptr ? recovery_.pushed(*value, now) : recovery_.unreadable(now);
  } else if (value == nullptr) {
    recovery_.answer_unreadable(call, now);
  } else if (const auto error = rpc_error(*value); error && wants_init(*error)) {
    connections_.initialise(home_dc);
    recovery_.failed(call, now);
  } else {
    recovery_.answered(call, *value, now);
  }
  apply(body, now);
}

void UpdateFeed::client_answered(tl::ByteView answer, const tl::Combinator* method,
                                 tl::ByteView query, mtproto::Time now) {
  const auto type = type_of(schema(), answer);
  if (type == "auth.Authorization" || type == "auth.LoginToken") return signed_in(now);
  if (type == "auth.LoggedOut" ||
      (method != nullptr && method->name == "auth.logOut" && type == "Bool")) {
    return signed_out(now);
  }
  if (!tells(type)) return;
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::decode_value(schema(), tl::any_object, answer, arena);
  if (!value) return;
  const bool affected = type.starts_with("messages.Affected");
  recovery_.client_answered(*value, affected ? channel_asked(schema(), query) : 0, now);
  apply({}, now);
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
  share_.resize(recovery_.held_bytes());
  if (recovery_.deadline()) listener_.on_feed_due();
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

// Each update once and in order, for a client that asked for it: what account::UpdateRecovery wants
// is carried out here. Its calls are no exchanges: they take no turn among the client's requests
// and hold none of them back.
#include <algorithm>
#include <memory_resource>

#include "server/account/login_token.hpp"
#include "server/account/migration.hpp"
#include "server/connection.hpp"
#include "tl/reader.hpp"

namespace server {
namespace {

using upstream::boot_time;

std::string_view type_of(const tl::Schema& schema, tl::ByteView body) {
  const auto* combinator = schema.constructor_by_id(tl::Reader(body).peek());
  return combinator != nullptr ? std::string_view(combinator->result_name) : "";
}

// Of answers to a client's requests: those that move a counter or tell of channels.
bool tells(std::string_view type) {
  return type == "Updates" || type.starts_with("messages.Affected") || type == "messages.Dialogs" ||
         type == "messages.PeerDialogs";
}

}  // namespace

bool Connection::recovers(tl::ByteView pushed) const {
  return recovery_ && type_of(*scheme().schema, pushed) == "Updates" &&
         !(shows_code() && account::tells_of_login_token(pushed));
}

// After the attributes of a request: whether there is a recovery is what the options say.
void Connection::follow_updates() {
  const bool wanted = options_.updates == Updates::recover && !passing_;
  if (!wanted && recovery_) {
    account::write_update_state(recovery_->state(), updates_);
    recovery_.reset();
    recovery_share_.resize(0);
    std::erase_if(waiters_, [&](const auto& one) {
      if (one.second.purpose != Purpose::updates) return false;
      if (link_) link_->forget(one.first.request);
      return true;
    });
  }
  if (!wanted || recovery_) return;
  const auto state = account::read_update_state(updates_);
  recovery_ = std::make_shared<account::UpdateRecovery>(state, !state && !updates_.empty());
  updates_.clear();
  if (congested_) recovery_->pause(true, boot_time());
  // Where there is a key, updates may be waiting; else the first message makes one.
  if (!session_state().key || !ensure_link()) return;
  recovery_->connected(boot_time());
  carry_out({});
}

// --- what came ---

// Pushed, or the answer of a call of the recovery's own.
void Connection::take_updates(Arrival arrival, std::optional<std::uint64_t> call) {
  if (!recovery_) return;
  if (!AnswerDecoder::is_large(arrival.body)) {
    std::pmr::monotonic_buffer_resource arena;
    const auto value = tl::decode_value(*scheme().schema, tl::any_object, arrival.body, arena);
    return take_decoded(arrival.body, value ? &*value : nullptr, call);
  }
  auto done = [this, of = std::weak_ptr(recovery_), call](tl::ByteView body,
                                                          const tl::Value* value) {
    const bool same = of.lock() == recovery_;  // no other session was set meanwhile
    if (same && !closed_) take_decoded(body, value, call);
  };
  decoder_.decode_value(decoding(), scheme().schema, std::move(arrival), std::move(done));
}

void Connection::take_decoded(tl::ByteView body, const tl::Value* value,
                              std::optional<std::uint64_t> call) {
  if (!recovery_) return;
  const auto now = boot_time();
  if (!call) {
    value != nullptr ? recovery_->pushed(*value, now) : recovery_->unreadable(now);
  } else if (value == nullptr) {
    recovery_->answer_unreadable(*call, now);
  } else {
    const auto error = account::rpc_error(*value);
    if (error && account::wants_init(*error)) {
      update_prefix();
      recovery_->failed(*call, now);
    } else {
      recovery_->answered(*call, *value, now);
    }
  }
  carry_out(body);
}

// What the client learns from the answer to its own request is not told to it again.
void Connection::take_answer(const Exchange& exchange, tl::ByteView body) {
  const auto type = type_of(*scheme().schema, body);
  const auto now = boot_time();
  if (type == "auth.Authorization" || type == "auth.LoginToken") {
    recovery_->signed_in(now);
    return carry_out({});
  }
  const auto* method = exchange.encoding.innermost;
  if (type == "auth.LoggedOut" ||
      (method != nullptr && method->name == "auth.logOut" && type == "Bool")) {
    recovery_->signed_out();
    return carry_out({});
  }
  if (!tells(type)) return;
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::decode_value(*scheme().schema, tl::any_object, body, arena);
  if (!value) return;
  const bool affected = type.starts_with("messages.Affected");
  recovery_->client_answered(*value, affected ? channel_asked(exchange) : 0, now);
  carry_out({});
}

// The channel that a request is about: its `channel`, or its `peer`. 0 where it is none.
std::int64_t Connection::channel_asked(const Exchange& exchange) const {
  std::pmr::monotonic_buffer_resource arena;
  auto query = tl::decode_value(*scheme().schema, tl::any_object, exchange.body, arena, true);
  if (!query) return 0;
  auto inner = *query;
  while (inner.find("query") != nullptr) inner = inner["query"];
  const auto& channel = inner["channel"];
  const auto& peer = channel.is_null() ? inner["peer"] : channel;
  return peer["channel_id"].as_int64().value_or(0);
}

void Connection::updates_failed(std::uint64_t call) {
  if (!recovery_) return;
  recovery_->failed(call, boot_time());
  carry_out({});
}

// --- what is to be done ---

// `came`: what was pushed, where something was.
void Connection::carry_out(tl::ByteView came) {
  if (!recovery_ || closed_) return;
  // What can't be asked leads to more of them.
  for (auto actions = recovery_->take_actions(); !actions.empty();
       actions = recovery_->take_actions()) {
    for (const auto& action : actions) {
      if (const auto* told = std::get_if<account::DeliverUpdate>(&action)) {
        deliver_update(*told, came);
      } else if (const auto* asked = std::get_if<account::AskUpdates>(&action)) {
        ask_updates(*asked);
      } else {
        forget_updates(std::get<account::ForgetUpdates>(action).call);
      }
      if (!recovery_ || closed_) return;
    }
  }
  recovery_share_.resize(recovery_->held_bytes());
  const auto due = recovery_->deadline();
  if (!due || (account_due_ && *account_due_ <= *due)) return;
  account_due_ = *due;
  sink_.wake();
}

void Connection::ask_updates(const account::AskUpdates& asked) {
  tl::Bytes body;
  const auto encoded = tl::encode(*scheme().schema, asked.function->value, {}, body);
  if (!encoded || !ensure_link()) return recovery_->failed(asked.call, boot_time());
  sent_any_ = true;
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  const auto request = link_->send(std::move(body), std::move(options));
  waiters_[{at_home, request}] = {asked.call, Purpose::updates};
}

void Connection::deliver_update(const account::DeliverUpdate& told, tl::ByteView came) {
  tl::Bytes body;
  if (told.object && tl::encode(*scheme().schema, told.object->value, {}, body)) came = body;
  const auto failure = replies_.push(*scheme().schema, notation(), came, told.number);
  if (failure) refuse("0", *failure);
}

void Connection::forget_updates(std::uint64_t call) {
  const auto found = std::ranges::find_if(waiters_, [&](const auto& entry) {
    return entry.second.purpose == Purpose::updates && entry.second.exchange == call;
  });
  if (found == waiters_.end()) return;
  if (link_) link_->forget(found->first.request);
  waiters_.erase(found);
}

}  // namespace server

#include "server/sandbox/dispatcher.hpp"

#include <algorithm>

#include "mtproto/message/bind_message.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace server::sandbox {
namespace {

constexpr std::uint32_t rpc_error_id = 0x2144ca19;
constexpr std::uint32_t updates_too_long_id = 0xe317af7e;
constexpr std::size_t scratch_size = std::size_t{64} << 10;
constexpr std::size_t most_failed = 4096;
constexpr std::size_t most_not_loaded = 256;

}  // namespace

Dispatcher::Dispatcher(World& world, LayerBook layers, std::vector<DataCentre> data_centres)
    : world_(world),
      layers_(std::move(layers)),
      data_centres_(std::move(data_centres)),
      scratch_(scratch_size) {}

tl::Bytes Dispatcher::call(const mtproto::SessionAddress& from, mtproto::MessageId message,
                           tl::ByteView body, std::int32_t dc, mtproto::Time now,
                           mtproto::UnixTime wall, mtproto::KeyRing* ring) {
  world_.set_time(now, wall);
  // What was due before comes before.
  tick(now, wall);
  told_ = {};
  tl::Bytes out;
  const auto owner = ring == nullptr ? from.key : ring->owner(from.key);
  const Origin origin{{from, owner.value_or(from.key)}, message, owner.has_value(), ring, wall};
  const auto done = answer(origin, body, dc, out);
  if (!done) {
    out.clear();
    tl::Writer(out).nat(rpc_error_id).int32(done.error().code).bytes(done.error().text);
    told_.error = done.error();
    failed_.emplace_back(from, message);
    if (failed_.size() > most_failed) failed_.pop_front();
  }
  return out;
}

// Calls are carried out as they come, so that an earlier one is over; a later one can't be waited
// for.
Outcome<void> Dispatcher::wait_for(const Origin& origin,
                                   std::span<const mtproto::MessageId> others) const {
  for (const auto other : others) {
    const auto is_it = [&](const auto& one) {
      return one.first == origin.caller.session && one.second == other;
    };
    if (std::any_of(failed_.rbegin(), failed_.rend(), is_it)) return bad_request("MSG_WAIT_FAILED");
    if (other >= origin.message) return bad_request("MSG_WAIT_TIMEOUT");
  }
  return {};
}

Outcome<void> Dispatcher::answer(const Origin& origin, tl::ByteView body, std::int32_t dc,
                                 tl::Bytes& out) {
  const auto& from = origin.caller.session;
  const auto request = unwrap(body);
  if (!request) return request.error();
  // Of a temporary key that is not bound nothing is remembered.
  Key nobody;
  nobody.dc = dc;
  auto& key = origin.bound ? world_.sign_in.key(origin.caller.owner, dc) : nobody;
  if (request->layer) key.layer = request->layer;
  if (request->app) {
    if (request->app->api_id <= 0) return bad_request("CONNECTION_API_ID_INVALID");
    if (!key.layer) return bad_request("CONNECTION_LAYER_INVALID");
    key.app = request->app;
    world_.changed();
  }
  const bool binds = tl::Reader(request->query).peek() == mtproto::BindTempAuthKey::id;
  if (!key.app && !binds && origin.bound) return bad_request("CONNECTION_NOT_INITED");
  if (auto over = wait_for(origin, request->after); !over) return over;
  auto number = key.layer.value_or(layers_.standard().number);
  // A session keeps its own layer where another of the same key speaks a newer one.
  if (const auto* known = sessions_.find(from); known != nullptr && !request->layer) {
    number = known->layer;
  }
  const auto layer = layers_.pick(number);
  if (layer.number != number && not_loaded_.size() < most_not_loaded &&
      not_loaded_.insert(number).second) {
    told_.stand_in = {number, layer.number};
  }

  const auto done = run(origin, key, *request, layer, out);
  // The key may have been signed in or out by this very call.
  if (auto* still = world_.sign_in.find(origin.caller.owner); still != nullptr && still->user) {
    still->active = world_.date();
    const bool over = origin.ring != nullptr && origin.ring->superseded(from.key);
    if (!request->without_updates && !binds && !over && wants_updates(from, *still)) {
      sessions_.listen(origin.caller, *still->user, number, world_.now());
    }
  }
  return done;
}

// Who calls wants to hear what happens; but no session that only moves files, and one that was
// brought here from another data centre not before it asks.
bool Dispatcher::wants_updates(const mtproto::SessionAddress& from, const Key& key) const {
  const std::string_view method = told_.method;
  if (method.starts_with("upload.")) return false;
  if (!key.parent || sessions_.knows(from)) return true;
  return method == "updates.getState" || method == "updates.getDifference";
}

Outcome<void> Dispatcher::run(const Origin& origin, Key& key, const Unwrapped& request,
                              const Layer& layer, tl::Bytes& out) {
  const auto& schema = *layer.schema;
  const auto id = tl::Reader(request.query).peek();
  const auto* function = schema.function_by_id(id);
  if (function == nullptr) {
    return bad_request("INPUT_METHOD_INVALID_" + std::to_string(id) + "_" +
                       std::to_string(request.query.size()));
  }
  told_.method = function->name;
  if (!origin.bound && !may_unbound(told_.method)) return RpcError{401, "AUTH_KEY_PERM_EMPTY"};
  if (faults_ != nullptr) {
    world_.reset_wait = faults_->reset_wait();
    told_.fate = faults_->call(key.dc, told_.method, request.recaptcha);
    if (told_.fate.lose_key) return RpcError{401, "AUTH_KEY_UNREGISTERED"};
    if (told_.fate.error) return *told_.fate.error;
  }
  Arena arena(scratch_.data(), scratch_.size());
  const auto args = tl::decode_value(schema, tl::any_object, request.query, arena, true);
  if (!args) {
    return bad_request(args.error().text.ends_with("left over") ? "INPUT_REQUEST_TOO_LONG"
                                                                : "INPUT_FETCH_ERROR");
  }
  const auto* method = find_method(function->name);
  if (method == nullptr) return not_played();
  if (method->needs == Needs::somebody && !key.user) {
    return RpcError{401, key.awaits_password ? "SESSION_PASSWORD_NEEDED" : "AUTH_KEY_UNREGISTERED"};
  }

  if (is_one_too_many(origin, key, request)) {
    told_.ends_key = true;
    return RpcError{406, "AUTH_KEY_DUPLICATED"};
  }
  const auto caller = key.user;
  Call call{world_, tl::Builder(arena), key,    origin,           request.query,
            *args,  data_centres_,      schema, function->result, {}};
  const auto answer = method->run(call);
  bool written = false;
  told_.later = answer && call.later;
  if (answer && !told_.later) written = write(schema, function->result, *answer, call.make, out);

  auto notices = std::move(call.told);
  for (auto& notice : world_.take_notices()) notices.push_back(std::move(notice));
  publish(std::move(notices), &origin.caller.session, caller);
  for (const auto& who : world_.login_tokens.take_scanned()) tell_scanned(who);
  answer_late();
  if (caller && key.user != caller) sessions_.forget(key.id);
  if (!answer) return answer.error();
  if (!written && !told_.later) return not_played();
  return {};
}

// Files go in sessions of their own, and so does what was brought to another data centre.
bool Dispatcher::is_one_too_many(const Origin& origin, const Key& key,
                                 const Unwrapped& request) const {
  if (home_sessions_ == nullptr || !key.user || key.parent || request.without_updates) return false;
  const std::string_view method = told_.method;
  if (method.starts_with("upload.") || method == "auth.bindTempAuthKey") return false;
  return !home_sessions_->spoke(origin.caller.owner, origin.caller.session);
}

void Dispatcher::tick(mtproto::Time now, mtproto::UnixTime wall) {
  world_.set_time(now, wall);
  world_.tick();
  publish(world_.take_notices(), nullptr, std::nullopt);
  answer_late();
}

void Dispatcher::publish(std::vector<Notice> notices, const mtproto::SessionAddress* caller,
                         std::optional<UserId> caller_user) {
  std::stable_sort(notices.begin(), notices.end(),
                   [](const Notice& a, const Notice& b) { return a.to < b.to; });
  for (std::size_t from = 0; from < notices.size();) {
    auto to = from;
    while (to < notices.size() && notices[to].to == notices[from].to) ++to;
    publish_to(notices[from].to, std::span(notices).subspan(from, to - from), caller, caller_user);
    from = to;
  }
}

void Dispatcher::publish_to(UserId user, std::span<const Notice> notices,
                            const mtproto::SessionAddress* caller,
                            std::optional<UserId> caller_user) {
  const auto listeners = sessions_.of(user);
  if (listeners.empty()) return;
  std::vector<std::byte> buffer(scratch_size / 4);
  Arena arena(buffer.data(), buffer.size());
  const tl::Builder make(arena);
  const auto render = [&](bool all) {
    std::vector<Logged> events;
    for (const auto& notice : notices) {
      if (all || notice.caller_too) events.push_back(notice.what);
    }
    Renderer renderer(world_, user, make);
    return renderer.updates(events);
  };
  // One encoding for all sessions of a layer.
  struct Encoded {
    const tl::Schema* schema;
    bool all;
    std::shared_ptr<const tl::Bytes> body;
  };
  std::vector<Encoded> encoded;
  std::optional<tl::Value> values[2];
  const bool any_for_caller = std::any_of(notices.begin(), notices.end(),
                                          [](const Notice& notice) { return notice.caller_too; });
  for (const auto& listener : listeners) {
    const auto* key = world_.sign_in.find(listener.owner);
    if (key == nullptr || key->user != user) continue;  // signed out from elsewhere
    if (listener.lost_touch() || is_deaf(listener)) continue;
    const bool all = caller == nullptr || caller_user != user || listener.address != *caller;
    if (!all && !any_for_caller) continue;
    const auto layer = layers_.pick(listener.layer);
    auto at = std::find_if(encoded.begin(), encoded.end(), [&](const Encoded& one) {
      return one.schema == layer.schema.get() && one.all == all;
    });
    if (at == encoded.end()) {
      auto& value = values[all ? 1 : 0];
      if (!value) value = render(all);
      auto body = std::make_shared<tl::Bytes>();
      const bool good =
          !(*value)["updates"].items().empty() &&
          write(*layer.schema, layer.schema->find_type("Updates").value_or(tl::any_object), *value,
                make, *body);
      encoded.push_back({layer.schema.get(), all, good ? std::move(body) : nullptr});
      at = std::prev(encoded.end());
    }
    if (at->body) pushes_.push_back({listener.address, listener.owner, at->body});
  }
}

// As Telegram does to a session that has called nothing for long.
bool Dispatcher::is_deaf(const Sessions::Listener& listener) const {
  const auto after = faults_ == nullptr ? FaultPlan{}.deaf_after : faults_->deaf_after();
  return world_.now() - listener.called >= after;
}

// Nobody is signed in there yet, so that this goes past the listeners.
void Dispatcher::tell_scanned(const Caller& who) {
  const auto* key = world_.sign_in.find(who.owner);
  if (key == nullptr) return;
  const auto layer = layers_.pick(key->layer.value_or(layers_.standard().number));
  std::vector<std::byte> buffer(256);
  Arena arena(buffer.data(), buffer.size());
  const tl::Builder make(arena);
  const auto value = make.object("updateShort", {{"update", make.object("updateLoginToken", {})},
                                                 {"date", tl::Value::integer(world_.date())}});
  auto body = std::make_shared<tl::Bytes>();
  const auto due = layer.schema->find_type("Updates").value_or(tl::any_object);
  if (!write(*layer.schema, due, value, make, *body)) return;
  pushes_.push_back({who.session, who.owner, std::move(body)});
}

// In the layer of the session that asked, which may have gone since.
void Dispatcher::answer_late() {
  for (const auto& query : world_.callbacks.take_over()) {
    const auto* listener = sessions_.find(query.by.session);
    const auto* key = world_.sign_in.find(query.by.owner);
    if (key == nullptr || key->user != query.user) continue;
    const auto number =
        listener != nullptr ? listener->layer : key->layer.value_or(layers_.standard().number);
    const auto layer = layers_.pick(number);
    tl::Bytes body;
    bool written = false;
    if (query.answer) {
      std::vector<std::byte> buffer(2048);
      Arena arena(buffer.data(), buffer.size());
      const tl::Builder make(arena);
      const auto due = layer.schema->find_type("messages.BotCallbackAnswer");
      written =
          write(*layer.schema, due.value_or(tl::any_object),
                Renderer(world_, query.user, make).callback_answer(*query.answer), make, body);
    }
    if (!written) {
      const auto late = bad_request("BOT_RESPONSE_TIMEOUT");
      body.clear();
      tl::Writer(body).nat(rpc_error_id).int32(late.code).bytes(late.text);
    }
    answers_.push_back({query.by.session, query.request, std::move(body)});
  }
}

void Dispatcher::missed(const mtproto::SessionAddress& session) {
  if (auto* listener = sessions_.find(session)) ++listener->missed;
}

std::optional<tl::Bytes> Dispatcher::seen(const mtproto::SessionAddress& session) {
  auto* listener = sessions_.find(session);
  if (listener == nullptr) return std::nullopt;
  const bool lost = listener->lost_touch();
  listener->missed = 0;
  if (!lost) return std::nullopt;
  tl::Bytes body;
  tl::Writer(body).nat(updates_too_long_id);
  return body;
}

void Dispatcher::key_gone(mtproto::AuthKeyId key) {
  sessions_.forget(key);
  if (home_sessions_ != nullptr) home_sessions_->forget(key);
  world_.sign_in.remove(key);
}

}  // namespace server::sandbox

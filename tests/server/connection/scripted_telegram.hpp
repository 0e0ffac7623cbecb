// Telegram without a socket: upstream connections that a test plays by hand. What is sent is
// decoded and answered as the test's handler says, in JSON; what comes of a send is told when the
// loop is polled, what the test does (answer, push, hang up) at once.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/account/account_services.hpp"
#include "tests/server/two_layers.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"
#include "tl/json_text.hpp"

namespace support {

// The small scheme, with what brings an authorization to another data centre, and a method of many
// peers.
inline std::shared_ptr<const server::Schemes> connection_schemes() {
  static const auto schemes = two_layers(R"(
---types---
auth.exportedAuthorization#b434e2b8 id:long bytes:bytes = auth.ExportedAuthorization;
auth.loggedOut#c3a2835f flags:# future_auth_token:flags.0?bytes = auth.LoggedOut;
---functions---
auth.exportAuthorization#e5bfffcd dc_id:int = auth.ExportedAuthorization;
auth.importAuthorization#a57a7dad id:long bytes:bytes = auth.Authorization;
auth.logOut#3e72ba19 = auth.LoggedOut;
test.greet#aaaaaaa4 peers:Vector<InputPeer> flags:# text:flags.0?string = Bool;
invokeWithoutUpdates#bf9459b7 {X:Type} query:!X = X;
)");
  return schemes;
}

class TelegramConnection;

class ScriptedTelegram {
 public:
  struct Asked {
    std::string whole;   // as it was sent, wrappers and all, as JSON
    std::string method;  // the innermost
    mtproto::DcId dc;
    mtproto::RequestId id;  // as its upstream connection knows it
    mtproto::SendOptions options;
    std::weak_ptr<TelegramConnection> upstream;
  };
  // The answer as JSON; empty: none (yet).
  using Handler = std::function<std::string(const tl::Value& query)>;

  ScriptedTelegram(boost::asio::any_io_executor executor, std::shared_ptr<const tl::Schema> schema,
                   Handler handler)
      : executor_(std::move(executor)), schema_(std::move(schema)), handler_(std::move(handler)) {}

  // Three data centres, none of which is anywhere.
  static std::shared_ptr<const server::upstream::Telegram> telegram() {
    auto out = std::make_shared<server::upstream::Telegram>();
    out->kind = server::upstream::Telegram::Kind::sandbox;
    for (const int dc : {1, 2, 3}) out->data_centres[dc] = {{"192.0.2." + std::to_string(dc)}};
    out->free_api_id = 1;
    out->free_api_hash = "x";
    return out;
  }
  server::account::AccountServices::MakeUpstream maker();

  std::vector<Asked> asked;
  std::size_t dialled = 0;  // how often
  std::size_t made_keys = 0;
  std::size_t transfers = 0;  // authorizations that were brought to another data centre
  std::size_t dropped = 0;    // calls that were written, and nobody waits for any more
  std::vector<server::upstream::UpstreamSettings>
      settings;  // of all upstream connections that there were
  // What dialling comes to; none: it works.
  std::optional<server::upstream::UpstreamFailure> failing;
  bool answers_dials = true;  // else dialling goes on for ever

  bool answer(const Asked& to, std::string_view json);
  bool answer(std::size_t n, std::string_view json) { return answer(Asked(asked.at(n)), json); }
  void lose(std::size_t n);
  void refuse(std::size_t n, boost::system::error_code why);
  // To the session at home.
  void push(std::string_view json);
  void renew();
  // The connections to a data centre; 0: all.
  void close(int dc = 0, bool final = false);
  // Those that were hung up and are wanted still are dialled again.
  void come_back();
  bool paused() const;
  // In the scheme.
  tl::Bytes encoded(std::string_view json) const;

 private:
  friend class TelegramConnection;

  // The answer's bytes; empty: none.
  tl::Bytes take(Asked sent, tl::ByteView body);
  std::vector<std::shared_ptr<TelegramConnection>> open_connections() const;

  boost::asio::any_io_executor executor_;
  std::shared_ptr<const tl::Schema> schema_;
  Handler handler_;
  std::vector<std::weak_ptr<TelegramConnection>> upstreams_;
  std::uint64_t last_session_ = 0;
};

inline server::upstream::UpstreamFailure upstream_failure(std::string reason, bool final = false) {
  server::upstream::UpstreamFailure out;
  out.reason = std::move(reason);
  out.final = final;
  if (!final) out.retry_in = std::chrono::milliseconds(700);
  return out;
}

class TelegramConnection final : public server::upstream::UpstreamHandle,
                                 public std::enable_shared_from_this<TelegramConnection> {
 public:
  using Id = mtproto::RequestId;

  TelegramConnection(ScriptedTelegram& telegram, mtproto::DcId dc, mtproto::SessionState state,
                     server::upstream::UpstreamCallbacks& user)
      : telegram_(telegram), dc_(dc), state_(std::move(state)), user_(&user) {
    if (state_.session.value() == 0) {
      state_.session = mtproto::SessionId(0x5e55'0000 + ++telegram.last_session_);
    }
  }

  void open() override {
    if (dialling_ || up_ || closed_) return;
    dialling_ = true;
    later([this] { dial(); });
  }
  void close() override { closed_ = true; }
  void set_prefix(tl::SharedBytes prefix) override {
    prefix_ = std::move(prefix);
    greeted_ = false;
  }
  Id send(tl::SharedBytes body, mtproto::SendOptions options) override {
    calls_.push_back({Id(++last_), std::move(body), std::move(options)});
    if (up_) {
      write(calls_.back());
    } else {
      open();
    }
    return Id(last_);
  }
  void forget(Id id) override {
    const auto found = std::ranges::find(calls_, id, &Call::id);
    if (found == calls_.end()) return;
    if (found->written) ++telegram_.dropped;
    calls_.erase(found);
  }
  void pause(bool paused) override { paused_ = paused; }
  bool ready() const override { return up_; }
  mtproto::DcId dc() const override { return dc_; }
  mtproto::UnixTime server_time() const override { return server::upstream::wall_time(); }
  const mtproto::SessionState& state() const override { return state_; }

  bool closed() const { return closed_; }
  bool paused() const { return paused_; }

  // Each of these is told at once. False: nobody waits for that call any more.
  bool answer(Id id, tl::Bytes body) {
    return over(id, [&](const Call& call) {
      if (call.options.api) greeted_ = true;
      user_->on_answer(id, std::move(body));
    });
  }
  bool lose(Id id) {
    return over(id, [&](const Call&) { user_->on_lost(id); });
  }
  bool refuse(Id id, boost::system::error_code why) {
    return over(id, [&](const Call&) { user_->on_refused(id, why); });
  }
  template <class Tell>
  void tell(Tell what) {
    const auto self = shared_from_this();
    if (closed_) return;
    what(*user_);
    if (!closed_) user_->on_changed();
  }
  void down(server::upstream::UpstreamFailure failure) {
    if (!up_) return;
    up_ = false;
    failure.was_up = true;
    tell([&](auto& user) { user.on_down(failure); });
  }
  bool wanted() const { return !up_ && !dialling_ && (used_ || !calls_.empty()); }

 private:
  struct Call {
    Id id;
    tl::SharedBytes body;
    mtproto::SendOptions options;
    bool written = false;
  };

  void later(std::function<void()> what) {
    boost::asio::post(telegram_.executor_, [weak = weak_from_this(), what = std::move(what)] {
      const auto self = weak.lock();
      if (self && !self->closed_) what();
    });
  }
  template <class Tell>
  bool over(Id id, Tell what) {
    const auto self = shared_from_this();
    const auto found = std::ranges::find(calls_, id, &Call::id);
    if (closed_ || found == calls_.end()) return false;
    const auto call = std::move(*found);
    calls_.erase(found);
    used_ = true;
    what(call);
    if (!closed_) user_->on_changed();
    return true;
  }

  void dial() {
    ++telegram_.dialled;
    tell([](auto& user) { user.on_connecting(); });
    if (closed_ || !telegram_.answers_dials) return;
    dialling_ = false;
    if (telegram_.failing) {
      return tell([&](auto& user) { user.on_down(*telegram_.failing); });
    }
    if (!state_.key) make_key();
    if (closed_) return;
    up_ = true;
    greeted_ = false;
    const auto waiting = std::exchange(calls_, {});
    for (auto call : waiting) {
      const bool again = !call.written || call.options.repeat == mtproto::Repeat::freely;
      calls_.push_back(std::move(call));
      if (again) write(calls_.back());
    }
    tell([](auto& user) { user.on_ready(); });
  }
  void make_key() {
    tell([](auto& user) { user.on_key_exchange(); });
    std::array<std::uint8_t, mtproto::AuthKey::size> bytes{};
    bytes.fill(static_cast<std::uint8_t>(dc_.value()));
    bytes[0] = static_cast<std::uint8_t>(++telegram_.made_keys);
    state_.key.emplace(bytes);
  }
  void write(Call& call) {
    call.written = true;
    const auto id = call.id;
    if (!call.options.answered) {
      return later([this, id] { over(id, [&](const Call&) { user_->on_written(id); }); });
    }
    tl::Bytes whole;
    if (call.options.api && !call.options.bare && !greeted_) tl::append(whole, prefix_);
    tl::append(whole, call.body);
    ScriptedTelegram::Asked sent;
    sent.dc = dc_;
    sent.id = id;
    sent.options = call.options;
    sent.upstream = weak_from_this();
    auto body = telegram_.take(std::move(sent), whole);
    if (!body.empty()) later([this, id, body = std::move(body)] { answer(id, body); });
  }

  ScriptedTelegram& telegram_;
  const mtproto::DcId dc_;
  mtproto::SessionState state_;
  server::upstream::UpstreamCallbacks* user_;
  tl::SharedBytes prefix_;
  std::vector<Call> calls_;  // that are not over
  std::uint64_t last_ = 0;
  bool greeted_ = false;  // an API call was answered in this connection
  bool used_ = false;
  bool dialling_ = false;
  bool up_ = false;
  bool paused_ = false;
  bool closed_ = false;
};

inline server::account::AccountServices::MakeUpstream ScriptedTelegram::maker() {
  return [this](const std::shared_ptr<const server::upstream::UpstreamSettings>& how,
                mtproto::SessionState state, server::upstream::UpstreamCallbacks& user) {
    auto upstream = std::make_shared<TelegramConnection>(*this, how->dc, std::move(state), user);
    settings.push_back(*how);
    upstreams_.push_back(upstream);
    return upstream;
  };
}

inline std::vector<std::shared_ptr<TelegramConnection>> ScriptedTelegram::open_connections() const {
  std::vector<std::shared_ptr<TelegramConnection>> out;
  for (const auto& weak : upstreams_) {
    auto upstream = weak.lock();
    if (upstream && !upstream->closed()) out.push_back(std::move(upstream));
  }
  return out;
}

inline bool ScriptedTelegram::answer(const Asked& to, std::string_view json) {
  const auto upstream = to.upstream.lock();
  return upstream && upstream->answer(to.id, encoded(json));
}

inline void ScriptedTelegram::lose(std::size_t n) {
  if (const auto upstream = asked.at(n).upstream.lock()) upstream->lose(asked.at(n).id);
}

inline void ScriptedTelegram::refuse(std::size_t n, boost::system::error_code why) {
  if (const auto upstream = asked.at(n).upstream.lock()) upstream->refuse(asked.at(n).id, why);
}

inline void ScriptedTelegram::push(std::string_view json) {
  for (const auto& upstream : open_connections()) {
    if (upstream->ready()) {
      return upstream->tell([&](auto& user) { user.on_pushed(encoded(json)); });
    }
  }
}

inline void ScriptedTelegram::renew() {
  for (const auto& upstream : open_connections()) {
    upstream->tell([](auto& user) { user.on_renewed(); });
  }
}

inline void ScriptedTelegram::close(int dc, bool final) {
  for (const auto& upstream : open_connections()) {
    if (dc != 0 && upstream->dc().value() != dc) continue;
    upstream->down(upstream_failure("the data centre closed the connection", final));
  }
}

inline void ScriptedTelegram::come_back() {
  for (const auto& upstream : open_connections()) {
    if (upstream->wanted()) upstream->open();
  }
}

inline bool ScriptedTelegram::paused() const {
  const auto upstreams = open_connections();
  return !upstreams.empty() &&
         std::ranges::all_of(upstreams, [](auto& upstream) { return upstream->paused(); });
}

inline tl::Bytes ScriptedTelegram::encoded(std::string_view json) const {
  std::pmr::monotonic_buffer_resource arena;
  tl::Bytes bytes;
  const auto value = tl::read_json(json, arena);
  if (!value || !tl::encode(*schema_, *value, {}, bytes)) {
    throw std::runtime_error("the test's answer does not fit its scheme: " + std::string(json));
  }
  return bytes;
}

inline tl::Bytes ScriptedTelegram::take(Asked sent, tl::ByteView body) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::decode_value(*schema_, tl::any_object, body, arena, true);
  if (!value) {
    sent.method = "?";
    asked.push_back(std::move(sent));
    return {};
  }
  auto inner = *value;
  while (inner.find("query") != nullptr) inner = inner["query"];
  if (inner.constructor() == "auth.exportAuthorization") {
    return encoded(R"({"_cons":"auth.exportedAuthorization","id":7,"bytes":"AAAA"})");
  }
  if (inner.constructor() == "auth.importAuthorization") {
    ++transfers;
    return encoded(R"({"_cons":"auth.authorization","user":{"_cons":"user","id":7}})");
  }
  if (inner.constructor() == "ping") {
    return encoded(R"({"_cons":"pong","msg_id":1,"ping_id":)" +
                   std::to_string(inner["ping_id"].as_int64().value_or(0)) + "}");
  }
  if (inner.constructor() == "get_future_salts") {
    return encoded(R"({"_cons":"future_salts","req_msg_id":1,"now":1,"salts":[]})");
  }
  tl::write_json(*value, sent.whole);
  sent.method = inner.constructor();
  asked.push_back(std::move(sent));
  const auto json = handler_(inner);
  return json.empty() ? tl::Bytes{} : encoded(json);
}

}  // namespace support

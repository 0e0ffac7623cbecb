#include "server/connection/client_attributes.hpp"

#include <utility>

#include "server/account/init_prefix.hpp"
#include "tl/reader.hpp"

namespace server {

using account::Authorization;

namespace {

constexpr std::uint32_t bad_msg_notification_id = 0xa7eff811;

}  // namespace

ClientAttributes::ClientAttributes(AttributeLimits limits, SharedOptions options,
                                   SharedServer server, account::Accounts& accounts,
                                   account::AccountUser& account_user, User& user)
    : limits_(std::move(limits)),
      accounts_(accounts),
      account_user_(account_user),
      user_(user),
      options_(std::move(options)),
      server_(std::move(server)),
      settings_(dc_settings()),
      handle_(accounts_.join(settings_, {}, account_user_, stay())) {
  account().want_updates(account_user_, wants_updates());
}

std::optional<Failure> ClientAttributes::forbidden(std::string_view method,
                                                   std::string_view path) const {
  if (!limits_.scope) return {};
  const auto scope = limits_.scope->forbids(method);
  if (scope.empty()) return {};
  return server::forbidden(method, scope, std::string(path));
}

// --- reading ---

tl::Result<AttributePlan, Failure> ClientAttributes::read(ClientRequest& request) const {
  auto plan = read(request.request, request.session_as);
  if (!plan) return plan;
  request.exports = plan->account && plan->account->exports;
  if (auto failure = open_named(request.request, *plan)) return std::move(*failure);
  if (!plan->named) {
    if (auto failure = check_sharing(*plan)) return std::move(*failure);
  }
  return plan;
}

bool ClientAttributes::may_set(const Request& request) const {
  SessionFormat as;
  return read(request, as).has_value();
}

tl::Result<AttributePlan, Failure> ClientAttributes::read(const Request& asked,
                                                          SessionFormat& as) const {
  AttributePlan plan;
  if (asked.options) {
    auto read = read_options_attribute(*asked.options, *options_, schemes(), layer_free());
    if (!read) return read.error();
    plan.options = std::move(*read);
  }
  if (asked.server) {
    auto read = read_server_attribute(*asked.server, *server_, limits_.telegram, limits_.allowed);
    if (!read) return read.error();
    plan.server = std::move(*read);
  }
  if (asked.session) {
    if (auto failure = read_session(*asked.session, as, plan)) return std::move(*failure);
  }
  if (auto failure = read_named(asked, as, plan)) return std::move(*failure);
  if (asked.dc) {
    if (auto failure = check_dc(*asked.dc, *server(plan).telegram)) return std::move(*failure);
  }
  plan.other_account = plan.server || (plan.session && !names_current(*plan.session));
  return plan;
}

std::optional<Failure> ClientAttributes::read_session(const tl::Value& value, SessionFormat& as,
                                                      AttributePlan& plan) const {
  auto read = account::read_session(value);
  if (!read) {
    const auto problem = read.error();
    return Failure{problem.error, problem.text, "/session" + problem.path, {}, {}};
  }
  as = read->as;
  const auto attribute = session_attribute(server(plan));
  if (auto failure = attribute.check_format(*read)) return failure;
  if (read->empty()) return {};
  if (auto failure = attribute.check(*read)) return failure;
  if (read->api_id) {
    if (!plan.options) plan.options = *options_;
    plan.options->app.change([&](AppIdentity& app) { app.api_id = *read->api_id; });
  }
  plan.session = std::move(*read);
  return {};
}

std::optional<Failure> ClientAttributes::check_dc(mtproto::DcId dc,
                                                  const upstream::Telegram& telegram) const {
  if (!telegram.addresses(dc).empty()) return {};
  std::string known;
  for (const auto number : telegram.known()) {
    known += (known.empty() ? "" : ", ") + std::to_string(number);
  }
  return type_error(
      "/dc", "there is no data centre " + std::to_string(dc.value()) + " here; known are " + known);
}

// One key has one session, so it is reached in one way.
std::optional<Failure> ClientAttributes::check_sharing(const AttributePlan& plan) const {
  const bool other_way = plan.server || (plan.options && plan.options->pfs != options_->pfs);
  if (!other_way && !plan.session) return {};
  const bool keeps_key = same_environment(*server_, server(plan));
  const auto& key = plan.session ? plan.session->auth_key : account().session().key;
  if (!key || (!plan.session && !keeps_key)) return {};
  if (accounts_.lives_elsewhere(*key)) {
    return Failure{
        "SessionError",
        "other clients of this gateway use this key already: set it while nothing else is "
        "asked, or in the first object of a connection, to share their session",
        "/session/auth_key",
        {},
        {}};
  }
  if (!accounts_.is_used_otherwise(*key, settings_of(plan), account_user_)) return {};
  return Failure{"SessionError",
                 "other clients of this gateway use this key in another way: a key has one session "
                 "at a time, so `server` and `options.pfs` must be the same for all of them",
                 plan.session  ? "/session/auth_key"
                 : plan.server ? "/server"
                               : "/options/pfs",
                 {},
                 {}};
}

// A key that others use, too, has the session that it has.
bool ClientAttributes::names_current(const account::SessionLine& line) const {
  const auto attribute = session_attribute(*server_);
  const auto& used = account().session();
  if (attribute.names(line, used)) return true;
  return account().shared_beside(account_user_) && line.auth_key && used.key &&
         line.auth_key->id() == used.key->id() && attribute.dc_of(line) == server_->dc;
}

// Until something was said in one of them.
bool ClientAttributes::layer_free() const {
  return !sent_any_ && (named_ || !account().calls().any());
}

bool ClientAttributes::has_key(const AttributePlan& plan) const {
  if (plan.named) return plan.named->has_key();
  if (plan.session) return plan.session->auth_key.has_value();
  return account().session().key.has_value() && !account().dead();
}

// A refusal of what it sent with a number of its own is told in any case.
bool ClientAttributes::hears(tl::ByteView pushed) const {
  const bool hears_updates = options_->updates != Updates::none && !named_;
  return hears_updates || tl::Reader(pushed).peek() == bad_msg_notification_id;
}

// --- applying ---

void ClientAttributes::apply(AttributePlan plan, mtproto::Time now) {
  if (plan.server) {
    const bool keeps_key = same_environment(*server_, *plan.server);
    auto left = leave("the server was set", now);
    server_ = std::move(*plan.server);
    enter(keeps_key ? std::move(left) : Authorization{}, !keeps_key, now);
  }
  const bool heard = options_->updates != Updates::none;
  if (plan.options) apply_options(std::move(*plan.options), now);
  if (plan.account) apply_named(plan, now);
  if (!plan.account && named_ && heard != (options_->updates != Updates::none)) user_.on_named({});
  if (plan.session) apply_session(*plan.session, now);
  const bool recovers = options_->updates == Updates::recover && !stateless() && !named_;
  account().recover_updates(account_user_, recovers, now);
  account().want_updates(account_user_, wants_updates());
  speak();
}

// The same key goes on; what is in flight was sent by the key that goes.
void ClientAttributes::apply_options(ConnectionOptions options, mtproto::Time now) {
  const bool other_key = options.pfs != options_->pfs;
  options_.change([&](ConnectionOptions& now_set) { now_set = std::move(options); });
  settings_ = dc_settings();
  if (other_key && !named_) enter(leave("options.pfs was set", now), false, now);
}

void ClientAttributes::apply_session(const account::SessionLine& line, mtproto::Time now) {
  if (names_current(line)) return;
  leave("another session was set", now);
  set_dc(session_attribute(*server_).dc_of(line));
  enter({SessionAttribute::state_of(line), line.user_id, line.updates, {}}, true, now);
  account().prepare();
}

void ClientAttributes::set_dc(mtproto::DcId dc) {
  if (server_->dc != dc) server_.change([&](ServerChoice& server) { server.dc = dc; });
}

void ClientAttributes::move(mtproto::DcId dc, const char* why, mtproto::Time now) {
  if (named_) return named_->move(dc, why, now);
  leave(why, now);
  set_dc(dc);
  enter({}, true, now);
}

Authorization ClientAttributes::leave(const char* why, mtproto::Time now) {
  user_.on_account_leaving(why, now);
  sent_any_ = sent_any_ || account().calls().any();
  return handle_->leave();
}

void ClientAttributes::enter(Authorization known, bool another, mtproto::Time now) {
  settings_ = dc_settings();
  handle_ = accounts_.join(settings_, std::move(known), account_user_, stay());
  account().want_updates(account_user_, wants_updates());
  user_.on_account_changed(another, now);
}

AppIdentity ClientAttributes::identity(const AttributePlan& plan) const {
  auto app = *options(plan).app;
  const auto& telegram = *server(plan).telegram;
  if (app.api_id == 0 && named_) app.api_id = named_->api_id();
  if (app.api_id == 0) app.api_id = telegram.free_api_id;
  if (app.api_hash.empty()) app.api_hash = telegram.free_api_hash;
  return app;
}

account::DcSettings ClientAttributes::settings_of(const AttributePlan& plan) const {
  const auto& to = server(plan);
  const auto& how = options(plan);
  const auto app = identity(plan);
  account::DcSettings out;
  out.telegram = to.telegram;
  out.home = plan.session ? session_attribute(to).dc_of(*plan.session) : to.dc;
  out.transport = to.transport;
  out.proxy = to.proxy;
  out.pfs = how.pfs;
  out.prefix = account::init_prefix(app, how.layer, app.api_id != 0);
  out.schema = limits_.schemes->find(how.layer)->schema;
  out.layer = how.layer;
  return out;
}

// --- telling ---

std::string ClientAttributes::session_text(std::optional<account::SessionFormat> as) const {
  account::SessionLine about;
  if (options_->app->api_id != 0) about.api_id = options_->app->api_id;
  about.user_id = account().user_id();
  about.updates = account().updates(account_user_);
  return session_attribute(*server_).write(account().session(), std::move(about), as,
                                           options_->json);
}

ReplyWriter::Attributes ClientAttributes::texts(const ClientRequest& request) const {
  ReplyWriter::Attributes out;
  const auto& asked = request.request;
  if (asked.server) {
    const GatewayNote gateway{limits_.named != nullptr, limits_.scope.get()};
    write_server_attribute(*server_, gateway, out.server);
  }
  if (asked.options) write_options_attribute(*options_, out.options);
  if (asked.account || (asked.signin && named_)) out.account = account_text();
  const bool own = asked.session || asked.signin;
  if (named_ ? request.exports : own) out.session = session_text(request.session_as);
  return out;
}

}  // namespace server

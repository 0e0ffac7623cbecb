// The attributes `server` and `session`, and the link that they lead to.
#include <algorithm>

#include "server/account/init_prefix.hpp"
#include "server/connection_way.hpp"
#include "server/shared_links.hpp"

namespace server {
namespace {

LiveSessions::Name name_of(const mtproto::SessionState& state) {
  return {state.key->id(), state.session};
}

}  // namespace

const mtproto::SessionState& Connection::session_state() const {
  return link_ ? link_->state() : saved_;
}

SessionAttribute Connection::session_attribute(const ServerChoice& choice) const {
  return {choice, mtproto::DcId(gateway_.options.dc)};
}

void Connection::apply_server(ServerChoice choice) {
  const bool keeps_key = same_environment(server_, choice);
  drop_link("the server was set");
  server_ = std::move(choice);
  if (keeps_key) return;
  saved_ = {};
  update_claim();
  recovery_.reset();
  updates_.clear();
  user_id_.reset();
  names_.clear();
  if (signin_) signin_->reset();
  authorization_known_ = false;
}

void Connection::apply_options(ConnectionOptions options) {
  // The same key goes on; what is in flight was sent by the key that goes.
  if (options.pfs != options_.pfs) drop_link("options.pfs was set");
  options_ = std::move(options);
  update_prefix();
}

void Connection::apply_session(const account::SessionLine& line) {
  const auto attribute = session_attribute(server_);
  if (attribute.names(line, session_state())) return;

  const auto dc = attribute.dc_of(line);
  drop_link("another session was set");
  saved_ = {};
  update_claim();
  server_.dc = dc;
  saved_ = SessionAttribute::state_of(line);
  if (passing_) {  // it shares the session of its kind
    saved_.session = {};
    saved_.last_seqno = 0;
  } else if (saved_.key && saved_.session.value() != 0) {
    const auto name = name_of(saved_);
    if (gateway_.live.claim(name)) {
      claimed_ = name;
    } else {  // live on another connection: the same key, a session of our own
      saved_.session = {};
      saved_.last_seqno = 0;
    }
  }
  recovery_.reset();
  updates_ = line.updates;
  user_id_ = line.user_id;
  names_.clear();
  if (signin_) signin_->reset();
  authorization_known_ = false;
  ensure_link();  // draws what the line did not say; nothing is dialled yet
  update_claim();
}

// What is in flight can't be known any more.
void Connection::drop_link(const char* why) {
  fail_waiting(why);
  drop_ways(why);
  if (!link_) return;
  saved_ = link_->state();
  link_->close();
  link_.reset();
  moving_ = false;
  last_failure_.reset();
  decoder_.forget_kept();
  after_.forget_late();
  std::vector<std::uint64_t> lost;
  for (const auto& exchange : queue_.all()) {
    if (exchange.sent && &exchange != queue_.barrier()) lost.push_back(exchange.number);
  }
  for (const auto number : lost) {
    auto* exchange = find(number);
    if (exchange == nullptr || !exchange->sent) continue;
    fail(*exchange, outcome_unknown(std::string(why) +
                                    " while the request was in flight; it can't be known whether "
                                    "it was carried out"));
  }
  waiters_.clear();
  stop_asking();
  if (recovery_) recovery_->dropped();
}

upstream::LinkSettings Connection::link_settings(mtproto::DcId dc) const {
  upstream::LinkSettings settings;
  settings.telegram = server_.telegram;
  settings.dc = dc;
  settings.transport = server_.transport;
  settings.proxy = server_.proxy;
  settings.connect_timeout = gateway_.options.connect_timeout;
  settings.pfs = options_.pfs;
  settings.traffic = &counters_.telegram;
  settings.network = thread_.network;
  settings.memory = &gateway_.memory;
  return settings;
}

bool Connection::ensure_link() {
  if (link_) return true;
  if (server_.telegram->addresses(server_.dc).empty()) return false;
  auto settings = link_settings(server_.dc);
  if (passing_ && saved_.key) {
    link_ = thread_.links.join(std::move(settings), saved_, prefix(), *this);
    return true;
  }
  link_ = std::make_shared<upstream::Link>(executor_, std::move(settings), saved_, random_,
                                           gateway_.pool, *this);
  if (congested_) link_->pause(true);
  update_prefix();
  return true;
}

AppIdentity Connection::identity() const {
  auto app = options_.app;
  if (app.api_id == 0) app.api_id = server_.telegram->free_api_id;
  if (app.api_hash.empty()) app.api_hash = server_.telegram->free_api_hash;
  return app;
}

tl::Bytes Connection::prefix() const {
  const auto app = identity();
  return account::init_prefix(app, options_.layer, app.api_id != 0);
}

void Connection::update_prefix() {
  if (link_) link_->set_prefix(prefix());
  for (const auto& [at, way] : ways_) {
    if (way->port) way->port->set_prefix(prefix());
  }
}

void Connection::update_claim() {
  if (passing_) return;
  const auto& state = session_state();
  std::optional<LiveSessions::Name> wanted;
  if (state.key) wanted = name_of(state);
  if (wanted == claimed_) return;
  if (claimed_) gateway_.live.release(*claimed_);
  claimed_.reset();
  if (wanted && gateway_.live.claim(*wanted)) claimed_ = wanted;
}

std::string Connection::session_text(std::optional<account::SessionFormat> as) const {
  account::SessionLine about;
  if (options_.app.api_id != 0) about.api_id = options_.app.api_id;
  about.user_id = user_id_;
  if (recovery_) {
    account::write_update_state(recovery_->state(), about.updates);
  } else {
    about.updates = updates_;
  }
  return session_attribute(server_).write(session_state(), std::move(about), as, notation());
}

}  // namespace server

#include "server/gateway/placed_connection.hpp"

#include <utility>

#include "server/account/session_line.hpp"
#include "server/connection/account_attribute.hpp"
#include "server/gateway/gateway.hpp"

namespace server {

PlacedConnection::PlacedConnection(ThreadState& thread, ObjectSink& sink, ConnectionSetup setup)
    : thread_(thread),
      sink_(sink),
      setup_(std::move(setup)),
      connection_(make_connection(thread, sink, setup_)) {}

void PlacedConnection::limit(std::shared_ptr<const TokenScope> scope) {
  setup_.scope = scope;
  remote_ ? remote_->limit(std::move(scope)) : connection_->limit(std::move(scope));
}

void PlacedConnection::receive(Incoming&& object, mtproto::Time now) {
  if (connection_ && object.request) {
    if (object.request->session) choose_thread_of_key(object);
    if (object.request->account) choose_thread_of_account(object);
  }
  if (remote_) return remote_->receive(std::move(object));
  connection_->receive(std::move(object), now);
}

// While something is under way it stays, and its client is told that others use the key: what is
// asked is to be answered in its order.
void PlacedConnection::choose_thread_of_key(const Incoming& object) {
  const auto line = account::read_session(*object.request->session);
  if (!line || !line->auth_key) return;
  auto lease = thread_of_key(thread_, *line->auth_key);
  if (lease.thread() == thread_.services.accounts.services().thread) {
    lease_ = std::move(lease);
  } else if (may_move(object)) {
    auto setup = leave();
    remote_ = std::make_unique<RemoteConnection>(thread_, std::move(lease),
                                                 static_cast<RemoteUser&>(*this), std::move(setup));
    if (above_high_watermark_) remote_->set_above_high_watermark(true);
  }
}

void PlacedConnection::choose_thread_of_account(const Incoming& object) {
  auto* const home = thread_of_account(thread_.gateway, *object.request);
  // Which may be another node's.
  const bool here = home == &thread_ && (!thread_.gateway.leases || setup_.at_home);
  if (home == nullptr || here || !may_move(object)) return;
  auto account = read_account_attribute(*object.request->account);
  auto setup = leave();
  remote_ = std::make_unique<RemoteConnection>(thread_, *home, static_cast<RemoteUser&>(*this),
                                               std::move(setup), std::string(account->name));
  if (above_high_watermark_) remote_->set_above_high_watermark(true);
}

bool PlacedConnection::may_move(const Incoming& object) const {
  return setup_.moves < most_moves && connection_->may_move(*object.request);
}

ConnectionSetup PlacedConnection::leave() {
  auto setup = setup_;
  ++setup.moves;
  setup.choices = std::make_shared<const ConnectionChoices>(connection_->choices());
  std::exchange(connection_, nullptr)->close();
  return setup;
}

void PlacedConnection::on_reply(LongText object, ObjectNote note, std::size_t held) {
  held_ = held;
  sink_.begin().attach(std::move(object));
  sink_.complete(note);
}

void PlacedConnection::refuse(std::string_view id, const Failure& failure) {
  remote_ ? remote_->refuse(id, failure) : connection_->refuse(id, failure);
}

void PlacedConnection::set_above_high_watermark(bool above_high_watermark, mtproto::Time now) {
  above_high_watermark_ = above_high_watermark;
  if (remote_) return remote_->set_above_high_watermark(above_high_watermark);
  connection_->set_above_high_watermark(above_high_watermark, now);
}

void PlacedConnection::end() { remote_ ? remote_->end() : connection_->end(); }

void PlacedConnection::close() { remote_ ? remote_->close() : connection_->close(); }

void PlacedConnection::tick(mtproto::Time now) {
  if (connection_) connection_->tick(now);
}

std::optional<mtproto::Time> PlacedConnection::deadline() const {
  return connection_ ? connection_->deadline() : std::nullopt;
}

}  // namespace server

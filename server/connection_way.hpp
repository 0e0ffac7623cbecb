// A connection's end of its link to a data centre that is not the session's own: tells the
// connection what comes from there. Included by the connection's own files only.
#pragma once

#include "server/connection.hpp"

namespace server {

class Connection::Way final : public upstream::LinkUser {
 public:
  Way(Connection& connection, Place at) : connection_(connection), at_(at) {}

  void close() {
    if (port) port->close();
    port.reset();
  }

  void on_connecting() override {
    up_ = false;
    connection_.event(at_, "connecting", nullptr);
  }
  void on_key_exchange() override { connection_.event(at_, "key_exchange", nullptr); }
  void on_ready() override {
    connection_.reached(at_);
    if (!std::exchange(up_, true)) connection_.event(at_, "ready", nullptr);
  }
  void on_answer(mtproto::RequestId id, tl::Slice body) override {
    connection_.deliver({connection_.gateway_.memory, Ticket{at_, id}, std::move(body)});
  }
  void on_written(mtproto::RequestId id) override { connection_.written({at_, id}); }
  void on_lost(mtproto::RequestId id) override { connection_.lost({at_, id}); }
  void on_refused(mtproto::RequestId id, boost::system::error_code why) override {
    connection_.refused({at_, id}, why);
  }
  void on_pushed(tl::Slice) override {}
  void on_down(const upstream::LinkFailure& why) override { connection_.way_down(at_, why); }
  void on_changed() override {}

  std::shared_ptr<upstream::LinkPort> port;      // none: it will be made anew
  std::optional<upstream::LinkFailure> failure;  // the last
  std::uint64_t used = 0;                        // by which request, the last

 private:
  Connection& connection_;
  const Place at_;
  bool up_ = false;  // and that was told
};

}  // namespace server

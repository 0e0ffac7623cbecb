// POST /json in progress: request objects out of its body, replies as they are ready. It stands
// alone: nothing is kept from one to the next but what its objects name.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/channel/admission_gate.hpp"
#include "server/channel/body_objects.hpp"
#include "server/gateway/remote_connection.hpp"

namespace server::http {

// Who writes what comes of it.
class PostUser {
 public:
  virtual ~PostUser() = default;
  // The body was no request: the whole response, and the end of it. It is given after `wait`.
  virtual void on_no_request(unsigned status, std::string object, mtproto::Duration wait) = 0;
  virtual void on_admitted() = 0;
  virtual void on_object(LongText object) = 0;
  virtual void on_all_answered() = 0;
  virtual void on_reset(std::string why) = 0;
  // No more of the body is wanted for now.
  virtual void on_busy(bool busy) = 0;
};

// The error object in place of a response's replies, counted.
std::string no_request(ThreadState&, std::string_view id, const Failure&);

class Post final : public channel::ObjectTaker, public RemoteUser {
 public:
  Post(ThreadState&, PostUser&, Caller caller, ConnectionSetup setup);

  // `pause`: the client may wait for replies now.
  void feed(std::string_view body, bool pause) {
    objects_.feed(body);
    if (pause) objects_.pause();
  }
  void end() { objects_.end(); }
  // The client does not read the replies (or does again).
  void set_above_high_watermark(bool above_high_watermark);
  // Nobody reads the replies any more.
  void close() {
    if (connection_) connection_->close();
  }

 private:
  void on_object(Incoming&&) override;
  void on_failure(std::string_view id, const Failure&, std::size_t bytes) override;
  void on_end() override;
  void on_busy(bool busy) override { user_.on_busy(busy); }
  void on_reply(LongText object, ObjectNote, std::size_t) override {
    user_.on_object(std::move(object));
  }
  void on_finished() override { user_.on_all_answered(); }
  void on_reset(std::string why) override { user_.on_reset(std::move(why)); }

  bool begin(const Incoming& first);
  void refuse(unsigned status, std::string_view id, const Failure&, mtproto::Duration wait = {});

  ThreadState& thread_;
  PostUser& user_;
  Caller caller_;
  ConnectionSetup setup_;
  channel::ObjectReader reader_;
  channel::BodyObjects objects_;
  std::unique_ptr<RemoteConnection> connection_;  // from the first object on
  bool refused_ = false;
  bool above_high_watermark_ = false;
};

}  // namespace server::http

// One call of a method by /api/v1 in progress: its arguments out of the body or the query, and the
// one reply.
#pragma once

#include <memory>
#include <string_view>

#include "server/channel/admission_gate.hpp"
#include "server/channel/object_reader.hpp"
#include "server/gateway/keyed_calls.hpp"
#include "server/http/api_connection.hpp"
#include "server/http/api_envelope.hpp"

namespace server::http {

// Who writes what comes of it.
class ApiUser {
 public:
  virtual ~ApiUser() = default;
  // The whole response; once.
  virtual void on_api_reply(ApiStatus status, LongText text) = 0;
  virtual void on_reset(std::string why) = 0;
  // No more of the body is wanted for now.
  virtual void on_busy(bool busy) = 0;
};

class ApiCall final : public channel::ObjectTaker, public RemoteUser, public KeyedUser {
 public:
  // `connection`: of its client.
  ApiCall(ThreadState&, ApiUser&, ApiConnection& connection, const Caller&, ApiTarget target);
  ~ApiCall() override { close(); }

  // The body, in pieces; then its end. None: there are no arguments.
  void feed(std::string_view body);
  void end();
  // In place of a body.
  void ask(std::string_view query);
  void post(std::string_view arguments);
  // Nobody reads the reply any more.
  void close();

 private:
  void on_object(Incoming&&) override;
  void on_failure(std::string_view id, const Failure&, std::size_t bytes) override;
  void on_end() override {}
  void on_busy(bool busy) override { user_.on_busy(busy); }
  void on_reply(LongText object, ObjectNote note, std::size_t held) override;
  void on_finished() override {}  // behind the reply
  void on_reset(std::string why) override;
  void on_keyed_reply(ApiStatus status, LongText text) override { reply(status, std::move(text)); }
  ThreadState* thread_of_keyed_call() const;
  void carry_out_keyed(ThreadState& home, Incoming&&);
  void reply(ApiStatus status, LongText text);

  ThreadState& thread_;
  ApiUser& user_;
  ConnectionSetup setup_;
  const ApiTarget target_;
  const std::shared_ptr<const ApiEnvelope> envelope_;
  channel::ObjectReader reader_;
  ApiConnection& connection_;
  bool asked_ = false;                          // of the connection, and not answered
  std::optional<mtproto::RunningSha256> body_;  // of a call with an Idempotency-Key
  std::unique_ptr<KeyedRequest> keyed_;         // in place of the connection, of such a call
  bool over_ = false;                           // replied, or closed
};

}  // namespace server::http

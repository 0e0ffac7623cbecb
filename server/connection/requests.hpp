// The life of a client's requests, from their arrival to their replies: wires the queue, the
// encoder, the sender, sign-in and the reply writer together, and owns them. Its connection says
// when the next may be begun, and is told what concerns it alone. Time is an argument.
#pragma once

#include <memory>
#include <optional>

#include "server/account/signin_driver.hpp"
#include "server/connection/client_attributes.hpp"
#include "server/connection/client_signin.hpp"
#include "server/connection/connection_services.hpp"
#include "server/connection/deliveries.hpp"
#include "server/connection/failure_log.hpp"
#include "server/connection/message_preparer.hpp"
#include "server/connection/reply_writer.hpp"
#include "server/connection/request_counts.hpp"
#include "server/connection/request_sender.hpp"
#include "server/protocol/incoming.hpp"
#include "server/protocol/object_sink.hpp"

namespace server {

class Requests final : private account::SigninUser,
                       private MessagePreparer::User,
                       private RequestSender::User,
                       private Deliveries::User {
 public:
  static constexpr std::size_t most_in_flight = 1024;

  class User {
   public:
    virtual ~User() = default;
    // One is over, or may be followed by the next.
    virtual void on_request_moved(mtproto::Time now) = 0;
    // Telegram has answered a step of sign-in.
    virtual void on_signin_answered(mtproto::Time now) = 0;
    virtual account::Account* on_signin_moves(mtproto::DcId dc, mtproto::Time now) = 0;
    virtual void on_due() = 0;  // deadline() may be sooner
  };

  Requests(const ConnectionServices&, ClientAttributes&, ClientSignin&, ObjectSink&,
           const FailureLog&, User&);
  ~Requests() override;

  void add(Incoming&& object, mtproto::Time now);
  // What was no request.
  void refuse(std::string_view id, const Failure&);
  // Begins the next; false: none may be begun now.
  bool begin_next(mtproto::Time now);
  void tick(mtproto::Time now);
  std::optional<mtproto::Time> deadline() const { return queue_.deadline(); }
  bool empty() const { return queue_.empty(); }
  // One waits for a name, the pool or a step of sign-in.
  bool waits() const { return queue_.barrier() != nullptr; }
  void on_dc(const account::DcChange& change) { sender_.on_dc(change); }
  void on_account_leaving(const char* why, mtproto::Time now);
  // The client is gone.
  void close();

  Deliveries& deliveries() { return *deliveries_; }
  ReplyWriter& replies() { return replies_; }
  std::size_t held() const { return replies_.held(); }

 private:
  std::optional<Failure> start(ClientRequest&, mtproto::Time now);
  bool holds_too_much(const ClientRequest& besides) const;
  std::optional<Failure> forbidden_step(const tl::Value& step) const;
  bool waits_for(const AttributePlan&, ClientRequest&);
  void on_account_free(std::uint64_t number, mtproto::Time now);
  account::SigninDriver& signin(named::NamedAccount* of) const {
    return of != nullptr ? of->signin() : signin_.driver();
  }
  bool needs_key(const AttributePlan&) const;
  void run_step(account::SigninDriver::Step, ClientRequest&, mtproto::Time now);
  void begin(ClientRequest&, mtproto::Time now);
  void expire(ClientRequest&, mtproto::Time now);

  void on_signin_over(account::SigninOutcome, mtproto::Time now) override;
  account::Account* on_signin_moves(mtproto::DcId dc, mtproto::Time now) override;
  void on_encoded(ClientRequest&, mtproto::Time now) override;
  void on_prepared(ClientRequest&, mtproto::Time now) override;
  void on_request_over(ClientRequest&, const Outcome&, mtproto::Time now) override;
  void on_request_failed(ClientRequest&, Failure, mtproto::Time now) override;
  void on_signed_out() override;
  bool holds_home() const override;
  void on_due() override { user_.on_due(); }
  void on_decoded(std::uint64_t number, tl::TextParts& text, const Failure*,
                  mtproto::Time now) override;
  void on_kept_answer(std::uint64_t number, tl::Slice body, mtproto::Time now) override;
  void on_undeliverable(const Failure& failure) override { refuse("0", failure); }

  const ConnectionServices& services_;
  ClientAttributes& attributes_;
  ClientSignin& signin_;
  const FailureLog& log_;
  User& user_;
  RequestCounts counts_;
  RequestQueue queue_;
  ReplyWriter replies_;
  const std::shared_ptr<Deliveries> deliveries_;
  const std::shared_ptr<MessagePreparer> preparer_;
  RequestSender sender_;
  bool closed_ = false;
};

}  // namespace server

// One client: its requests on one side, its MTProto session on the other, and the only place where
// the two streams meet. It knows no channel (objects go to a Sink) and no socket (a Link has that).
//
// Requests are begun in the order in which they came; one that waits for a peer's name or for a
// step of sign-in holds back those behind it. Replies go out as they are ready, under one id in
// order.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/account/migration.hpp"
#include "server/account/peer_names.hpp"
#include "server/account/session_line.hpp"
#include "server/account/signin.hpp"
#include "server/account/update_recovery.hpp"
#include "server/connection/after_order.hpp"
#include "server/connection/answer_decoder.hpp"
#include "server/connection/exchange.hpp"
#include "server/connection/outcome.hpp"
#include "server/connection/reply_writer.hpp"
#include "server/connection/request_queue.hpp"
#include "server/connection/session_attribute.hpp"
#include "server/connection_options.hpp"
#include "server/gateway.hpp"
#include "server/incoming.hpp"
#include "server/secondary_link.hpp"
#include "server/sink.hpp"
#include "server/thread_state.hpp"
#include "server/upstream/link.hpp"

namespace server {

// How a connection begins.
struct ConnectionSetup {
  std::uint64_t number = 0;  // in logs
  tl::Notation json = tl::Notation::classic;
  // Its client is a plain HTTP request, or several: it hears no updates, and a session that it sets
  // is one that others of its kind may be using.
  bool passing = false;
};

class Connection final : public upstream::LinkUser,
                         public HomeCaller,
                         public std::enable_shared_from_this<Connection> {
 public:
  static constexpr std::size_t most_in_flight = 1024;
  static constexpr std::size_t most_ways = 8;  // to other data centres

  Connection(ThreadState&, Sink&, const ConnectionSetup&);
  ~Connection() override;

  // --- from the channel ---
  // An object that the client sent.
  void receive(Incoming&& object);
  // What the client sent was no request.
  void refuse(std::string_view id, const Failure&);
  // Nothing more will come from the client; what came is answered.
  void end();
  // The client is gone.
  void close();
  // The client does not read (or does again): nothing more is read from the data centre.
  void set_congested(bool congested);
  void tick(mtproto::Time now);
  std::optional<mtproto::Time> deadline() const;

  bool idle() const { return queue_.empty(); }
  std::uint64_t number() const { return number_; }
  // Bytes of replies that wait for others under the same id.
  std::size_t held() const { return replies_.held(); }

 private:
  class Way;
  // `updates`, `home`, `centres`: nobody's exchange. A call of the recovery's, of a link to another
  // data centre, and the question where all of them are.
  enum class Purpose : std::uint8_t { message, name, signin, updates, home, centres };
  struct Waiter {
    std::uint64_t exchange;  // or the number of the call
    Purpose purpose;
  };
  struct HomeCall {
    Done done;
    bool written = false;
  };

  // connection.cpp: the order of requests
  void advance();
  void begin(Exchange&);
  std::optional<Failure> start(Exchange&);
  void refuse(Refused&& refused);
  void drop(std::unique_ptr<RequestArena> arena);
  Exchange* find(std::uint64_t number) { return queue_.find(number); }

  // connection_time.cpp
  void expire(Exchange&, mtproto::Time now);

  // connection_reply.cpp: what a request came to
  void finish(Exchange&, const Outcome&);
  void fail(Exchange&, Failure);
  ReplyWriter::Attributes attributes(const Exchange&, const Outcome&) const;
  void unblock(Exchange&);
  void note(const Failure&) const;
  void count(const Exchange&, const Outcome&);
  void count_out(const Exchange&);

  // connection_encode.cpp: a message into bytes
  std::optional<Failure> encode(Exchange&, const ConnectionOptions&, const tl::PeerBook&);
  std::optional<Failure> encode_apart(Exchange&, const ConnectionOptions&,
                                      const account::PeerNames&);
  void encoded_apart(std::uint64_t number, EncodeWork&);
  std::optional<Failure> take_encoded(Exchange&, const ConnectionOptions&, EncodedMessage);

  // connection_message.cpp: its way to Telegram and back
  void dispatch(Exchange&);
  void resolve(Exchange&);
  void send(Exchange&, Purpose);
  void deliver(Arrival);
  AnswerDecoder::Caller decoding();
  void decode_apart(Arrival, std::uint64_t exchange);
  void decoded_apart(std::uint64_t exchange, std::string& text, const Failure*);
  void message_answered(Exchange&, tl::ByteView body);
  void name_answered(Exchange&, tl::ByteView body);
  void named(Exchange&);
  bool wants(tl::ByteView pushed) const;
  void push(tl::ByteView body);
  void resume_deliveries();
  void written(const Ticket&);
  bool own_call_failed(const Ticket&, const std::string& why);
  void lost(const Ticket&);
  void refused(const Ticket&, boost::system::error_code why);

  // connection_retry.cpp: what is sent once more instead of being answered
  bool retry(Exchange&, Purpose, tl::ByteView body);
  RefusedCall refused_call(const Exchange&, Purpose) const;
  void sleep(Exchange&, const Retry&);
  void move_home(mtproto::DcId);

  // connection_ways.cpp: data centres beside the session's own
  std::optional<Failure> check_dc(mtproto::DcId, const upstream::Telegram&) const;
  std::optional<Failure> reach(Place);
  bool make_room();
  upstream::LinkPort* port(Place) const;
  int dc_of(Place) const;
  void send_waiting();
  void fail_waiting(const char* why);
  void drop_ways(const char* why);
  void way_down(Place, const upstream::LinkFailure&);
  void account_gone(const Exchange&, const account::RpcError* refusal);
  bool has_key() const override { return session_state().key.has_value(); }
  void call_home(tl::Bytes body, Done done) override;
  void home_answered(std::uint64_t call, Answer);
  void home_unreached(const upstream::LinkFailure&);

  // connection_centres.cpp: where they all are
  void ask_centres();
  void learn_centres(tl::ByteView answer);
  void stop_asking();

  // connection_signin.cpp
  static Failure refusal_failure(const account::Refusal&, std::string_view state);
  std::optional<Failure> drive(Exchange&, account::Action);
  void drive_on(Exchange&, account::Action);
  void signin_answered(Exchange&, tl::ByteView body);
  void signed_out();
  void signin_failed(Exchange&, Failure);
  void signin_late(Exchange&);
  std::string signin_text(const tl::Value& signin) const;

  // connection_qr.cpp: a code that is shown, and scanned
  bool shows_code() const;
  void refresh_code();
  std::optional<Failure> start_own(Exchange&);
  void finish_own(Exchange&, const Outcome&);
  void push_signin(std::string_view signin);
  void plan_refresh();
  void refresh_code_at(mtproto::Time);
  bool hears_scan(tl::ByteView pushed);
  void drop_code();

  // connection_updates.cpp: each update once and in order
  bool recovers(tl::ByteView pushed) const;
  void follow_updates();
  void take_updates(Arrival, std::optional<std::uint64_t> call);
  void take_decoded(tl::ByteView body, const tl::Value* value, std::optional<std::uint64_t> call);
  void take_answer(const Exchange&, tl::ByteView body);
  std::int64_t channel_asked(const Exchange&) const;
  void carry_out(tl::ByteView came);
  void ask_updates(const account::AskUpdates&);
  void deliver_update(const account::DeliverUpdate&, tl::ByteView came);
  void forget_updates(std::uint64_t call);
  void updates_failed(std::uint64_t call);

  // connection_link.cpp: attributes `server` and `session`, the link
  SessionAttribute session_attribute(const ServerChoice&) const;
  void apply_server(ServerChoice);
  void apply_options(ConnectionOptions);
  void apply_session(const account::SessionLine&);
  void drop_link(const char* why);
  bool ensure_link();
  upstream::LinkSettings link_settings(mtproto::DcId) const;
  tl::Bytes prefix() const;
  void update_prefix();
  void update_claim();
  const mtproto::SessionState& session_state() const;
  std::string session_text(std::optional<account::SessionFormat> as = {}) const;
  void event(Place, std::string_view state, const upstream::LinkFailure* failure);
  Failure down_failure(Place, const upstream::LinkFailure&) const;
  const upstream::LinkFailure* last_failure(Place) const;
  void reached(Place);
  std::vector<std::uint64_t> unreached(Place, const upstream::LinkFailure&);
  void give_up(const std::vector<std::uint64_t>& exchanges, const upstream::LinkFailure&);

  // connection_events.cpp: what links say of themselves
  void on_connecting() override;
  void on_key_exchange() override;
  void on_ready() override;
  void on_answer(mtproto::RequestId, tl::Slice body) override;
  void on_written(mtproto::RequestId) override;
  void on_lost(mtproto::RequestId) override;
  void on_refused(mtproto::RequestId, boost::system::error_code why) override;
  void on_pushed(tl::Slice body) override;
  void on_down(const upstream::LinkFailure&) override;
  void on_changed() override;
  void on_renewed() override;

  AppIdentity identity() const;
  const Scheme& scheme() const { return *schemes_->find(options_.layer); }
  tl::Notation notation() const { return options_.json; }

  ThreadState& thread_;
  Gateway& gateway_;
  tl::Random& random_;
  boost::asio::any_io_executor executor_;
  Counters& counters_;
  Sink& sink_;
  const std::uint64_t number_;
  const bool passing_;
  std::shared_ptr<const Schemes> schemes_;
  ConnectionOptions options_;
  ServerChoice server_;

  RequestQueue queue_;
  AfterOrder after_;
  ReplyWriter replies_;
  std::optional<mtproto::Time> account_due_;  // not later than the next QR code, or the recovery
  std::unordered_map<Ticket, Waiter, TicketHash> waiters_;
  AnswerDecoder decoder_;

  std::shared_ptr<upstream::LinkPort> link_;
  mtproto::SessionState saved_;  // while there is no link
  std::optional<LiveSessions::Name> claimed_;
  std::optional<upstream::LinkFailure> last_failure_;
  std::map<Place, std::unique_ptr<Way>> ways_;
  std::map<std::uint64_t, HomeCall> home_calls_;
  std::uint64_t last_home_call_ = 0;
  std::shared_ptr<upstream::AddressBook> asking_;  // where the data centres are
  bool exported_ = false;  // somebody is signed in elsewhere with what was exported here
  std::string updates_;    // as the session line had it, while they are not recovered
  std::shared_ptr<account::UpdateRecovery> recovery_;
  MemoryShare recovery_share_;
  std::optional<std::int64_t> user_id_;
  account::PeerNames names_;
  std::unique_ptr<account::Signin> signin_;
  bool authorization_known_ = false;       // Telegram was asked, or told us
  bool moving_ = false;                    // sign-in waits for a key in another data centre
  std::optional<mtproto::Time> code_due_;  // when the next QR code is to be asked for
  bool code_scanned_ = false;              // since the last one was

  bool sent_any_ = false;
  bool congested_ = false;
  bool advancing_ = false;
  bool ended_ = false;
  bool closed_ = false;
};

}  // namespace server

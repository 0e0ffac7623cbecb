// A client's connection to a named account where several nodes share a store: in this node while it
// has the account, else at the node that has it, and from the one to the other as the account goes.
// Its client sees nothing of that but its answers: what was not begun waits until the account is
// found, what may have been carried out and only reads is asked again, and of all else it is said
// that nobody knows (OutcomeUnknown). Updates go on behind the last one that was told.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "server/gateway/asked_elsewhere.hpp"
#include "server/gateway/node_client.hpp"
#include "server/gateway/placed_connection.hpp"
#include "server/named/named_accounts.hpp"

namespace server {

class AccountConnection final : public RequestTaker,
                                private ObjectSink,
                                private named::NamedUser,
                                private NodeClientUser {
 public:
  // How long what is asked waits for an owner, beyond a lease's time.
  static constexpr std::chrono::seconds patience{3};
  static constexpr std::chrono::milliseconds retry_after{200};
  // Where the account changes its owner.
  static constexpr std::size_t most_waiting = 256;
  // Why a connection of another node's client is reset: it has to look for the account again.
  static constexpr std::string_view not_here = "the account is not this node's";

  // In the thread where the account lives.
  AccountConnection(ThreadState& home, ObjectSink&, ConnectionSetup, std::string account);
  ~AccountConnection() override { close(); }

  void limit(std::shared_ptr<const TokenScope> scope) override;
  void receive(Incoming&& object, mtproto::Time now) override;
  void refuse(std::string_view id, const Failure&) override;
  void set_above_high_watermark(bool above_high_watermark, mtproto::Time now) override;
  void end() override;
  void close() override;
  void tick(mtproto::Time now) override;
  std::optional<mtproto::Time> deadline() const override;
  std::size_t held() const override { return local_ ? local_->held() + held_ : held_; }

 private:
  enum class Place : std::uint8_t {
    none,    // not looked for, or not found
    sought,  // its lease is being asked for
    here,
    elsewhere,
    left  // the client uses another one, or none
  };
  // That the client speaks as the account, said in its place where its account is another's now.
  enum class Attach : std::uint8_t {
    none,  // it need not be said, or is known
    said,
    accepted,  // here: what waits is handed over when the connection is off the stack
    refused
  };

  PlacedConnection& local();
  bool names_another(const Request&) const;
  void leave(Incoming&& object, mtproto::Time now);
  std::string account_of_this_thread(const Request&) const;
  void give(Incoming&& object, mtproto::Time now);
  void send(const Incoming& object);
  void keep_options(const Request&);
  void seek(mtproto::Time now);
  void on_sought();
  void settle_here();
  void settle_elsewhere(const std::string& url);
  void settle(Place place);
  void hand_over();
  void not_found(bool passes);
  void seek_again(mtproto::Duration wait);
  void move_away(mtproto::Time now);
  void leave_here();
  void follow_account();
  void unfollow_account();
  std::string attach_text() const;
  bool is_attach_reply(std::string_view text) const;
  bool waits_for_attach_here() const { return attach_ == Attach::said && place_ == Place::here; }
  void on_attached();
  void refuse_request(std::string id, std::string extra, Failure);
  void refuse_request(const Request& request, Failure failure) {
    refuse_request(request.id, request.extra, std::move(failure));
  }
  // It is to go on as the account wherever that is.
  bool speaks_as_account() const { return attached_ && !setup_.stateless; }

  // --- ObjectSink: of the connection here ---
  LongText& begin() override { return waits_for_attach_here() ? text_ : sink_.begin(); }
  void complete(ObjectNote note) override;
  void update_usage() override { sink_.update_usage(); }
  void wake() override { sink_.wake(); }
  void finish() override { sink_.finish(); }
  void reset(std::string_view why) override { sink_.reset(why); }
  // --- NamedUser ---
  void on_leaving(const char* why, mtproto::Time now) override;
  void on_moved(mtproto::Time) override {}
  void on_code(std::string_view) override {}
  // --- NodeClientUser ---
  void on_node_reply(LongText object, ObjectNote note, std::size_t held) override;
  void on_node_refused(std::uint64_t object, Failure failure) override;
  void on_node_finished() override;
  void on_node_lost(bool reached) override;

  ThreadState& home_;
  ObjectSink& sink_;
  ConnectionSetup setup_;
  std::string name_;
  const std::shared_ptr<char> alive_ = std::make_shared<char>();
  Place place_ = Place::none;
  std::shared_ptr<named::NamedAccount> account_;  // sought or here
  std::unique_ptr<PlacedConnection> local_;       // where it is here or left; else for refusals
  std::unique_ptr<NodeClient> remote_;
  std::deque<Incoming> waiting_;
  AskedElsewhere asked_;
  std::optional<std::int64_t> position_;  // in the log; none: it follows none
  std::optional<mtproto::Time> retry_at_, give_up_at_;
  LongText text_;           // of a reply that may be nobody's
  std::size_t held_ = 0;    // at the other node
  bool following_ = false;  // told of what becomes of account_
  bool attached_ = false;   // its client speaks as the account
  Attach attach_ = Attach::none;
  Failure why_not_;    // where it was not found
  bool lost_ = false;  // the account is here no more; what was asked is being answered
  bool paused_ = false;
  bool ended_ = false;
  bool closed_ = false;
};

}  // namespace server

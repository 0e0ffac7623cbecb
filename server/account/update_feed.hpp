// A client's updates, each once and in order: carries out what UpdateRecovery wants. Owns the
// recovery; a caller of CallTable; what is ready goes to whoever listens. Time is an argument.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/account/answer_decoder.hpp"
#include "server/account/call_table.hpp"
#include "server/account/update_recovery.hpp"

namespace server::account {

// Who is told.
class UpdateListener {
 public:
  virtual ~UpdateListener() = default;
  virtual void on_update(std::int64_t update_seq, tl::ByteView body, mtproto::Time now) = 0;
  // Its feed's deadline may be sooner.
  virtual void on_updates_due() = 0;
  // All that a turn brought was told: the feed's text() covers just that.
  virtual void on_updates_told() {}
};

class UpdateFeed final : public Caller, public std::enable_shared_from_this<UpdateFeed> {
 public:
  // `text`: where it stopped, as text() gave it; empty: it begins. All the others are there until
  // it stops.
  UpdateFeed(const AccountServices&, DcConnections&, CallTable&, UpdateListener&,
             const std::string& text);
  ~UpdateFeed() override { stop(); }

  static bool is_updates(const tl::Schema&, tl::ByteView body);
  // Of what a client was answered: whether others can know from it what happened.
  static bool tells_whole(const tl::Schema&, tl::ByteView answer);
  // Whether what was pushed is for it.
  bool takes(tl::ByteView pushed) const;
  void pushed(tl::Slice body, mtproto::Time now);
  // What a client's own request was answered: it learned that already. `query` is the request.
  void client_answered(const tl::Slice& answer, const tl::Combinator* method, tl::ByteView query,
                       mtproto::Time now);
  // What another client of the account was answered: this one learned nothing of it.
  void other_answered(tl::ByteView answer, mtproto::Time now);

  void connected(mtproto::Time now);
  // `for_good`: calls on their way are lost with their connection.
  void disconnected(bool for_good);
  void renewed(mtproto::Time now);
  void signed_in(mtproto::Time now);
  void signed_out(mtproto::Time now);
  // Nobody reads: nothing is late meanwhile.
  void pause(bool paused, mtproto::Time now);
  void tick(mtproto::Time now);
  std::optional<mtproto::Time> deadline() const { return recovery_.deadline(); }

  // Nothing more is told or asked, for good.
  void stop();
  // Covers exactly what was told.
  std::string text() const;

  void on_outcome(std::uint64_t call, CallOutcome, mtproto::Time now) override;

 private:
  // What was decoded is the answer of a call, or of a client's request, or was pushed.
  struct Whose {
    std::uint64_t call = 0;
    std::optional<std::int64_t> client_channel;
  };

  const tl::Schema& schema() const { return *connections_.settings().schema; }
  void take(Received, mtproto::Time now);
  void decode_apart(Received);
  void resume();
  void decoded(const Whose&, tl::ByteView body, const tl::Value*, mtproto::Time now);
  void answer_decoded(std::uint64_t call, const tl::Value*, mtproto::Time now);
  void apply(tl::ByteView came, mtproto::Time now);
  void ask(const AskUpdates&, mtproto::Time now);
  void deliver(const DeliverUpdate&, tl::ByteView came, mtproto::Time now);

  const AccountServices& services_;
  DcConnections& connections_;
  CallTable& calls_;
  UpdateListener& listener_;
  UpdateRecovery recovery_;
  MemoryShare share_;
  AnswerDecoder decoder_;
  bool stopped_ = false;
};

}  // namespace server::account

// Makes of what Telegram pushes, in whatever order and however often, each update once and in
// order: counts them, waits a moment for what is missing, asks for what does not come.
// core.telegram.org/api/updates
//
//   pushed(), client_answered(), answered(), connected(), tick() … → take_actions()
//
// It calls nobody and has no clock. Actions may be views into what was given last: carry them out
// before that goes.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "mtproto/time.hpp"
#include "server/account/answer_news.hpp"
#include "server/account/migration.hpp"
#include "server/account/update_box.hpp"
#include "server/account/update_place.hpp"
#include "server/account/update_state.hpp"

namespace server::account {

// Tell the client.
struct DeliverUpdate {
  std::int64_t number = 0;  // update_seq
  UpdateParcelPtr object;   // null: what was pushed, just as it came
};
// Call this function; answered() or failed() with the same number.
struct AskUpdates {
  std::uint64_t call = 0;
  UpdateParcelPtr function;
};
// The answer is not waited for any more.
struct ForgetUpdates {
  std::uint64_t call = 0;
};
using UpdateAction = std::variant<DeliverUpdate, AskUpdates, ForgetUpdates>;

class UpdateRecovery {
 public:
  static constexpr std::size_t most_bytes = std::size_t{16} << 20;  // that wait
  static constexpr std::size_t most_calls = 4;                      // for channels, at a time

  // Goes on from `state`. `lost`: there was one, but it can't be read.
  explicit UpdateRecovery(const std::optional<UpdateState>& state, bool lost = false);

  // Calls can be made (again): what was missed is asked for.
  void connected(mtproto::Time now);
  // The connection is gone; calls wait for the next.
  void disconnected() { connected_ = false; }
  // Calls on their way are lost.
  void dropped();
  // The client does not read: nothing is late meanwhile.
  void pause(bool paused, mtproto::Time now);
  // Telegram made the session anew: what it had for the old one is gone.
  void renewed(mtproto::Time now);
  void signed_in(mtproto::Time now);
  // Who comes next is somebody else.
  void signed_out();

  // An object of type Updates that came unasked.
  void pushed(const tl::Value& updates, mtproto::Time now);
  // One that the scheme can't read; it is delivered as it came.
  void unreadable(mtproto::Time now);
  // What a request of the client's own was answered: it knows that already.
  void client_answered(const AnswerNews&, mtproto::Time now);
  void answered(std::uint64_t call, const tl::Value& answer, mtproto::Time now);
  // There will be no answer; or one that can't be read, which is delivered as it came.
  void failed(std::uint64_t call, mtproto::Time now);
  void answer_unreadable(std::uint64_t call, mtproto::Time now);

  void tick(mtproto::Time now);
  std::optional<mtproto::Time> deadline() const;
  std::vector<UpdateAction> take_actions();

  // Covers exactly what was delivered.
  UpdateState state() const;
  std::size_t held_bytes() const { return *meter_; }

 private:
  // What is asked for on behalf of some counters.
  struct Poll {
    std::uint64_t call = 0;  // on its way
    mtproto::Time not_before{};
    mtproto::Time deadline{};
    unsigned failures = 0;
    bool wanted = false;
  };
  // An account may have hundreds, and most are idle.
  struct Channel {
    UpdateBox box{UpdateBox::channel_fall};
    Poll poll;
    bool known = false;  // its pts is
    std::optional<std::int64_t> access_hash;
    std::uint64_t heard = 0;  // when last, in the order of arrivals
  };

  // update_recovery.cpp
  bool open() const { return known_ && common_.call == 0; }
  bool fits(const Arrival&) const;
  void commit(const Arrival&, mtproto::Time now);
  void take(const tl::Value& updates, mtproto::Time now);
  void take_own(const tl::Value& updates, std::int64_t channel, mtproto::Time now);
  void take_parts(const Arrival&, const std::shared_ptr<UpdateParcel>&, mtproto::Time now);
  void take_part(const Arrival::Part&, const UpdateParcelPtr&, mtproto::Time now);
  void take_of_channel(const UpdatePlace&, HeldUpdate, mtproto::Time now);
  void offer(UpdateBox&, Poll&, bool busy, HeldUpdate, mtproto::Time now);
  void hold(UpdateBox&, Poll&, HeldUpdate, mtproto::Time now);
  void drain(UpdateBox&, mtproto::Time now);
  void drain_common(mtproto::Time now);
  void emit(const HeldUpdate&);
  void close_batch();
  void deliver(UpdateParcelPtr object);
  std::shared_ptr<UpdateParcel> parcel() const { return std::make_shared<UpdateParcel>(meter_); }
  void go_on(mtproto::Time now);

  // update_polls.cpp: when to ask, and what
  void want(Poll& poll) { poll.wanted = true; }
  void retry(Poll&, mtproto::Time now, mtproto::Duration at_least);
  void check_call(Poll&, mtproto::Time now);
  void check_channels(mtproto::Time now);
  std::optional<mtproto::Time> common_deadline() const;
  std::optional<mtproto::Time> channel_deadline(const Channel&) const;
  void ask_common(mtproto::Time now);
  void ask_channels(mtproto::Time now);
  void ask(Poll&, std::shared_ptr<UpdateParcel> function, mtproto::Time now);
  void begin_anew(mtproto::Time now);

  // update_answers.cpp: what came of it
  void common_answered(const tl::Value& answer, mtproto::Time now);
  void state_came(const tl::Value& state, mtproto::Time now);
  void difference_came(const tl::Value& difference, mtproto::Time now);
  void common_refused(const RpcError&, mtproto::Time now);
  void channel_answered(std::int64_t id, const tl::Value& answer, mtproto::Time now);
  void channel_refused(std::int64_t id, const RpcError&, mtproto::Time now);
  void deliver_difference(const tl::Value& difference, const UpdateBox&, bool of_channel,
                          const tl::Value& state, std::vector<tl::Value>* of_others);
  void deliver_copy(const tl::Value& object);
  void take_others(const tl::Value& difference, std::span<const tl::Value> updates,
                   mtproto::Time now);
  void tell_hole(std::int32_t pts);
  bool fallen_meanwhile() const;

  // update_channels.cpp: the table of channels
  Channel& channel(std::int64_t id);
  void learn(std::span<const tl::Value> chats);
  void learn_passing(std::span<const tl::Value> chats);
  void learn_dialogs(std::span<const tl::Value> dialogs);
  void channel_too_long(const UpdatePlace&, const UpdateParcelPtr&, const tl::Value& update,
                        mtproto::Time now);
  void fail(std::int64_t id, mtproto::Time now);
  void tell_channel_hole(std::int64_t id);

  UpdateMeter meter_ = std::make_shared<std::size_t>(0);
  UpdateBox pts_, qts_, seq_;
  std::int32_t date_ = 0;
  bool known_ = false;
  bool lost_ = false;  // updates are missing that nobody can give: to be told
  Poll common_;
  std::unordered_map<std::int64_t, Channel> channels_;
  std::set<std::int64_t> active_;  // channels that wait for something
  std::unordered_map<std::uint64_t, std::int64_t> channel_calls_;
  std::uint64_t last_call_ = 0;
  std::uint64_t arrivals_ = 0;
  std::int64_t number_ = 0;

  bool connected_ = false;
  bool paused_ = false;
  bool asleep_ = false;  // nobody is signed in
  mtproto::Time heard_{};

  std::vector<UpdateAction> actions_;
  UpdateParcelPtr batch_;  // whose updates are being gathered …
  std::vector<tl::Value> gathered_;
};

}  // namespace server::account

// One counter of updates (pts, qts, seq, a channel's pts) and what waits for its turn.
// core.telegram.org/api/updates
//
//   at + count == arriving  next: it applies
//   at + count >  arriving  a duplicate
//   at + count <  arriving  early: something before it is missing
//
// What arrives very far below is no duplicate: the server counts anew.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "mtproto/time.hpp"
#include "server/account/update_parcel.hpp"

namespace server::account {

struct HeldUpdate {
  std::int32_t at = 0;          // the counter once it is applied
  std::int32_t count = 0;       // by how much that moves it
  UpdateParcelPtr parcel;       // null: nothing to tell, the client knows it from an answer
  tl::Value update;             // in the parcel; an array: several; null: the parcel as a whole
  std::int32_t message_id = 0;  // of a message that the client knows from an answer
  unsigned outlived = 0;        // answers that should have brought it, and did not
};

class UpdateBox {
 public:
  static constexpr std::size_t most_held = 1000;
  // Below by more than this, a counter has fallen. As TDLib has it (UpdatesManager,
  // MessagesManager).
  static constexpr std::int32_t common_fall = 1'000'009;
  static constexpr std::int32_t channel_fall = 99'999;

  explicit UpdateBox(std::int32_t fall = common_fall) : fall_(fall) {}

  enum class Order : std::uint8_t { next, duplicate, early };

  std::int32_t at() const { return at_; }
  void set(std::int32_t at) { at_ = at; }
  // Whether the server, which says `at`, counts anew. Never with 0, which says nothing.
  bool fell_to(std::int32_t at) const { return at > 0 && std::int64_t{at_} - at > fall_; }
  // Never back, unless it fell: true then.
  bool advance(std::int32_t at);
  Order compare(std::int32_t at, std::int32_t count) const;

  // False where it is full.
  bool hold(HeldUpdate update, mtproto::Time now);
  // The next that applies, which moves the counter; duplicates before it are gone.
  std::optional<HeldUpdate> take_next(mtproto::Time now);
  // In their order, whatever is missing between them.
  std::optional<HeldUpdate> take_first();
  void drop_held();
  // Telegram told all that it had: what it did not reach waits anew, but not for ever.
  void outlive(mtproto::Time now);

  bool waits() const { return waiting_ != nullptr; }
  std::size_t held() const { return waits() ? waiting_->held.size() : 0; }
  // When the missing one is given up; none where nothing waits.
  std::optional<mtproto::Time> due() const;
  std::int32_t first_start() const { return waiting_->held.begin()->first.first; }
  // Whether something waits that shows that it fell.
  bool holds_fallen() const { return waits() && fell_to(waiting_->held.begin()->first.second); }
  // Whether the client knows this message, or what has this pts, from an answer.
  bool knows_message(std::int32_t id) const;
  bool knows_at(std::int32_t at) const;

 private:
  struct Waiting {
    // By the counter before and after: the same one twice is one. Never empty.
    std::map<std::pair<std::int32_t, std::int32_t>, HeldUpdate> held;
    mtproto::Time since{};
  };
  HeldUpdate take_out();

  std::int32_t fall_;
  std::int32_t at_ = 0;
  std::unique_ptr<Waiting> waiting_;  // while nothing is missing: none
};

}  // namespace server::account

// One counter of updates (pts, qts, seq, a channel's pts) and what waits for its turn.
// core.telegram.org/api/updates
//
//   at + count == arriving  next: it applies
//   at + count >  arriving  a duplicate
//   at + count <  arriving  early: something before it is missing
#pragma once

#include <cstdint>
#include <map>
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

  enum class Order : std::uint8_t { next, duplicate, early };

  std::int32_t at() const { return at_; }
  void set(std::int32_t at) { at_ = at; }
  // Never back.
  void advance(std::int32_t at) { at_ = at > at_ ? at : at_; }
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

  bool waits() const { return !held_.empty(); }
  std::size_t held() const { return held_.size(); }
  // When the missing one is given up; none where nothing waits.
  std::optional<mtproto::Time> due() const;
  std::int32_t first_start() const { return held_.begin()->first.first; }
  // Whether the client knows this message, or what has this pts, from an answer.
  bool knows_message(std::int32_t id) const;
  bool knows_at(std::int32_t at) const;

 private:
  std::int32_t at_ = 0;
  // By the counter before and after: the same one twice is one.
  std::map<std::pair<std::int32_t, std::int32_t>, HeldUpdate> held_;
  mtproto::Time waits_since_{};
};

}  // namespace server::account

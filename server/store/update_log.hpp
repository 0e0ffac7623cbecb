// The log of updates: each account's are numbered from 1 without a hole, and a number is there at
// most once. An entry and the update state that it led to are written together, so that after a
// crash nothing is missing and nothing is there twice.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/store/database.hpp"
#include "server/store/lease_mark.hpp"
#include "server/store/transaction.hpp"

namespace server::store {

struct LoggedUpdate {
  std::int64_t at = 0;     // Unix time in ms
  std::int64_t layer = 0;  // of the body
  tl::Bytes body;          // TL
};

struct LogEntry : LoggedUpdate {
  std::int64_t number = 0;
};

struct LogRange {
  std::int64_t oldest = 1;  // of those kept; newest + 1 where there is none
  std::int64_t newest = 0;  // also when it is kept no more

  // Whether all that came after `number` is still there.
  bool has_all_after(std::int64_t number) const { return number >= oldest - 1; }
};

struct LogPage {
  std::vector<LogEntry> entries;  // in order, without a hole
  LogRange range;
};

class UpdateLog {
 public:
  // A page has no more entries, and their bodies together are not longer, but for its first.
  static constexpr std::int64_t most_entries = 1'000;
  static constexpr std::int64_t most_bytes = std::int64_t{4} << 20;

  explicit UpdateLog(Database& database) : database_(database) {}

  // Updates number `first` and following, and the state behind the last. What is there already is
  // left as it is, so that a call whose outcome is unknown may be repeated; a call that is older
  // than the log changes nothing, not the state either. Without updates it writes the state alone,
  // where `first` is the number that comes next. updates_missing where there would be a hole,
  // lease_lost where the mark is old.
  StoreStatus append(std::string_view account, std::int64_t first,
                     const std::vector<LoggedUpdate>& updates, std::string_view state,
                     std::int64_t now, const LeaseMark& mark = {});

  // Of those with a higher number the first ones. Empty, though some are newer, where the next
  // was pruned: range.has_all_after() tells.
  StoreResult<LogPage> after(std::string_view account, std::int64_t number, std::int64_t limit);
  StoreResult<LogRange> range(std::string_view account);

  // Keeps the newest `most`, and of these none older than `since`, a Unix time in ms. How many went.
  StoreResult<std::int64_t> prune(std::string_view account, std::int64_t most, std::int64_t since,
                                  const LeaseMark& mark = {});

  static void insert(Transaction&, std::string_view account, std::int64_t number,
                     const LoggedUpdate&);
  static LogRange range(Transaction&, std::string_view account);
  static LogPage after(Transaction&, std::string_view account, std::int64_t number,
                       std::int64_t limit);

 private:
  Database& database_;
};

}  // namespace server::store

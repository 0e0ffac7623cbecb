#include "server/store/update_log.hpp"

#include <algorithm>

namespace server::store {
namespace {

constexpr std::string_view lock_sql = "UPDATE accounts SET changed = $2 WHERE name = $1";
constexpr std::string_view lock_returns = " RETURNING log_number";
const std::string lock_plain = std::string(lock_sql).append(lock_returns);
const std::string lock_leased =
    with_lease(3).append(lock_sql).append(if_leased).append(lock_returns);

// Of the account's row, which is then ours until the end of the transaction.
std::int64_t locked_number(Transaction& transaction, std::string_view account, std::int64_t now,
                           const LeaseMark& mark) {
  const auto found =
      mark ? transaction.rows(lock_leased, {account, now, std::string_view(mark.node), mark.epoch})
           : transaction.rows(lock_plain, {account, now});
  // Which of the two is not there is asked where one is missing alone.
  if (transaction.ok() && found.empty()) hold_lease(transaction, account, mark);
  if (transaction.ok() && found.empty()) {
    transaction.fail(StoreErrc::no_such_account, "there is no account " + std::string(account));
  }
  return found.empty() ? 0 : found[0][0].number();
}

// Up to which number the bodies behind `number` are not too long together.
std::int64_t last_of_page(Transaction& transaction, std::string_view account, std::int64_t number,
                          std::int64_t limit) {
  const auto sizes = transaction.rows(
      "SELECT number, length(body) FROM updates WHERE account = $1 AND number > $2 "
      "ORDER BY number LIMIT $3",
      {account, number, limit});
  std::int64_t last = number, bytes = 0;
  for (const auto& row : sizes) {
    bytes += row[1].number();
    if (bytes > UpdateLog::most_bytes && last > number) break;
    last = row[0].number();
  }
  return last;
}

}  // namespace

void UpdateLog::insert(Transaction& transaction, std::string_view account, std::int64_t number,
                       const LoggedUpdate& update) {
  transaction.change(
      "INSERT INTO updates(account, number, at, layer, body) VALUES($1, $2, $3, $4, $5)",
      {account, number, update.at, update.layer, tl::ByteView(update.body)});
}

StoreStatus UpdateLog::append(std::string_view account, std::int64_t first,
                              const std::vector<LoggedUpdate>& updates, std::string_view state,
                              std::int64_t now, const LeaseMark& mark) {
  Transaction transaction(database_, Database::Mode::write);
  const auto newest = locked_number(transaction, account, now, mark);
  const auto last = first + static_cast<std::int64_t>(updates.size()) - 1;
  if (transaction.ok() && first > newest + 1) {
    transaction.fail(StoreErrc::updates_missing,
                     "the log of " + std::string(account) + " ends with " + std::to_string(newest) +
                         ", so update " + std::to_string(first) + " can't follow");
  }
  for (auto number = std::max(first, newest + 1); number <= last; ++number) {
    insert(transaction, account, number, updates[static_cast<std::size_t>(number - first)]);
  }
  if (last >= newest) {
    transaction.change("UPDATE accounts SET update_state = $2, log_number = $3 WHERE name = $1",
                       {account, state, last});
  }
  return transaction.commit();
}

LogRange UpdateLog::range(Transaction& transaction, std::string_view account) {
  const auto rows = transaction.rows(
      "SELECT log_number, COALESCE((SELECT min(number) FROM updates WHERE account = $1), "
      "log_number + 1) FROM accounts WHERE name = $1",
      {account});
  if (transaction.ok() && rows.empty()) {
    transaction.fail(StoreErrc::no_such_account, "there is no account " + std::string(account));
  }
  if (rows.empty()) return {};
  return {rows[0][1].number(), rows[0][0].number()};
}

LogPage UpdateLog::after(Transaction& transaction, std::string_view account, std::int64_t number,
                         std::int64_t limit) {
  LogPage out;
  out.range = range(transaction, account);
  if (!out.range.has_all_after(number)) return out;
  limit = std::clamp<std::int64_t>(limit, 0, most_entries);
  const auto last = last_of_page(transaction, account, number, limit);
  for (const auto& row : transaction.rows(
           "SELECT number, at, layer, body FROM updates WHERE account = $1 AND number > $2 "
           "AND number <= $3 ORDER BY number",
           {account, number, last})) {
    auto& entry = out.entries.emplace_back();
    entry.number = row[0].number();
    entry.at = row[1].number();
    entry.layer = row[2].number();
    entry.body.assign(row[3].blob().begin(), row[3].blob().end());
  }
  return out;
}

StoreResult<LogPage> UpdateLog::after(std::string_view account, std::int64_t number,
                                      std::int64_t limit) {
  Transaction transaction(database_, Database::Mode::read);
  auto out = after(transaction, account, number, limit);
  if (const auto done = transaction.commit(); !done) return done.error();
  return out;
}

StoreResult<LogRange> UpdateLog::range(std::string_view account) {
  Transaction transaction(database_, Database::Mode::read);
  const auto out = range(transaction, account);
  if (const auto done = transaction.commit(); !done) return done.error();
  return out;
}

// What goes is always the beginning, so that a clock that jumped leaves no hole.
StoreResult<std::int64_t> UpdateLog::prune(std::string_view account, std::int64_t most,
                                           std::int64_t since, const LeaseMark& mark) {
  Transaction transaction(database_, Database::Mode::write);
  hold_lease(transaction, account, mark);
  const auto all = range(transaction, account);
  const auto young = transaction.rows(
      "SELECT number FROM updates WHERE account = $1 AND at >= $2 ORDER BY number LIMIT 1",
      {account, since});
  const auto first_young = young.empty() ? all.newest + 1 : young[0][0].number();
  const auto keep_from = std::max(first_young, all.newest - std::max<std::int64_t>(most, 0) + 1);
  const auto gone = transaction.change("DELETE FROM updates WHERE account = $1 AND number < $2",
                                       {account, keep_from});
  if (const auto done = transaction.commit(); !done) return done.error();
  return gone;
}

}  // namespace server::store

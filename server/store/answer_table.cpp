#include "server/store/answer_table.hpp"

#include <algorithm>

namespace server::store {
namespace {

// How often what is old is looked for: a bound is not exceeded by more.
constexpr std::int64_t prune_each = 1000;

// Another run gets another number, also within a millisecond.
constexpr std::string_view begin_sql =
    "INSERT INTO answers(account, method, idempotency_key, body, begun, answer) "
    "VALUES($1, $2, $3, $4, $5, '') "
    "ON CONFLICT(account, method, idempotency_key) DO UPDATE SET body = excluded.body, "
    "status = NULL, answer = '', "
    "begun = CASE WHEN excluded.begun > answers.begun THEN excluded.begun "
    "ELSE answers.begun + 1 END "
    "WHERE answers.begun <= $6 OR "
    "($7 = 1 AND answers.status IS NULL AND answers.body = excluded.body) "
    "RETURNING begun";

constexpr std::string_view of_call = " WHERE account = $1 AND method = $2 AND idempotency_key = $3";

KeyedCallState read_state(const Row& row, tl::ByteView body) {
  KeyedCallState out;
  if (!std::ranges::equal(row[0].blob(), body)) {
    out.kind = KeyedCallState::Kind::other_body;
  } else if (row[1].is_null()) {
    out.kind = KeyedCallState::Kind::open;
  } else {
    out.kind = KeyedCallState::Kind::answered;
    out.answer = {row[1].number(), std::string(row[2].text())};
  }
  return out;
}

}  // namespace

void AnswerTable::remove_all(Transaction& transaction, std::string_view account) {
  transaction.change("DELETE FROM answers WHERE account = $1", {account});
}

StoreResult<KeyedCallState> AnswerTable::begin(const KeyedCallId& call, tl::ByteView body,
                                               bool repeats, std::int64_t now) {
  if (since_pruned_++ % prune_each == 0) {
    if (const auto pruned = prune(now); !pruned) return pruned.error();
  }
  Transaction transaction(database_, Database::Mode::write);
  const auto begun = transaction.rows(begin_sql, {call.account, call.method, call.key, body, now,
                                                  now - kept_ms, std::int64_t{repeats}});
  KeyedCallState out;
  if (!begun.empty()) {
    out.begun = begun[0][0].number();
  } else {
    const auto there =
        transaction.rows("SELECT body, status, answer FROM answers" + std::string(of_call),
                         {call.account, call.method, call.key});
    if (!there.empty()) out = read_state(there[0], body);
  }
  if (const auto done = transaction.commit(); !done) return done.error();
  return out;
}

StoreStatus AnswerTable::finish(const KeyedCallId& call, std::int64_t begun,
                                const KeptAnswer& answer) {
  Transaction transaction(database_, Database::Mode::write);
  transaction.change(
      "UPDATE answers SET status = $5, answer = $6" + std::string(of_call) + " AND begun = $4",
      {call.account, call.method, call.key, begun, answer.status, tl::as_bytes(answer.text)});
  return transaction.commit();
}

StoreStatus AnswerTable::forget(const KeyedCallId& call, std::int64_t begun) {
  Transaction transaction(database_, Database::Mode::write);
  transaction.change("DELETE FROM answers" + std::string(of_call) + " AND begun = $4",
                     {call.account, call.method, call.key, begun});
  return transaction.commit();
}

StoreStatus AnswerTable::prune(std::int64_t now) {
  Transaction transaction(database_, Database::Mode::write);
  transaction.change("DELETE FROM answers WHERE begun <= $1", {now - kept_ms});
  const auto full = transaction.rows(
      "SELECT account FROM answers GROUP BY account HAVING count(*) > $1", {most_per_account});
  for (const auto& row : full) {
    transaction.change(
        "DELETE FROM answers WHERE account = $1 AND begun < (SELECT begun FROM answers "
        "WHERE account = $1 ORDER BY begun DESC LIMIT 1 OFFSET $2)",
        {row[0].text(), most_per_account - 1});
  }
  return transaction.commit();
}

}  // namespace server::store

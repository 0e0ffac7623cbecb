#include "server/store/lease_table.hpp"

#include "server/store/cluster_sql.hpp"
#include "server/store/transaction.hpp"

namespace server::store {
namespace {

// The epoch is the time, so that a row that was deleted does not begin anew with an old one; in
// microseconds, as one may be given back and taken within a millisecond. xmax is 0 where a row was
// added and none changed: one that `before` still saw was given back since.
const std::string take_sql =
    "WITH before AS (SELECT node FROM leases WHERE account = $1) "
    "INSERT INTO leases(account, node, url, epoch, expires) VALUES($1, $2, $3, "
    "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint, " +
    db_time +
    " + $4::bigint) ON CONFLICT(account) DO UPDATE SET node = excluded.node, url = excluded.url, "
    "epoch = GREATEST(leases.epoch + 1, excluded.epoch), expires = excluded.expires "
    "WHERE leases.expires <= " +
    db_time +
    " OR leases.node = excluded.node RETURNING epoch, "
    "CASE WHEN leases.xmax = 0 THEN NULL ELSE (SELECT node FROM before) END";

const std::string holder_sql =
    "SELECT node, url, expires - " + db_time + " FROM leases WHERE account = $1";

const std::string renew_sql = "UPDATE leases SET expires = " + db_time +
                              " + $2::bigint WHERE node = $1 AND expires > " + db_time +
                              " RETURNING account, epoch";

const std::string list_leases_sql =
    "SELECT account, epoch, node, url, expires - " + db_time + " FROM leases ORDER BY account";

const std::string unowned_sql =
    "SELECT name FROM accounts WHERE " + stays +
    " AND NOT EXISTS(SELECT 1 FROM leases WHERE leases.account = accounts.name AND expires > " +
    db_time + ") ORDER BY random() LIMIT $1";

const std::string sweep_sql = "DELETE FROM leases WHERE expires < " + db_time + " - 86400000";

}  // namespace

StoreResult<LeaseOffer> LeaseTable::take(std::string_view account, const LeaseNode& node,
                                         Duration ttl) {
  const Parameter wanted[] = {account, std::string_view(node.id), std::string_view(node.url),
                              std::int64_t{ttl.count()}};
  auto taken = database_.run(take_sql, wanted);
  // Of two that come in the same moment one may meet the key (account, epoch) before the other
  // one's row: then it is there.
  if (!taken && taken.error().code == StoreErrc::failed) taken = database_.run(take_sql, wanted);
  if (!taken) return taken.error();
  LeaseOffer out;
  if (!taken->rows.empty()) {
    const auto& row = taken->rows[0];
    out.epoch = row[0].number();
    if (row[1].text() != node.id) out.other.id = row[1].text();
    return out;
  }
  const auto holder = database_.run(holder_sql, Parameters(wanted).first(1));
  if (!holder) return holder.error();
  if (holder->rows.empty()) return out;  // it was given back in between: free the next time
  const auto& row = holder->rows[0];
  out.other = {std::string(row[0].text()), std::string(row[1].text())};
  out.left_ms = row[2].number();
  return out;
}

StoreResult<std::vector<Lease>> LeaseTable::renew(std::string_view node, Duration ttl) {
  const Parameter parameters[] = {node, std::int64_t{ttl.count()}};
  const auto renewed = database_.run(renew_sql, parameters);
  if (!renewed) return renewed.error();
  std::vector<Lease> out;
  for (const auto& row : renewed->rows) {
    out.push_back({std::string(row[0].text()), row[1].number()});
  }
  return out;
}

StoreStatus LeaseTable::give_back(std::string_view node, std::span<const Lease> leases) {
  Transaction transaction(database_, Database::Mode::write);
  for (const auto& lease : leases) {
    transaction.change("DELETE FROM leases WHERE account = $1 AND node = $2 AND epoch = $3",
                       {std::string_view(lease.account), node, lease.epoch});
  }
  return transaction.commit();
}

StoreStatus LeaseTable::give_back_all(std::string_view node) {
  return run("DELETE FROM leases WHERE node = $1", {node});
}

StoreResult<std::vector<LeaseRow>> LeaseTable::list() {
  const auto found = database_.run(list_leases_sql, {});
  if (!found) return found.error();
  std::vector<LeaseRow> out;
  for (const auto& row : found->rows) {
    auto& lease = out.emplace_back();
    lease.account = row[0].text();
    lease.epoch = row[1].number();
    lease.node = {std::string(row[2].text()), std::string(row[3].text())};
    lease.left_ms = row[4].number();
  }
  return out;
}

StoreResult<std::vector<std::string>> LeaseTable::unowned(std::int64_t most) {
  const Parameter limit[] = {most};
  const auto found = database_.run(unowned_sql, limit);
  if (!found) return found.error();
  std::vector<std::string> out;
  for (const auto& row : found->rows) out.emplace_back(row[0].text());
  return out;
}

StoreStatus LeaseTable::sweep() { return run(sweep_sql, {}); }

StoreStatus LeaseTable::limit_open_transactions(Duration most) {
  const auto text = std::to_string(most.count());
  return run("SELECT set_config('idle_in_transaction_session_timeout', $1, false)",
             {std::string_view(text)});
}

StoreStatus LeaseTable::run(std::string_view sql, std::initializer_list<Parameter> parameters) {
  const auto done = database_.run(sql, Parameters(parameters.begin(), parameters.size()));
  if (!done) return done.error();
  return {};
}

}  // namespace server::store

#include "server/store/node_table.hpp"

#include "server/store/cluster_sql.hpp"

namespace server::store {
namespace {

const std::string here_sql = "INSERT INTO nodes(node, url, expires) VALUES($1, $2, " + db_time +
                             " + $3::bigint) ON CONFLICT(node) DO UPDATE SET "
                             "url = excluded.url, expires = excluded.expires";

const std::string shares_sql =
    "SELECT nodes.node, nodes.url, (SELECT count(*) FROM leases JOIN accounts "
    "ON accounts.name = leases.account WHERE leases.node = nodes.node AND leases.expires > " +
    db_time + " AND " + stays + ") FROM nodes WHERE nodes.expires > " + db_time +
    " ORDER BY nodes.node";

const std::string sweep_sql = "DELETE FROM nodes WHERE expires < " + db_time + " - 86400000";

}  // namespace

StoreStatus NodeTable::here(const LeaseNode& node, std::chrono::milliseconds time) {
  return run(here_sql,
             {std::string_view(node.id), std::string_view(node.url), std::int64_t{time.count()}});
}

StoreStatus NodeTable::leave(std::string_view node) {
  return run("DELETE FROM nodes WHERE node = $1", {node});
}

StoreResult<std::vector<NodeShare>> NodeTable::shares() {
  const auto found = database_.run(shares_sql, {});
  if (!found) return found.error();
  std::vector<NodeShare> out;
  for (const auto& row : found->rows) {
    out.push_back({{std::string(row[0].text()), std::string(row[1].text())},
                   static_cast<std::size_t>(row[2].number())});
  }
  return out;
}

StoreStatus NodeTable::sweep() { return run(sweep_sql, {}); }

StoreStatus NodeTable::run(std::string_view sql, std::initializer_list<Parameter> parameters) {
  const auto done = database_.run(sql, Parameters(parameters.begin(), parameters.size()));
  if (!done) return done.error();
  return {};
}

}  // namespace server::store

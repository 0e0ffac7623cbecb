// The nodes that share a PostgreSQL, those without an account, too: a row each, good until it expires.
// All time is the database's.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/lease_table.hpp"

namespace server::store {

struct NodeShare {
  LeaseNode node;
  // Those it has of the accounts that are to be connected though nobody asks for them.
  std::size_t accounts = 0;
};

class NodeTable {
 public:
  explicit NodeTable(Database& database) : database_(database) {}

  // It is here, and for that long if nothing more is heard of it.
  StoreStatus here(const LeaseNode&, std::chrono::milliseconds);
  StoreStatus leave(std::string_view node);
  // Of all that are here, by node.
  StoreResult<std::vector<NodeShare>> shares();
  // Rows of those that expired a day ago.
  StoreStatus sweep();

 private:
  StoreStatus run(std::string_view sql, std::initializer_list<Parameter>);

  Database& database_;
};

}  // namespace server::store

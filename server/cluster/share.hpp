// How many of the accounts that are connected though nobody asks for them a node should have.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "server/store/node_table.hpp"

namespace server::cluster {

// How many of its accounts that node has above its even share of all; 0 within a tenth of it, or one
// account, as each move is an interruption.
std::size_t above_share(std::span<const store::NodeShare>, std::string_view node);

// How many of `count` accounts each of so many threads gives away: as many together, for with more the
// node would be below its share, and the others give back. `first`: which thread the odd ones begin
// with; another one each time, as a thread may have none to give.
std::vector<std::size_t> parts_of(std::size_t count, std::size_t threads, std::size_t first);

}  // namespace server::cluster

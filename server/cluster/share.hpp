// How many of the accounts that are connected though nobody asks for them a node should have.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "server/store/node_table.hpp"

namespace server::cluster {

// How many of its accounts that node has above its even share of all; 0 within a tenth of it, or one
// account, as each move is an interruption.
std::size_t above_share(std::span<const store::NodeShare>, std::string_view node);

}  // namespace server::cluster

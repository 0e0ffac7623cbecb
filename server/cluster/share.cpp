#include "server/cluster/share.hpp"

#include <algorithm>

namespace server::cluster {

std::size_t above_share(std::span<const store::NodeShare> nodes, std::string_view node) {
  std::size_t all = 0, mine = 0;
  for (const auto& one : nodes) {
    all += one.accounts;
    if (one.node.id == node) mine = one.accounts;
  }
  if (nodes.empty()) return 0;
  const auto share = (all + nodes.size() - 1) / nodes.size();
  const auto slack = std::max<std::size_t>(share / 10, 1);
  return mine > share + slack ? mine - share : 0;
}

std::vector<std::size_t> parts_of(std::size_t count, std::size_t threads, std::size_t first) {
  std::vector<std::size_t> out(threads, count / threads);
  for (std::size_t i = 0; i < count % threads; ++i) ++out[(first + i) % threads];
  return out;
}

}  // namespace server::cluster

// Which of the gateways that share a PostgreSQL has which accounts.
#include <map>

#include "server/logs/terminal_text.hpp"
#include "server/store_cli/command.hpp"

namespace server::store_cli {
namespace {

using store::LeaseRow;
using store::NodeShare;
using store::StoreErrc;
using store::StoreError;

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

std::string in_seconds(std::int64_t ms) {
  const auto tenths = std::max<std::int64_t>(ms, 0) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string nodes_of(const std::vector<NodeShare>& here, const std::vector<LeaseRow>& leases) {
  std::map<std::string, std::pair<std::string, std::size_t>> nodes;  // URL, accounts
  for (const auto& [node, accounts] : here) nodes[node.id].first = node.url;
  for (const auto& lease : leases) {
    if (lease.left_ms <= 0) continue;
    auto& node = nodes[lease.node.id];
    node.first = lease.node.url;
    ++node.second;
  }
  std::string out;
  for (const auto& [id, node] : nodes) {
    out += "node " + padded(id, 20) + "accounts " + padded(std::to_string(node.second), 8) +
           (node.first.empty() ? "without --node-url" : node.first) + "\n";
  }
  return out.empty() ? "no node is there\n" : out;
}

std::string line_of(const std::string& account, const LeaseRow* lease) {
  auto out = padded(account, 26);
  if (lease == nullptr) return out + "no node\n";
  const bool over = lease->left_ms <= 0;
  return out + "node " + padded(lease->node.id, 20) + "epoch " + std::to_string(lease->epoch) +
         (over ? "  expired" : "  for " + in_seconds(lease->left_ms)) + "\n";
}

Outcome status(const Request& request) {
  if (request.url.engine != store::StoreUrl::Engine::postgres) {
    return StoreError{
        StoreErrc::bad_address,
        request.url.shown + ": a file is one gateway's alone; several share a PostgreSQL"};
  }
  const auto store = open_store(request);
  if (!store) return store.error();
  const auto accounts = (*store)->accounts().list();
  if (!accounts) return accounts.error();
  const auto leases = (*store)->leases().list();
  if (!leases) return leases.error();
  const auto here = (*store)->nodes().shares();
  if (!here) return here.error();
  std::map<std::string, const LeaseRow*> by_account;
  for (const auto& lease : *leases) by_account[lease.account] = &lease;
  auto out = nodes_of(*here, *leases);
  for (const auto& account : *accounts) {
    const auto found = by_account.find(account.name);
    out += line_of(account.name, found == by_account.end() ? nullptr : found->second);
  }
  return logs::escaped_lines(out);
}

constexpr Command commands_of_cluster[] = {
    {"cluster", "status", "", "Which gateways have which accounts, and for how long", status},
};

}  // namespace

std::span<const Command> cluster_commands() { return commands_of_cluster; }

}  // namespace server::store_cli

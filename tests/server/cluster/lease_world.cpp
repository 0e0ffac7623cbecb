#include "tests/server/cluster/lease_world.hpp"

namespace cluster_test {

store::LeaseOffer World::take(const std::string& account, const std::string& node) {
  const auto found = rows.find(account);
  store::LeaseOffer out;
  if (found != rows.end() && found->second.node != node) {
    out.other.id = found->second.node;
    if (found->second.expires > clock()) return out;
    ++counts.taken_over;
  }
  auto& newest = newest_[account];
  out.epoch = newest = newest + 1;
  rows[account] = {node, out.epoch, clock() + ttl, agenda.now()};
  ++counts.taken;
  return out;
}

std::vector<store::Lease> World::renew(const std::string& node) {
  std::vector<store::Lease> out;
  for (auto& [account, row] : rows) {
    if (row.node != node || row.expires <= clock()) continue;
    row.expires = clock() + ttl;
    row.touched = agenda.now();
    out.push_back({account, row.epoch});
  }
  return out;
}

void World::give_back(const std::string& account, const std::string& node, std::int64_t epoch) {
  const auto found = rows.find(account);
  if (found != rows.end() && found->second.node == node && found->second.epoch == epoch) {
    rows.erase(found);
  }
}

void World::give_back_all(const std::string& node) {
  std::erase_if(rows, [&](const auto& row) { return row.second.node == node; });
}

bool World::write(const std::string& account, const std::string& node, std::int64_t epoch) {
  const auto found = rows.find(account);
  const bool held =
      found != rows.end() && found->second.node == node && found->second.epoch == epoch;
  if (!held && !options.writes_without_epoch) {
    ++counts.refused;
    return false;
  }
  if (epoch != newest_[account]) fail("a write of " + account + " with an old epoch was accepted");
  ++counts.written;
  return true;
}

void World::watch_failover(const std::string& account, const std::string& dead) {
  const auto row = rows.find(account);
  if (row == rows.end() || row->second.node != dead) return;
  // A statement of its own that was under way may have been carried out after its death; and a step
  // of the table's clock is a step of the lease's end.
  const auto due = row->second.touched + ttl + 3s;
  if (due <= agenda.now()) return fail("nobody has " + account + " though its owner died long ago");
  agenda.at(due, [this, account, dead] { watch_failover(account, dead); });
}

}  // namespace cluster_test

#include "server/access/token_guard.hpp"

namespace server::access {

namespace ip = boost::asio::ip;

TokenGuard::Key TokenGuard::key_of(const ip::address& address) {
  if (address.is_v4()) return {false, address.to_v4().to_uint()};
  const auto six = address.to_v6();
  if (six.is_v4_mapped()) return {false, ip::make_address_v4(ip::v4_mapped, six).to_uint()};
  std::uint64_t network = 0;
  for (std::size_t i = 0; i < 8; ++i) network = network << 8 | six.to_bytes()[i];
  return {true, network};
}

TokenGuard::Entry& TokenGuard::entry(const Key& key) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  if (entries_.size() >= most_addresses) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({key, {}, 0, {}});
  by_key_[key] = entries_.begin();
  return entries_.front();
}

bool TokenGuard::paused(const ip::address& address, mtproto::Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key_of(address));
  return found != by_key_.end() && now < found->second->paused_until;
}

void TokenGuard::wrong(const ip::address& address, mtproto::Time now) {
  const std::lock_guard lock(mutex_);
  auto& guesses = entry(key_of(address));
  guesses.times[guesses.count++ % most_wrong] = now;
  if (guesses.count < most_wrong) return;
  // The next one in turn is the oldest of five.
  if (now - guesses.times[guesses.count % most_wrong] >= window) return;
  guesses.paused_until = now + pause;
  guesses.count = 0;
}

}  // namespace server::access

// Guessing tokens is slow: after five wrong ones within a minute, an address has to wait for a
// minute. An IPv6 address counts by its /64, which one machine has all of. Safe from any thread.
#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <list>
#include <map>
#include <mutex>
#include <utility>

#include "mtproto/time.hpp"

namespace server::access {

class TokenGuard {
 public:
  static constexpr std::size_t most_wrong = 5;
  static constexpr std::size_t most_addresses = 4096;  // then the one longest silent is forgotten
  static constexpr mtproto::Duration window = std::chrono::minutes(1);
  static constexpr mtproto::Duration pause = std::chrono::minutes(1);

  bool paused(const boost::asio::ip::address&, mtproto::Time now);
  void wrong(const boost::asio::ip::address&, mtproto::Time now);

 private:
  using Key = std::pair<bool, std::uint64_t>;  // IPv6, and the address or its first half
  struct Entry {
    Key key;
    std::array<mtproto::Time, most_wrong> times;  // of the last ones, in turn
    std::size_t count = 0;
    mtproto::Time paused_until{};
  };

  static Key key_of(const boost::asio::ip::address&);
  Entry& entry(const Key&);

  std::mutex mutex_;
  std::list<Entry> entries_;  // the latest in front
  std::map<Key, std::list<Entry>::iterator> by_key_;
};

}  // namespace server::access

// Guessing tokens is slow: beyond five wrong ones a minute, each further answer to an address waits
// longer. A right token is not asked for here: it comes in, whoever else guesses from its address.
// Safe from any thread.
#pragma once

#include <list>
#include <map>
#include <mutex>

#include "mtproto/time.hpp"
#include "server/access/network.hpp"

namespace server::access {

class TokenGuard {
 public:
  static constexpr int at_once = 5;  // are answered without a wait
  static constexpr mtproto::Duration pace = std::chrono::seconds(12);
  static constexpr mtproto::Duration longest_wait = std::chrono::seconds(30);
  static constexpr std::size_t most_networks = 4096;  // then the one longest silent is forgotten

  // One more wrong token from there: how long its answer has to wait.
  mtproto::Duration wrong(const boost::asio::ip::address& address, mtproto::Time now);

 private:
  struct Entry {
    Network network;
    mtproto::Time forgiven;  // when none of its wrong ones counts any more: each does for a `pace`
  };

  Entry& entry(const Network&);

  std::mutex mutex_;
  std::list<Entry> entries_;  // the latest in front
  std::map<Network, std::list<Entry>::iterator> by_network_;
};

}  // namespace server::access

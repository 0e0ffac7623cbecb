// How many connections each address has, so that one of them can't have all. Loopback is not
// counted. One thread's.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <map>

namespace server::access {

class Crowd {
 public:
  // 0: any number.
  explicit Crowd(unsigned most) : most_(most) {}

  // False where there are enough from there already.
  bool enter(const boost::asio::ip::address& address) {
    if (most_ == 0 || address.is_loopback()) return true;
    auto& count = counts_[address];
    if (count >= most_) return false;
    ++count;
    return true;
  }
  void leave(const boost::asio::ip::address& address) {
    const auto found = counts_.find(address);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  }

 private:
  const unsigned most_;
  std::map<boost::asio::ip::address, unsigned> counts_;
};

}  // namespace server::access

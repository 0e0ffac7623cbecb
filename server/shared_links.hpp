// Links that plain HTTP requests share: every POST stands alone, but those that name one key use one
// session with Telegram, which is kept for a minute after the last of them. Found again only by the
// whole key. One thread's.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <list>
#include <memory>

#include "server/upstream/link.hpp"
#include "tl/random.hpp"
#include "tl/schema.hpp"

namespace server {

class LiveSessions;

class SharedLinks {
 public:
  static constexpr std::chrono::seconds kept{60};
  static constexpr std::size_t most_idle = 256;

  SharedLinks(boost::asio::any_io_executor, tl::Random&, upstream::WorkPool&, LiveSessions&);
  ~SharedLinks();

  // A way to the session of `state.key` (which is there) with that data centre, under that prefix:
  // one that others use already, or a new one. Updates are nobody's and are dropped.
  std::shared_ptr<upstream::LinkPort> join(upstream::LinkSettings, const mtproto::SessionState&,
                                           tl::Bytes prefix, upstream::LinkUser&);
  // The same to another data centre, `there.dc`, for whoever is signed in with that key at home. Its
  // own key is made once, and forgotten with the link.
  struct Beside {
    upstream::LinkSettings there, home;
    std::shared_ptr<const tl::Schema> schema;
  };
  std::shared_ptr<upstream::LinkPort> join_beside(Beside, const mtproto::SessionState& home,
                                                  tl::Bytes prefix, upstream::LinkUser&);
  // Nobody is signed in with that key any more: the links beside its own end.
  void forget_beside(const mtproto::AuthKey& key);
  // For good, those in use too.
  void close();
  std::size_t size() const { return links_.size(); }

 private:
  class Shared;
  class Port;

  void forget(const Shared&);
  void limit_idle();

  boost::asio::any_io_executor executor_;
  tl::Random& random_;
  upstream::WorkPool& pool_;
  LiveSessions& live_;
  std::list<std::shared_ptr<Shared>> links_;
};

}  // namespace server

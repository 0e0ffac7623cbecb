// The other side: a ring of keys, a Host for each connection, and the application behind them. It
// goes away and comes back, and forgets what it knew of sessions when it is restarted.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "mtproto/host/host.hpp"
#include "tests/simulation/application.hpp"
#include "tests/simulation/wire.hpp"

namespace simulation {

class DataCentre {
 public:
  DataCentre(Scene& scene, Watch& watch, Caller& caller, mtproto::HostOptions options);

  void add_key(const mtproto::AuthKey& key, std::uint64_t salt);
  // It no longer knows any.
  void lose_keys();
  bool away() const { return away_; }
  void go_away(mtproto::Duration how_long);
  // Its sessions are gone, its salts are others.
  void restart();
  // The end for a client's connection.
  std::shared_ptr<End> accept(const std::shared_ptr<Wire>& wire);
  void push_updates(std::size_t count);
  Number updates() const { return updates_; }
  std::size_t open() const { return application_.open(); }
  std::size_t connections() const { return posts_.size(); }

 private:
  class Post;
  friend class Post;

  void make_ring();
  Post* post_of(const mtproto::SessionAddress& address);
  void answer(const mtproto::SessionAddress& to, mtproto::MessageId request, const Bytes& body);
  void take(Post& post, const mtproto::HostEvent& event);
  void remove(Post& post);

  Scene& scene_;
  Watch& watch_;
  mtproto::HostOptions options_;
  std::vector<mtproto::AuthKey> keys_;
  std::optional<mtproto::KeyRing> ring_;
  std::unique_ptr<mtproto::Host> parked_;  // for what nobody is there to take
  std::vector<std::shared_ptr<Post>> posts_;
  Application application_;
  std::optional<mtproto::SessionAddress> client_;  // whom updates go to
  bool away_ = false;
  Number updates_ = 0;
};

}  // namespace simulation

// Calls of named accounts that came with an Idempotency-Key. Each is carried out once however often
// it comes, and to its end, also where nobody waits for it any more; what it was answered is kept in
// the store and told to whoever comes again. Those of an account are in its thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "mtproto/crypto/sha.hpp"
#include "server/gateway/make_connection.hpp"
#include "server/protocol/incoming.hpp"

namespace server {

struct KeyedCall {
  std::string account, method, key;
  mtproto::Sha256 body{};  // of its arguments
  // Where it is not known whether it was carried out it is carried out again: Telegram sees by its
  // random_id that it is the same.
  bool repeats = false;
};

// Who waits for one; told in its own thread, once, until it closes its KeyedRequest.
class KeyedUser {
 public:
  virtual ~KeyedUser() = default;
  virtual void on_keyed_reply(ApiStatus status, LongText text) = 0;
};

class KeyedCalls {
 public:
  // At a time, of one thread; more are "Busy".
  static constexpr std::size_t most = 1000;
  // Of what was answered, in bytes of text. What is longer is told to those who wait alone.
  static constexpr std::size_t longest_kept = std::size_t{1} << 20;

  class Waiter;

  explicit KeyedCalls(ThreadState& home);
  ~KeyedCalls();

  // In its thread, as all of this.
  void call(KeyedCall, Incoming&&, const ConnectionSetup&, const std::shared_ptr<Waiter>&);
  // Nothing is told any more.
  void close();
  bool empty() const { return running_.empty(); }

 private:
  class Run;
  using Id = std::tuple<std::string, std::string, std::string>;

  ThreadState& home_;
  std::map<Id, std::shared_ptr<Run>> running_;
  bool closed_ = false;
};

// One who waits, in any thread.
class KeyedRequest {
 public:
  // `home`: where the account lives.
  KeyedRequest(ThreadState& from, ThreadState& home, KeyedUser&, KeyedCall, Incoming&&,
               ConnectionSetup);
  ~KeyedRequest();

 private:
  const std::shared_ptr<KeyedCalls::Waiter> waiter_;
};

}  // namespace server

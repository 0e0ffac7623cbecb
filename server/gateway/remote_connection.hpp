// A Connection that lives in another thread than its client's socket. Clients that bring the same key
// share an account, so they must meet in one thread: requests are posted there, replies are posted
// back.
#pragma once

#include <memory>
#include <string>

#include "server/account/live_accounts.hpp"
#include "server/gateway/make_connection.hpp"
#include "server/gateway/thread_state.hpp"

namespace server {

// Who reads the replies; told in its own thread, until it closes the connection.
class RemoteUser {
 public:
  virtual ~RemoteUser() = default;
  // `held`: bytes that wait there for others.
  virtual void on_reply(LongText object, ObjectNote note, std::size_t held) = 0;
  // Everything was answered. Of a call by path the reply says that already.
  virtual void on_finished() = 0;
  virtual void on_reset(std::string why) = 0;
};

// It is made there with the first word of it.
class RemoteConnection {
 public:
  // `lease`: of the thread of that key, from thread_of_key(); none: the thread of `from`.
  RemoteConnection(ThreadState& from, account::LiveAccounts::Lease lease, RemoteUser& user,
                   ConnectionSetup setup);
  // In that thread. `account`: the one that its client will use, which may be another node's.
  RemoteConnection(ThreadState& from, ThreadState& home, RemoteUser& user, ConnectionSetup setup,
                   std::string account = {});
  ~RemoteConnection();

  void limit(std::shared_ptr<const TokenScope> scope);
  void receive(Incoming&& object);
  // The same and end(), in one post.
  void receive_last(Incoming&& object);
  void refuse(std::string_view id, Failure failure);
  void set_above_high_watermark(bool above_high_watermark);
  // Nothing more will be asked.
  void end();
  // Nobody reads the replies any more.
  void close();

 private:
  class Inner;

  void open(ThreadState& from, account::LiveAccounts::Lease lease, RemoteUser& user,
            ConnectionSetup setup, std::string account);
  template <class Do>
  void there(Do what);

  ThreadState& home_;
  std::shared_ptr<Inner> inner_;
};

// Where the named account is that the request is for; none: it is for none, or they are not kept.
ThreadState* thread_of_account(const Gateway&, const Request&);
// Where the account of that key is; where there is none yet, it is to be in the thread of `wanted`.
account::LiveAccounts::Lease thread_of_key(ThreadState& wanted, const mtproto::AuthKey& key);
// The same for requests that stand alone: keys are spread over the threads.
account::LiveAccounts::Lease any_thread_of_key(const Gateway&, const mtproto::AuthKey& key);

}  // namespace server

// The Connection of one plain HTTP request. Those that name the same key share an account, so they
// must meet in one thread, which need not be the one that their client's socket lives in: requests
// are posted there, replies are posted back.
#pragma once

#include <memory>
#include <string>

#include "server/gateway/make_connection.hpp"
#include "server/gateway/thread_state.hpp"

namespace server::http {

// Who reads the replies; told in its own thread, until it closes the connection.
class StatelessUser {
 public:
  virtual ~StatelessUser() = default;
  virtual void on_reply(LongText object) = 0;
  // Everything was answered.
  virtual void on_finished() = 0;
  virtual void on_reset(std::string why) = 0;
};

class StatelessConnection {
 public:
  // Where those live that set the session `key`; without one, the thread of `from`.
  static ThreadState& home(ThreadState& from, const mtproto::AuthKey* key);

  StatelessConnection(ThreadState& from, ThreadState& home, StatelessUser& user,
                      ConnectionSetup setup);
  ~StatelessConnection();

  void receive(Incoming&& object);
  void refuse(std::string_view id, Failure failure, std::size_t bytes);
  // Nothing more will be asked.
  void end();
  // Nobody reads the replies any more.
  void close();

 private:
  class Inner;

  template <class Do>
  void there(Do what);

  ThreadState& home_;
  std::shared_ptr<Inner> inner_;
};

}  // namespace server::http

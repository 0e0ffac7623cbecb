// How accounts that are to be connected though nobody asks for them are spread over the nodes that
// share a store. Each lease's time a node says that it is there, has opened here what no node has, so
// that what was another's is taken over without anybody asking, and gives away what it has above its
// share and nobody uses. Many go a few at a time, which spares Telegram a storm.
#pragma once

#include <memory>

namespace server {

class Gateway;

class AccountSpread {
 public:
  // So many are opened or given away at a time; where as many were opened, the next ones a moment later.
  static constexpr int batch = 100;
  // One that has just come, or has found some, looks so often in a lease's time, and so many times.
  static constexpr int eager_looks = 10;

  // In the gateway's first thread. Only where there are leases.
  explicit AccountSpread(Gateway&);
  // There, too: looks no more.
  ~AccountSpread();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace server

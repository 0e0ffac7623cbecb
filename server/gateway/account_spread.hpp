// Where several nodes share a store: looks each lease's time for accounts that are to be connected
// though nobody asks for them and that no node has, and has them opened here. So what was another
// node's is taken over without anybody asking, and many are opened a few at a time.
#pragma once

#include <memory>

namespace server {

class Gateway;

class UnownedAccounts {
 public:
  // So many at a time; where there were that many, the next ones a moment later.
  static constexpr int batch = 100;

  // In the gateway's first thread. Only where there are leases.
  explicit UnownedAccounts(Gateway&);
  // There, too: looks no more.
  ~UnownedAccounts();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace server

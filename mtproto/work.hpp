// Arithmetic too slow for a connection's thread (a 2048-bit power takes 2 ms, a primality proof
// 230). A machine hands it out with its operands inside, somebody runs it on any thread, and the
// same object goes back by done() with its results. It holds no reference to the machine, which
// may be gone by then.
#pragma once

#include <memory>
#include <vector>

namespace mtproto {

class Work {
 public:
  virtual ~Work() = default;
  // Called once, on any thread.
  virtual void run() = 0;
};

using WorkList = std::vector<std::unique_ptr<Work>>;

}  // namespace mtproto

// Where the data centres are: asked of Telegram once an hour, by whichever account has just been
// answered something, and told to the whole process. A caller of CallTable.
// core.telegram.org/method/help.getConfig
#pragma once

#include <memory>

#include "server/account/call_table.hpp"

namespace server::account {

class ConfigRefresher final : public Caller {
 public:
  explicit ConfigRefresher(CallTable& calls) : calls_(calls) {}
  ~ConfigRefresher() override { stop(); }

  // Asks, if it is time. Nobody waits for that: it goes out behind an answer, never ahead of a
  // request.
  void refresh(mtproto::Time now);
  // Another account may have more luck.
  void stop();

  void on_outcome(std::uint64_t tag, CallOutcome, mtproto::Time now) override;

 private:
  CallTable& calls_;
  std::shared_ptr<upstream::DcOptions> asking_;  // for whom; none: nothing is asked
};

}  // namespace server::account

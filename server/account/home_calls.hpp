// What the connections to other data centres ask of the account's own. Calls CallTable.
#pragma once

#include <functional>
#include <variant>

#include "server/account/account_event.hpp"
#include "server/account/rare_map.hpp"
#include "tl/bytes.hpp"

namespace server::account {

class CallTable;

// Makes calls in the account's own data centre.
class HomeCaller {
 public:
  using Answer = std::variant<tl::Slice, upstream::UpstreamFailure>;
  using Done = std::function<void(Answer)>;

  virtual ~HomeCaller() = default;
  // Without a key nobody can be signed in.
  virtual bool has_key() const = 0;
  // `done` is never called from within.
  virtual void call_home(tl::Bytes body, Done done) = 0;
};

class HomeCalls final : public HomeCaller, public Caller {
 public:
  explicit HomeCalls(CallTable& calls, EventQueue& events) : calls_(calls), events_(events) {}
  ~HomeCalls() override;

  bool has_key() const override;
  void call_home(tl::Bytes body, Done done) override;
  void on_outcome(std::uint64_t tag, CallOutcome, mtproto::Time now) override;

  // Something of the account's authorization was given to another data centre.
  bool exported() const { return exported_; }
  // Whoever asked is gone.
  void clear();

 private:
  CallTable& calls_;
  EventQueue& events_;
  RareMap<std::uint64_t, Done> waiting_;
  std::uint64_t last_ = 0;
  bool exported_ = false;
};

}  // namespace server::account

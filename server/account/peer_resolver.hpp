// Asks Telegram whom an @name means. One name at a time for each of its users; a caller of
// CallTable. core.telegram.org/method/contacts.resolveUsername
#pragma once

#include <functional>
#include <string>

#include "server/account/account.hpp"
#include "server/account/rare_map.hpp"
#include "server/protocol/failure.hpp"

namespace server::account {

class PeerResolver final : public Caller {
 public:
  // What came of it. The name is known now, where there is neither.
  struct Result {
    std::string refusal;             // JSON text of an rpc_error
    std::optional<Failure> failure;  // it could not be asked, or the answer was lost
  };
  using Done = std::function<void(Result, mtproto::Time now)>;

  ~PeerResolver() override { leave(); }

  // `tag` is the caller's, for cancel(). A Failure: it can't be asked, and `done` is not called.
  std::optional<Failure> resolve(Account&, std::string name, std::uint64_t tag, Done done,
                                 mtproto::Time now);
  // Nobody waits any more. True: the question was written, and the connection lost since.
  bool cancel(std::uint64_t tag);
  void cancel_all() { leave(); }

  void on_outcome(std::uint64_t tag, CallOutcome, mtproto::Time now) override;

 private:
  struct Question {
    std::string name;
    Done done;
    std::optional<CallId> call;
    bool initialised = false;  // after CONNECTION_NOT_INITED, once
  };

  std::optional<Failure> ask(Question&, std::uint64_t tag, mtproto::Time now);
  Result learn(const Question&, tl::ByteView answer, mtproto::Time now);
  void leave();

  Account* account_ = nullptr;
  RareMap<std::uint64_t, Question> questions_;
};

}  // namespace server::account

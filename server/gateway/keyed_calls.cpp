#include "server/gateway/keyed_calls.hpp"

#include <boost/asio/post.hpp>
#include <vector>

#include "server/connection/account_attribute.hpp"
#include "server/gateway/gateway.hpp"
#include "server/gateway/remote_connection.hpp"
#include "server/protocol/api_reply.hpp"
#include "server/store/unix_ms.hpp"

namespace server {

namespace asio = boost::asio;

// The user is known in its own thread alone.
class KeyedCalls::Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  Waiter(asio::any_io_executor back, KeyedUser& user) : back_(std::move(back)), user_(&user) {}

  void tell(ApiStatus status, LongText text) {
    asio::post(back_, [self = shared_from_this(), status, text = std::move(text)]() mutable {
      if (self->user_ != nullptr) self->user_->on_keyed_reply(status, std::move(text));
    });
  }
  void part() { user_ = nullptr; }

 private:
  const asio::any_io_executor back_;
  KeyedUser* user_;
};

namespace {

Failure other_arguments() {
  return {"IdempotencyKeyReused",
          "this Idempotency-Key came with other arguments in the last 24 hours",
          {},
          {},
          {}};
}

Failure outcome_open() {
  return {"OutcomeUnknown",
          "a call with this Idempotency-Key was begun, and it is not known whether it was carried "
          "out; a new key has it carried out again",
          {},
          {},
          {}};
}

Failure too_many() {
  return {"Busy", "too many calls with an Idempotency-Key are under way", {}, {}, {}};
}

Failure not_kept(std::size_t size) {
  return {"AnswerTooLong",
          "the call was carried out; its answer of " + std::to_string(size) +
              " bytes was too long to be kept",
          {},
          {},
          {}};
}

struct Refusal {
  ApiStatus status;
  LongText text;
};

Refusal refusal(const Failure& failure) {
  Refusal out{{status_of_failure(failure.error), {}, false}, {}};
  out.text += api_refusal(out.status.code, failure);
  return out;
}

// Whether something was done is open. Every other refusal says that nothing was.
bool leaves_open(unsigned status) {
  return status == 409 || status == 500 || status == 502 || status == 504;
}

store::KeptAnswer to_be_kept(const LongText& text) {
  if (text.size() <= KeyedCalls::longest_kept) return {200, text.copy()};
  const auto failure = not_kept(text.size());
  const auto status = status_of_failure(failure.error);
  return {status, api_refusal(status, failure)};
}

}  // namespace

// One that is under way.
class KeyedCalls::Run final : public std::enable_shared_from_this<Run>, private RemoteUser {
 public:
  Run(KeyedCalls& owner, KeyedCall call, Incoming&& object, const ConnectionSetup& setup)
      : owner_(owner), call_(std::move(call)), object_(std::move(object)), setup_(setup) {}

  bool is_same(const KeyedCall& other) const { return call_.body == other.body; }
  // False: too many wait for it.
  bool add(const std::shared_ptr<Waiter>& waiter) {
    std::erase_if(waiters_, [](const auto& one) { return one.expired(); });
    if (waiters_.size() >= most_waiters) return false;
    waiters_.push_back(waiter);
    return true;
  }

  void begin() {
    auto work = [call = call_](store::AccountStore& store) {
      return store.answers().begin(id(call), call.body, call.repeats, store::unix_ms());
    };
    in_store(std::move(work), [](Run& run, store::StoreResult<store::KeyedCallState> state) {
      run.on_state(std::move(state));
    });
  }

 private:
  using Kind = store::KeyedCallState::Kind;
  static constexpr std::size_t most_waiters = 64;

  static store::KeyedCallId id(const KeyedCall& call) {
    return {call.account, call.method, call.key};
  }

  template <class Work, class Done>
  void in_store(Work work, Done done) {
    auto& home = owner_.home_;
    auto back = [weak = weak_from_this(), done = std::move(done)](auto result) mutable {
      if (const auto self = weak.lock()) done(*self, std::move(result));
    };
    home.gateway.store->post(home.executor, std::move(work), std::move(back));
  }

  void on_state(store::StoreResult<store::KeyedCallState> state) {
    if (!state) return refuse(store_failure(state.error()));
    switch (state->kind) {
      case Kind::begun:
        begun_ = state->begun;
        return carry_out();
      case Kind::answered: {
        LongText text;
        text.attach(std::move(state->answer.text));
        return tell({static_cast<unsigned>(state->answer.status), {}, true}, std::move(text));
      }
      case Kind::other_body:
        return refuse(other_arguments());
      case Kind::open:
        return refuse(outcome_open());
    }
  }

  void carry_out() {
    auto& home = owner_.home_;
    connection_ = std::make_unique<RemoteConnection>(home, home, static_cast<RemoteUser&>(*this),
                                                     setup_, call_.account);
    connection_->receive_last(std::move(object_));
  }

  // --- RemoteUser ---
  void on_reply(LongText object, ObjectNote note, std::size_t) override {
    if (note.status.code == 0) return;  // what is pushed is for others
    connection_->close();
    settle(note.status, std::move(object));
  }
  void on_finished() override {}
  void on_reset(std::string why) override {
    connection_->close();
    const Failure failure{"OutcomeUnknown", std::move(why), {}, {}, {}};
    auto [status, text] = refusal(failure);
    settle(status, std::move(text));
  }

  // Who waits is told once the store knows, so that whoever comes again is told the same.
  void settle(ApiStatus status, LongText text) {
    if (leaves_open(status.code)) return tell(status, std::move(text));
    const auto answer = status.code == 200 ? std::optional(to_be_kept(text)) : std::nullopt;
    auto work = [call = call_, begun = begun_, answer](store::AccountStore& store) {
      auto& answers = store.answers();
      return answer ? answers.finish(id(call), begun, *answer) : answers.forget(id(call), begun);
    };
    auto done = [status, text = std::move(text)](Run& run, const store::StoreStatus&) mutable {
      run.tell(status, std::move(text));
    };
    in_store(std::move(work), std::move(done));
  }

  void refuse(const Failure& failure) {
    owner_.home_.counters.outcome(failure.error);
    auto [status, text] = refusal(failure);
    tell(status, std::move(text));
  }

  // The last that it does.
  void tell(ApiStatus status, LongText text) {
    const auto self = shared_from_this();
    for (std::size_t i = 0; i < waiters_.size(); ++i) {
      const auto waiter = waiters_[i].lock();
      if (!waiter) continue;
      LongText copy;
      i + 1 < waiters_.size() ? copy.attach(text.copy()) : copy.attach(std::move(text));
      waiter->tell(status, std::move(copy));
      status.replayed = true;
    }
    owner_.running_.erase(Id(call_.account, call_.method, call_.key));
  }

  KeyedCalls& owner_;
  const KeyedCall call_;
  Incoming object_;  // until it is carried out
  const ConnectionSetup setup_;
  std::vector<std::weak_ptr<Waiter>> waiters_;
  std::int64_t begun_ = 0;
  std::unique_ptr<RemoteConnection> connection_;
};

KeyedCalls::KeyedCalls(ThreadState& home) : home_(home) {}

KeyedCalls::~KeyedCalls() = default;

void KeyedCalls::call(KeyedCall call, Incoming&& object, const ConnectionSetup& setup,
                      const std::shared_ptr<Waiter>& waiter) {
  if (closed_) return;
  const auto refuse = [&](const Failure& failure) {
    home_.counters.outcome(failure.error);
    auto [status, text] = refusal(failure);
    waiter->tell(status, std::move(text));
  };
  Id id(call.account, call.method, call.key);
  if (const auto found = running_.find(id); found != running_.end()) {
    if (!found->second->is_same(call)) return refuse(other_arguments());
    if (!found->second->add(waiter)) refuse(too_many());
    return;
  }
  if (running_.size() >= most) return refuse(too_many());
  const auto run = std::make_shared<Run>(*this, std::move(call), std::move(object), setup);
  running_.emplace(std::move(id), run);
  run->add(waiter);
  run->begin();
}

void KeyedCalls::close() {
  closed_ = true;
  running_.clear();
}

KeyedRequest::KeyedRequest(ThreadState& from, ThreadState& home, KeyedUser& user, KeyedCall call,
                           Incoming&& object, ConnectionSetup setup)
    : waiter_(std::make_shared<KeyedCalls::Waiter>(from.executor, user)) {
  asio::post(home.executor, [&home, call = std::move(call), object = std::move(object),
                             setup = std::move(setup), waiter = waiter_]() mutable {
    home.keyed->call(std::move(call), std::move(object), setup, waiter);
  });
}

KeyedRequest::~KeyedRequest() { waiter_->part(); }

}  // namespace server

// What the data centre does with calls: carries them out after a while, in any order but where they
// name others to come after, each random_id once; answers, at times with an error.
#pragma once

#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "mtproto/host/host.hpp"
#include "tests/simulation/caller.hpp"

namespace simulation {

class Application {
 public:
  using AnswerTo =
      std::function<void(const mtproto::SessionAddress&, mtproto::MessageId, const Bytes&)>;

  Application(Scene& scene, Caller& caller, AnswerTo answer)
      : scene_(scene), caller_(caller), answer_(std::move(answer)) {}

  void take(const mtproto::Request& request);
  // The machine was restarted: what it was about to do is not done.
  void restart() { ++epoch_; }
  std::size_t open() const { return open_; }

 private:
  struct Job {
    mtproto::SessionAddress from;
    mtproto::MessageId message;
    Call call;
    mtproto::Time taken;
  };
  enum class Outcome : std::uint8_t { done, failed };

  void later(Job job, mtproto::Duration delay);
  void run_job(Job job);
  void finish(const Job& job, Outcome outcome, const Bytes& answer);

  Scene& scene_;
  Caller& caller_;
  AnswerTo answer_;
  std::unordered_map<mtproto::MessageId, Outcome> finished_;
  std::unordered_set<Number> random_ids_;
  std::uint64_t epoch_ = 0;
  std::size_t open_ = 0;
};

}  // namespace simulation

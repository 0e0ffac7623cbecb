#include "tests/simulation/application.hpp"

namespace simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto patience_for_earlier = 2s;

}  // namespace

void Application::take(const mtproto::Request& request) {
  auto& dice = scene_.dice;
  auto call = read_call(request.body);
  if (!call) throw Violation("a call arrived spoilt");
  Job job{request.from, request.message, std::move(*call), scene_.now()};
  const bool late = dice.chance(scene_.rates.late_answer);
  later(std::move(job), late ? dice.between(1s, 25s) : dice.between(1ms, 200ms));
}

void Application::later(Job job, mtproto::Duration delay) {
  ++open_;
  scene_.agenda.in(delay, [this, job = std::move(job), epoch = epoch_]() mutable {
    --open_;
    if (epoch == epoch_) run_job(std::move(job));
  });
}

void Application::run_job(Job job) {
  const auto number = job.call.number;
  for (const auto earlier : job.call.after) {
    const auto at = finished_.find(earlier);
    if (at == finished_.end()) {
      if (scene_.now() < job.taken + patience_for_earlier) return later(std::move(job), 100ms);
      return finish(job, Outcome::failed, write_error(number, "MSG_WAIT_TIMEOUT"));
    }
    if (at->second == Outcome::failed) {
      return finish(job, Outcome::failed, write_error(number, "MSG_WAIT_FAILED"));
    }
  }
  if (scene_.dice.chance(scene_.rates.error)) {
    return finish(job, Outcome::failed, write_error(number, "INTERNAL"));
  }
  // A random_id that is known is answered as the first time.
  if (job.call.kind != Kind::effect || random_ids_.insert(number).second) caller_.executed(number);
  const auto size = scene_.dice.below(1000);
  const auto filler = size < 900   ? scene_.dice.below(20)
                      : size < 999 ? scene_.dice.below(3000)
                                   : 80'000;
  finish(job, Outcome::done, write_answer(number, filler));
}

void Application::finish(const Job& job, Outcome outcome, const Bytes& answer) {
  if (outcome == Outcome::failed) caller_.failed_there(job.call.number);
  finished_[job.message] = outcome;
  answer_(job.from, job.message, answer);
}

}  // namespace simulation

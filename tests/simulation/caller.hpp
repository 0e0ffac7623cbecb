// Who uses the session: requests of every kind, at times in bursts, some with no patience. Each has
// to end once, in one way, with its own answer.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "mtproto/session/session.hpp"
#include "tests/simulation/calls.hpp"
#include "tests/simulation/scene.hpp"
#include "tests/simulation/watch.hpp"

namespace simulation {

class Caller {
 public:
  enum class End : std::uint8_t { none, answered, lost, refused, written, forgotten, broken_off };

  struct Asked {
    Kind kind = Kind::read;
    mtproto::RequestId request;
    mtproto::Time sent;
    std::vector<Number> after;
    End end = End::none;
    int executions = 0;
    bool failed_there = false;  // the server answered with an error and did nothing
  };

  Caller(Scene& scene, Watch& watch);

  // --- of the client's program ---
  // One request more; `send` is Session::send at the client's time.
  template <class Send>
  void ask(Send&& send) {
    auto [body, options] = next();
    const auto request = send(std::move(body), std::move(options));
    sent(request);
  }
  // Some that wait too long already; each is to be forgotten.
  std::vector<mtproto::RequestId> impatient();
  void answered(mtproto::RequestId request, ByteView body);
  void lost(mtproto::RequestId request);
  void refused(mtproto::RequestId request);
  void written(mtproto::RequestId request);
  void pushed(ByteView body);
  // The connection has failed for good: whoever waits is told.
  void broken_off();

  // --- of the server's application ---
  void executed(Number number);
  void failed_there(Number number) { asked_.at(number).failed_there = true; }

  std::size_t asked() const { return asked_.size(); }
  std::size_t open() const { return open_.size(); }
  std::size_t most_open() const { return most_open_; }
  bool over(Number number) const { return asked_.at(number).end != End::none; }
  bool told(Number update) const { return missed_ || updates_.contains(update); }
  // It was told that there is something to ask for.
  void missed() { missed_ = true; }
  std::size_t updates() const { return updates_.size(); }
  std::size_t ended(End end) const { return ends_[static_cast<std::size_t>(end)]; }
  // When the oldest that is not over was sent.
  std::optional<mtproto::Time> oldest() const;
  std::string oldest_name() const;

 private:
  std::pair<Bytes, mtproto::SendOptions> next();
  void sent(mtproto::RequestId request);
  Asked& end(mtproto::RequestId request, End how);
  void check_answer(Number number, const Asked& asked, ByteView body) const;

  Scene& scene_;
  Watch& watch_;
  std::vector<Asked> asked_;
  std::unordered_map<mtproto::RequestId, Number> open_;
  std::unordered_map<mtproto::RequestId, Number> all_;
  std::vector<std::pair<mtproto::Time, mtproto::RequestId>> impatient_;
  std::unordered_set<Number> updates_;
  bool missed_ = false;
  std::size_t most_open_ = 0;
  std::array<std::size_t, 7> ends_{};
};

}  // namespace simulation

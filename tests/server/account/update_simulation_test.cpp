// Updates over a wire that loses, repeats and reorders them, cuts itself, and a server that answers
// in slices: whatever the seed, each is told once and in order, and in the end all of them.
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "tests/server/account/update_dialogue.hpp"

using namespace support;
using namespace std::chrono_literals;
using server::account::UpdateRecovery;

namespace {

constexpr std::int64_t common = 0;  // the account's own counter; else a channel's

// The truth, and what it says when asked. A message's id is its pts.
struct Truth {
  std::map<std::int64_t, int> pts{{common, 10}, {5, 10}, {6, 10}};
  int slice = 4;

  std::string messages(std::int64_t of, int from, int to) const {
    std::string out;
    for (int id = from + 1; id <= to; ++id) {
      if (!out.empty()) out += ',';
      out += R"({"_cons":"message","id":)" + std::to_string(id);
      if (of != common) out += channel_peer(of);
      out += '}';
    }
    return out;
  }
  static std::string channel_peer(std::int64_t id) {
    return R"(,"peer_id":{"_cons":"peerChannel","channel_id":)" + std::to_string(id) + "}";
  }
  std::string answer(const tl::Value& call) const {
    const auto from = static_cast<int>(*call["pts"].as_int64());
    if (call.constructor() == "updates.getChannelDifference") {
      const auto id = *call["channel"]["channel_id"].as_int64();
      const auto to = std::min(from + slice, pts.at(id));
      return channel_difference(messages(id, from, to), to, to == pts.at(id));
    }
    const auto reached = pts.at(common);
    std::string others;
    for (const auto& [id, at] : pts) {
      if (id == common) continue;
      if (!others.empty()) others += ',';
      others += R"({"_cons":"updateChannelTooLong","channel_id":)" + std::to_string(id) +
                R"(,"pts":)" + std::to_string(at) + "}";
    }
    const auto to = std::min(from + slice, reached);
    const bool whole = to == reached;
    return difference(whole ? "difference" : "differenceSlice", messages(common, from, to),
                      whole ? others : "", to);
  }
};

class Simulation {
 public:
  explicit Simulation(unsigned seed) : random_(seed) { make(start); }

  void run() {
    recovery_->connected(now_);
    apply();
    for (int step = 0; step < 400; ++step) act();
    // The network heals.
    for (int i = 0; i < 60; ++i) {
      if (!connected_) connect();
      pass(1s);
      while (!calls_.empty()) answer_one(false);
    }
    pass(16min);
    for (int i = 0; i < 60; ++i) {
      while (!calls_.empty()) answer_one(false);
      pass(1s);
    }
    skip_own();
    for (const auto& [box, at] : truth_.pts) {
      CAPTURE(box);
      CHECK(told_[box] == at);
    }
    CHECK(recovery_->held_bytes() == 0);
  }

 private:
  static constexpr std::string_view start =
      R"({"pts":10,"qts":0,"date":1,"seq":0,"channels":[["5",10,"55"],["6",10,"66"]]})";

  void make(std::string_view state) {
    recovery_ = std::make_unique<UpdateRecovery>(server::account::read_update_state(state));
  }
  unsigned below(unsigned most) { return static_cast<unsigned>(random_() % most); }

  void act() {
    const auto what = below(100);
    if (what < 40) {
      happen();
    } else if (what < 65) {
      arrive();
    } else if (what < 80) {
      answer_one(true);
    } else if (what < 90) {
      pass(std::chrono::milliseconds(below(900)));
    } else if (what < 93) {
      own_call();
    } else if (what < 97) {
      cut();
    } else if (what < 98) {
      come_back();
    } else if (!connected_) {
      connect();
    }
  }

  // Something happens to the account; the wire may carry it.
  void happen() {
    const std::int64_t box = below(2) == 0 ? common : 5 + below(2);
    std::string list;
    for (auto count = 1 + below(3); count > 0; --count) {
      const auto pts = ++truth_.pts[box];
      if (!list.empty()) list += ',';
      list += box == common ? counted(pts) : of_channel(pts, static_cast<int>(box));
    }
    if (!connected_ || below(10) < 2) return;  // lost
    wire_.push_back(updates(list));
    if (below(10) < 2) wire_.push_back(wire_.back());  // twice
  }

  void arrive() {
    if (!connected_ || wire_.empty()) return;
    const auto at = wire_.begin() + below(std::min<unsigned>(3, unsigned(wire_.size())));
    const auto one = *at;
    wire_.erase(at);
    std::pmr::monotonic_buffer_resource arena;
    const auto value = *tl::read_json(one, arena);
    came_ = &value;
    recovery_->pushed(value, now_);
    apply();
    came_ = nullptr;
  }

  // A message that the client itself sends: the answer tells it.
  void own_call() {
    if (!connected_) return;
    const auto pts = ++truth_.pts[common];
    own_.insert(pts);
    const auto text = updates(counted(pts));
    std::pmr::monotonic_buffer_resource arena;
    const auto value = *tl::read_json(text, arena);
    recovery_->client_answered(value, 0, now_);
    apply();
  }

  void answer_one(bool may_fail) {
    if (!connected_ || calls_.empty()) return;
    const auto [call, text] = calls_.front();
    calls_.erase(calls_.begin());
    if (may_fail && below(10) == 0) {
      recovery_->failed(call, now_);
      return apply();
    }
    std::pmr::monotonic_buffer_resource arena;
    const auto question = *tl::read_json(text, arena);
    const auto answer = truth_.answer(question);
    const auto value = *tl::read_json(answer, arena);
    // Between the answer's making and its coming more may happen.
    if (may_fail && below(3) == 0) happen();
    recovery_->answered(call, value, now_);
    apply();
  }

  void pass(mtproto::Duration time) {
    now_ += time;
    recovery_->tick(now_);
    apply();
  }
  void cut() {
    connected_ = false;
    wire_.clear();
    recovery_->disconnected();
  }
  void connect() {
    connected_ = true;
    recovery_->connected(now_);
    apply();
  }
  // The client comes back with what it kept, to another gateway.
  void come_back() {
    std::string state;
    server::account::write_update_state(recovery_->state(), state);
    calls_.clear();
    wire_.clear();
    // What it knew from answers ahead of that is told again.
    skip_own();
    const auto reached = recovery_->state().pts;
    CHECK(told_[common] >= reached);
    told_[common] = reached;
    std::erase_if(own_, [&](int pts) { return pts > reached; });
    make(state);
    connect();
  }

  void apply() {
    for (const auto& action : recovery_->take_actions()) {
      using namespace server::account;
      if (const auto* told = std::get_if<DeliverUpdate>(&action)) {
        CHECK(told->number == ++number_);
        hear(told->object ? told->object->value : *came_);
      } else if (const auto* asked = std::get_if<AskUpdates>(&action)) {
        std::string text;
        tl::write_json(asked->function->value, text);
        calls_.emplace_back(asked->call, std::move(text));
      } else {
        const auto gone = std::get<ForgetUpdates>(action).call;
        std::erase_if(calls_, [&](const auto& one) { return one.first == gone; });
      }
    }
  }
  void hear(const tl::Value& object) {
    REQUIRE(object.constructor() == "updates");
    for (const auto& update : object["updates"].items()) {
      const auto& message = update["message"];
      const auto box = message["peer_id"]["channel_id"].as_int64().value_or(common);
      const auto id = static_cast<int>(*message["id"].as_int64());
      auto& at = told_[box];
      if (box == common) skip_own();
      CHECK(id == at + 1);
      at = id;
      if (box == common) skip_own();
    }
  }
  // What answers told counts as told, in its place.
  void skip_own() {
    while (own_.contains(told_[common] + 1)) ++told_[common];
  }

  std::mt19937 random_;
  Truth truth_;
  std::unique_ptr<UpdateRecovery> recovery_;
  mtproto::Time now_{1h};
  bool connected_ = true;
  std::vector<std::string> wire_;
  std::vector<std::pair<std::uint64_t, std::string>> calls_;
  std::map<std::int64_t, int> told_{{common, 10}, {5, 10}, {6, 10}};
  std::set<int> own_;
  std::int64_t number_ = 0;
  const tl::Value* came_ = nullptr;
};

}  // namespace

TEST_CASE("Over a bad wire each update is told once and in order, and none is missing") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    Simulation(seed).run();
  }
}

// One node of a simulation, and its line to the table.
#pragma once

#include <deque>

#include "tests/server/cluster/lease_world.hpp"

namespace cluster_test {

// A process: its keeper in one thread, its links in another. What is posted from one to the other
// takes a moment, and nothing happens at all while it is stopped.
class SimulatedNode final : server::cluster::LeaseStatements, server::cluster::LeaseUser {
 public:
  // `calm`: is never stopped, cut off or killed, and its line is good.
  SimulatedNode(World& world, std::string id, bool calm)
      : world_(world), id_(std::move(id)), calm_(calm) {}

  const std::string& id() const { return id_; }

  // A turn of one of its threads. What is over is closed before anything else.
  void turn(std::function<void()> what) {
    if (dead_) return;
    if (stopped_) return waiting_.push_back(std::move(what));
    close_what_is_over();
    what();
    arm();
  }

  void ask(const std::string& account) {
    if (leaving_ || links_.contains(account) || !wanted_.insert(account).second) return;
    keeper_.want(account, now());
  }
  void let_go(const std::string& account) {
    if (links_.contains(account)) close(account);
  }
  void write(const std::string& account) {
    const auto link = links_.find(account);
    if (link == links_.end()) return;
    world_.opened(account, id_);  // it speaks over it
    say(
        [this, account, epoch = link->second.epoch] {
          const bool accepted = world_.write(account, id_, epoch);
          return [this, account, epoch, accepted] {
            const auto there = links_.find(account);
            if (!accepted && there != links_.end() && there->second.epoch == epoch) close(account);
          };
        },
        [] {});
  }

  void stop_for(Duration time) {  // SIGSTOP
    if (dead_ || stopped_) return;
    stopped_ = true;
    for (const auto& [account, link] : links_) world_.closed(account, id_);
    world_.agenda.in(time, [this] { go_on(); });
  }
  void kill() {
    dead_ = true;
    for (const auto& [account, link] : links_) world_.closed(account, id_);
    for (const auto& account : accounts) world_.watch_failover(account, id_);
  }
  void leave() {  // SIGTERM
    leaving_ = true;
    while (!links_.empty()) close(links_.begin()->first);
    keeper_.stop();
  }
  void cut_off(Duration time) { cut_until_ = world_.agenda.now() + time; }
  void jump_clock(Duration by) { offset_ += by; }  // as after a suspend
  bool dead() const { return dead_; }

 private:
  struct Link {
    std::int64_t epoch;
    Time until;
  };
  using Answer = std::function<void()>;

  Time now() const { return world_.agenda.now() + offset_; }

  void go_on() {
    if (dead_) return;
    stopped_ = false;
    for (auto waiting = std::exchange(waiting_, {}); !waiting.empty();) {
      // Whatever comes first after a stop.
      const auto at = world_.dice.below(waiting.size());
      auto what = std::move(waiting[at]);
      waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(at));
      turn(std::move(what));
    }
    turn([this] { keeper_.tick(now()); });
    for (const auto& [account, link] : links_) world_.opened(account, id_);
  }

  void close_what_is_over() {
    std::vector<std::string> over;
    for (const auto& [account, link] : links_) {
      if (link.until <= now()) over.push_back(account);
    }
    for (const auto& account : over) close(account);
  }
  void close(std::string account) {
    ++world_.counts.lost;
    links_.erase(account);
    world_.closed(account, id_);
    keeper_.let_go(account, now());
  }

  void arm() {
    const auto due = keeper_.deadline();
    if (!due || (armed_ && *armed_ <= *due && *armed_ > now())) return;
    armed_ = *due;
    const auto late = world_.dice.between(0ms, 100ms);
    world_.agenda.in(std::max<Duration>(*due - now(), 0us) + late, [this] {
      turn([this] {
        armed_.reset();
        keeper_.tick(now());
      });
    });
  }
  // From one thread to the other, in order.
  void post(std::function<void()> what) {
    posted_.push_back(std::move(what));
    world_.agenda.in(world_.dice.between(0ms, 50ms), [this] {
      turn([this] {
        const auto first = std::move(posted_.front());
        posted_.pop_front();
        first();
      });
    });
  }

  // One statement on its way. `carry_out` gives what the answer does here; `failed`: it was lost, as
  // far as this node knows.
  void say(std::function<Answer()> carry_out, Answer failed) {
    auto& dice = world_.dice;
    const bool cut = world_.agenda.now() < cut_until_;
    const bool lost = cut || dice.chance(0.03);
    const bool in_limbo = lost && !calm_ && dice.chance(0.5);
    auto way = dice.between(1ms, dice.chance(0.02) ? 1'000ms : 20ms);
    if (in_limbo) way = dice.between(Duration(1ms), Duration(30s));
    if (!lost || in_limbo) {
      const bool told = !lost && (calm_ || !dice.chance(0.003));
      world_.agenda.in(way, [this, told, carry_out = std::move(carry_out)] {
        auto answer = carry_out();
        const auto back = world_.dice.between(1ms, world_.dice.chance(0.02) ? 1'000ms : 20ms);
        if (told) world_.agenda.in(back, [this, answer] { turn(answer); });
      });
    }
    if (lost) {
      world_.agenda.in(dice.between(1ms, 500ms),
                       [this, failed = std::move(failed)] { turn(failed); });
    }
  }

  // --- LeaseStatements ---
  void take(std::uint64_t number, const std::string& account) override {
    const auto tell = [this, number, account](const store::StoreResult<store::LeaseOffer>& offer) {
      keeper_.on_taken(number, account, offer, now());
    };
    say([this, account,
         tell] { return [tell, offer = world_.take(account, id_)] { tell(offer); }; },
        [tell] {
          tell(store::StoreError{store::StoreErrc::unavailable, "lost"});
        });
  }
  void renew(std::uint64_t number) override {
    say(
        [this, number] {
          return [this, number, leases = world_.renew(id_)] {
            keeper_.on_renewed(number, leases, now());
          };
        },
        [this, number] {
          keeper_.on_renewed(number, store::StoreError{store::StoreErrc::unavailable, "lost"},
                             now());
        });
  }
  void give_back(std::vector<store::Lease> leases) override {
    say(
        [this, leases] {
          for (const auto& one : leases) world_.give_back(one.account, id_, one.epoch);
          return [] {};
        },
        [] {});
  }
  void give_back_all() override {
    say(
        [this] {
          world_.give_back_all(id_);
          return [] {};
        },
        [] {});
  }

  // --- LeaseUser ---
  void on_lease(const std::string& account, std::int64_t epoch, Time until) override {
    post([this, account, epoch, until] {
      wanted_.erase(account);
      if (leaving_ || until <= now()) return keeper_.let_go(account, now());
      links_.emplace(account, Link{epoch, until});
      world_.opened(account, id_);
    });
  }
  void on_no_lease(const std::string& account, const server::cluster::LeaseRefusal&) override {
    wanted_.erase(account);
  }
  void on_lease_renewed(const std::string& account, Time until) override {
    const auto link = links_.find(account);
    if (link != links_.end()) link->second.until = until;
  }
  void on_lease_lost(const std::string& account) override {
    post([this, account] { let_go(account); });
  }

  World& world_;
  const std::string id_;
  const bool calm_;
  server::cluster::LeaseKeeper keeper_{world_.options.renews_late ? 2 * ttl : ttl, *this, *this};
  std::map<std::string, Link> links_;
  std::set<std::string> wanted_;
  std::deque<std::function<void()>> waiting_;  // while it is stopped
  std::deque<std::function<void()>> posted_;
  std::optional<Time> armed_;
  Duration offset_ = world_.dice.between(-1'000s, 1'000s);
  Time cut_until_{};
  bool stopped_ = false, dead_ = false, leaving_ = false;
};

}  // namespace cluster_test

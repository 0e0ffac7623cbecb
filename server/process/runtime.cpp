#include "server/process/runtime.hpp"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <list>
#include <optional>
#include <set>
#include <thread>

#include "mtproto/crypto/system_random.hpp"
#include "server/account/accounts.hpp"
#include "server/gateway/account_spread.hpp"
#include "server/gateway/keyed_calls.hpp"
#include "server/gateway/node_link.hpp"
#include "server/logs/logger.hpp"
#include "server/process/client.hpp"
#include "server/upstream/event_loop_turn.hpp"
#include "server/upstream/running_pumps.hpp"
#include "server/upstream/scheduling.hpp"
#include "server/upstream/token.hpp"

namespace server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = upstream::Pump::Socket;

using upstream::token;
constexpr auto short_pause = std::chrono::milliseconds(100);

// A thread with its event loop and its clients.
class Loop final : private ClientOwner {
 public:
  // `number`: of the thread, in the order of Gateway::threads. `gone` is called in this loop's thread
  // when one of its clients is.
  Loop(Gateway& gateway, std::size_t number, std::function<void()> gone)
      : gateway_(gateway),
        number_(number),
        gone_(std::move(gone)),
        guard_(context_.get_executor()),
        counters_(gateway.metrics.add_thread()),
        network_(context_.get_executor()),
        accounts_(account_services(gateway, random_, context_.get_executor(), counters_, &network_,
                                   number)),
        named_(gateway.store
                   ? std::make_unique<named::NamedAccounts>(named_services(gateway, accounts_))
                   : nullptr),
        state_{gateway, random_, context_.get_executor(), counters_, accounts_, named_.get()} {
    upstream::RunningPumps::of(context_.get_executor());
  }

  void start() {
    const bool first = gateway_.threads.front() == &state_;
    if (gateway_.leases && first) {
      asio::post(context_, [this] { spread_.emplace(gateway_); });
    } else if (named_ && !gateway_.leases) {
      asio::post(context_, [this] { named_->start(gateway_.threads.size()); });
    }
    thread_ = std::thread([this] {
      ::pthread_setname_np(::pthread_self(), ("loop-" + std::to_string(number_)).c_str());
      upstream::take_short_turns();
      if (gateway_.leases) {
        upstream::EventLoopTurn::at_begin([this] { named_->close_what_is_over(); });
      }
      context_.run();
    });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  asio::io_context& context() { return context_; }
  ThreadState& state() { return state_; }
  ServiceManager::Loop for_manager() {
    return {context_.get_executor(), [this] { return named_ ? named_->size() : 0; }};
  }
  // Clients that it has or is about to have; read by the accepting thread.
  std::size_t load() const { return load_.load(std::memory_order_relaxed); }

  void adopt(Socket socket, Peer peer, access::ConnectionSlot place) {
    load_.fetch_add(1, std::memory_order_relaxed);
    asio::post(context_, [this, socket = std::move(socket), peer = std::move(peer),
                          place = std::move(place)]() mutable {
      begin(std::move(socket), std::move(peer), std::move(place));
    });
  }

  void drain() {
    asio::post(context_, [this] {
      draining_ = true;
      const auto clients = clients_;
      for (const auto& client : clients) client->drain();
    });
  }
  // No client of any loop is left, so nobody posts here any more.
  void release() {
    asio::post(context_, [this] {
      state_.keyed->close();  // posts what closes their connections
      state_.nodes->close();
      asio::post(context_, [this] {
        spread_.reset();
        if (named_) named_->close();
        accounts_.close();
        network_.close();
        guard_.reset();
      });
    });
  }
  void leave() {
    asio::post(context_, [this] {
      const auto clients = clients_;
      for (const auto& client : clients) client->leave();
    });
  }
  void cut() {
    asio::post(context_, [this] {
      const auto clients = clients_;
      for (const auto& client : clients) client->cut();
    });
  }

 private:
  void begin(Socket socket, Peer peer, access::ConnectionSlot place) {
    const auto number = gateway_.last_connection.fetch_add(1) + 1;
    const auto client = std::make_shared<Client>(state_, std::move(socket), std::move(peer),
                                                 std::move(place), number, upstream::boot_time());
    clients_.insert(client);
    client->serve(this);
    if (draining_) client->drain();
  }
  void on_gone(const std::shared_ptr<Client>& client) override {
    clients_.erase(client);
    load_.fetch_sub(1, std::memory_order_relaxed);
    gone_();
  }

  Gateway& gateway_;
  const std::size_t number_;
  const std::function<void()> gone_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  mtproto::SystemRandom random_;
  Counters& counters_;
  upstream::NetworkWatch network_;
  account::Accounts accounts_;
  const std::unique_ptr<named::NamedAccounts> named_;  // none: no accounts are kept
  ThreadState state_;
  std::optional<AccountSpread> spread_;  // of the first thread
  std::set<std::shared_ptr<Client>> clients_;
  std::atomic<std::size_t> load_ = 0;
  bool draining_ = false;
  std::thread thread_;
};

}  // namespace

struct Runtime::State {
  State(Gateway& gateway_in, Listeners& listeners_in, ServiceManager& manager_in,
        asio::io_context& main_in, unsigned threads, std::size_t most_clients_in)
      : gateway(gateway_in),
        listeners(listeners_in),
        manager(manager_in),
        main(main_in),
        most_clients(most_clients_in),
        signals(main),
        hangup(main),
        finer(main),
        patience(main) {
    for (unsigned i = 0; i < threads; ++i) {
      gateway.threads.push_back(
          &loops.emplace_back(gateway, i, [this] { on_client_gone(); }).state());
    }
    // From here on a signal waits for run().
    for (const int signal : {SIGTERM, SIGINT}) signals.add(signal);
    hangup.add(SIGHUP);
    finer.add(SIGUSR2);
  }

  Gateway& gateway;
  Listeners& listeners;
  ServiceManager& manager;
  asio::io_context& main;
  const std::size_t most_clients;
  asio::signal_set signals;
  asio::signal_set hangup;
  asio::signal_set finer;
  asio::steady_timer patience;
  std::list<Loop> loops;
  std::function<void()> reload;
  std::size_t clients = 0;  // of all loops
  bool stopping = false;

  Loop& least_loaded(std::size_t& all) {
    auto* best = &loops.front();
    all = 0;
    for (auto& loop : loops) {
      all += loop.load();
      if (loop.load() < best->load()) best = &loop;
    }
    return *best;
  }

  // Who has not said a byte is no burden and takes nobody's place, as long as they are not many.
  std::size_t silent() const {
    const auto count =
        gateway.metrics.sum([](const Counters& of) -> auto& { return of.clients_silent; });
    return std::min<std::size_t>(count, most_clients / 8 + 8);
  }

  template <class Acceptor>
  asio::awaitable<void> accept(Acceptor& acceptor) {
    asio::steady_timer pause(main);
    bool told = false;
    while (acceptor.is_open()) {
      std::size_t all = 0;
      auto& loop = least_loaded(all);
      const bool memory = gateway.memory.crowded();
      if (memory || (all >= most_clients && all >= most_clients + silent())) {
        if (!told) {
          logs::strangers_warn(
              logs::StrangersLine::full, "clients={} {}", all,
              memory ? "there is no memory for more" : "that is as many as may be at a time");
        }
        told = true;
        pause.expires_after(short_pause);
        co_await pause.async_wait(token);
        continue;
      }
      told = false;
      typename Acceptor::protocol_type::socket socket(loop.context());
      typename Acceptor::endpoint_type from;
      const auto [failed] = co_await acceptor.async_accept(socket, from, token);
      if (!failed) {
        admit(loop, std::move(socket), peer_of(from));
      } else if (failed == asio::error::operation_aborted) {
        co_return;
      } else if (failed != asio::error::connection_aborted) {
        // EMFILE and its like: the client waits in the backlog until something is free.
        logs::strangers_warn(logs::StrangersLine::full, "accepting pauses reason=\"{}\"",
                             failed.message());
        pause.expires_after(short_pause * 5);
        co_await pause.async_wait(token);
      }
    }
  }

  // What is thrown on the way (there is no memory) may be the end of a client, not of the listener.
  template <class Acceptor>
  asio::awaitable<void> keep_accepting(Acceptor& acceptor) {
    asio::steady_timer pause(main);
    while (acceptor.is_open()) {
      try {
        co_await accept(acceptor);
        co_return;
      } catch (const std::exception& why) {
        logs::strangers_warn(logs::StrangersLine::full, "accepting pauses reason=\"{}\"",
                             why.what());
      }
      pause.expires_after(short_pause * 5);
      co_await pause.async_wait(token);
    }
  }

  static Peer peer_of(const asio::ip::tcp::endpoint& from) { return {from.address(), false}; }
  static Peer peer_of(const asio::local::stream_protocol::endpoint&) { return {{}, true}; }

  template <class Accepted>
  void admit(Loop& loop, Accepted socket, Peer peer) {
    std::optional<access::ConnectionSlot> place = access::ConnectionSlot();
    if (!gateway.proxies.trusts(peer)) place = gateway.connection_limiter.enter(peer);
    if (!place) {
      logs::strangers_info(logs::StrangersLine::turned_away,
                           "refused address={} reason=\"too many connections from there\"",
                           shown(peer));
      return;
    }
    // Replies are small and somebody waits for each. (A Unix socket knows no such delay.)
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    loop.adopt(Socket(std::move(socket)), std::move(peer), std::move(*place));
    ++clients;  // that it is gone is told by way of this thread
  }

  void on_client_gone() {
    asio::post(main, [this] {
      --clients;
      release();
    });
  }

  void release() {
    if (!stopping || clients != 0) return;
    for (auto& loop : loops) loop.release();
  }

  // A connection that went from thread to thread is closed by posts from one to the next, the last of
  // which may have ended before. The threads are over by now: what is left is done here, while all
  // that it concerns is there.
  void finish() {
    for (std::size_t done = 1; done != 0;) {
      done = 0;
      for (auto& loop : loops) {
        loop.context().restart();
        done += loop.context().poll();
      }
    }
  }

  void tell_manager() {
    std::vector<ServiceManager::Loop> watched;
    for (auto& loop : loops) watched.push_back(loop.for_manager());
    manager.started(std::move(watched), [this] { return clients; });
  }

  void wait_for_signals() {
    signals.async_wait([this](error_code failed, int) {
      if (failed) return;
      if (stopping) std::_Exit(1);  // asked twice
      stop();
      wait_for_signals();
    });
  }

  void wait_for_hangup() {
    hangup.async_wait([this](error_code failed, int) {
      if (failed) return;
      if (reload) manager.reload(reload);
      wait_for_hangup();
    });
  }

  void wait_for_finer() {
    finer.async_wait([this](error_code failed, int) {
      if (failed) return;
      logs::toggle_level();
      wait_for_finer();
    });
  }

  void stop() {
    if (stopping) return;
    stopping = true;
    gateway.stopping = true;
    logs::info("stopping clients={}", clients);
    manager.stopping();
    listeners.close();
    hangup.cancel();
    finer.cancel();
    for (auto& loop : loops) loop.drain();
    release();
    after(gateway.options.drain, [this] {
      for (auto& loop : loops) loop.leave();
      after(short_pause, [this] {
        for (auto& loop : loops) loop.cut();
        // Something hangs (a name that does not resolve).
        after(std::chrono::seconds(2), [] { std::_Exit(0); });
      });
    });
  }

  // Unless all is over before.
  void after(std::chrono::milliseconds time, std::function<void()> next) {
    patience.expires_after(time);
    patience.async_wait([next = std::move(next)](error_code cancelled) {
      if (!cancelled) next();
    });
  }
};

Runtime::Runtime(Gateway& gateway, Listeners& listeners, ServiceManager& manager,
                 asio::io_context& main, unsigned threads, std::size_t most_clients)
    : state_(std::make_unique<State>(gateway, listeners, manager, main, threads, most_clients)) {}

Runtime::~Runtime() = default;

void Runtime::run(std::function<void()> reload) {
  auto& state = *state_;
  state.reload = std::move(reload);
  state.wait_for_signals();
  state.wait_for_hangup();
  state.wait_for_finer();
  for (auto& loop : state.loops) loop.start();
  for (auto& acceptor : state.listeners.tcp()) {
    asio::co_spawn(state.main, state.keep_accepting(acceptor), asio::detached);
  }
  if (state.listeners.local()) {
    asio::co_spawn(state.main, state.keep_accepting(*state.listeners.local()), asio::detached);
  }
  state.tell_manager();
  // The loops end when the last client of each is gone; this thread takes signals until then.
  std::thread last([&state] {
    for (auto& loop : state.loops) loop.join();
    state.finish();
    asio::post(state.main, [&state] {
      state.patience.cancel();
      state.signals.cancel();
      state.main.stop();
    });
  });
  state.main.run();
  last.join();
}

void Runtime::stop() {
  asio::post(state_->main, [this] { state_->stop(); });
}

}  // namespace server

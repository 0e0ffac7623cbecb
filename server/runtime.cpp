#include "server/runtime.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <list>
#include <set>
#include <thread>

#include "mtproto/crypto/system_random.hpp"
#include "server/client.hpp"

namespace server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = upstream::Pump::Socket;

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr auto short_pause = std::chrono::milliseconds(100);

// A thread with its event loop and its clients.
class Loop {
 public:
  explicit Loop(Gateway& gateway) : gateway_(gateway), guard_(context_.get_executor()) {}

  void start() {
    thread_ = std::thread([this] { context_.run(); });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  asio::io_context& context() { return context_; }
  // Clients that it has or is about to have; read by the accepting thread.
  std::size_t load() const { return load_.load(std::memory_order_relaxed); }

  void adopt(Socket socket) {
    load_.fetch_add(1, std::memory_order_relaxed);
    asio::post(context_,
               [this, socket = std::move(socket)]() mutable { begin(std::move(socket)); });
  }

  void drain() {
    asio::post(context_, [this] {
      draining_ = true;
      const auto clients = clients_;
      for (const auto& client : clients) client->drain();
      let_go();
    });
  }
  void cut() {
    asio::post(context_, [this] {
      const auto clients = clients_;
      for (const auto& client : clients) client->cut();
    });
  }

 private:
  void begin(Socket socket) {
    const auto number = gateway_.last_connection.fetch_add(1) + 1;
    const auto client = std::make_shared<Client>(gateway_, random_, std::move(socket), number);
    clients_.insert(client);
    auto gone = [this, client](const std::exception_ptr& failure) {
      if (failure) spdlog::error("conn={} failed", client->number());
      clients_.erase(client);
      load_.fetch_sub(1, std::memory_order_relaxed);
      let_go();
    };
    asio::co_spawn(context_, Client::serve(client), std::move(gone));
    if (draining_) client->drain();
  }

  void let_go() {
    if (draining_ && clients_.empty()) guard_.reset();
  }

  Gateway& gateway_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  mtproto::SystemRandom random_;
  std::set<std::shared_ptr<Client>> clients_;
  std::atomic<std::size_t> load_ = 0;
  bool draining_ = false;
  std::thread thread_;
};

}  // namespace

struct Runtime::State {
  State(Gateway& gateway_in, Listeners& listeners_in, asio::io_context& main_in, unsigned threads,
        std::size_t most_clients_in)
      : gateway(gateway_in),
        listeners(listeners_in),
        main(main_in),
        most_clients(most_clients_in),
        signals(main),
        hangup(main),
        patience(main) {
    for (unsigned i = 0; i < threads; ++i) loops.emplace_back(gateway);
    // From here on a signal waits for run().
    for (const int signal : {SIGTERM, SIGINT}) signals.add(signal);
    hangup.add(SIGHUP);
  }

  Gateway& gateway;
  Listeners& listeners;
  asio::io_context& main;
  const std::size_t most_clients;
  asio::signal_set signals;
  asio::signal_set hangup;
  asio::steady_timer patience;
  std::list<Loop> loops;
  std::function<void()> reload;
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

  template <class Acceptor>
  asio::awaitable<void> accept(Acceptor& acceptor) {
    asio::steady_timer pause(main);
    bool told = false;
    while (acceptor.is_open()) {
      std::size_t all = 0;
      auto& loop = least_loaded(all);
      if (all >= most_clients) {
        if (!told) spdlog::warn("clients={} that is as many as open files allow", all);
        told = true;
        pause.expires_after(short_pause);
        co_await pause.async_wait(token);
        continue;
      }
      told = false;
      Socket socket(loop.context());
      const auto [failed] = co_await acceptor.async_accept(socket, token);
      if (!failed) {
        // Replies are small and somebody waits for each. (A Unix socket knows no such delay.)
        error_code ignored;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        loop.adopt(std::move(socket));
      } else if (failed == asio::error::operation_aborted) {
        co_return;
      } else if (failed != asio::error::connection_aborted) {
        // EMFILE and its like: the client waits in the backlog until something is free.
        spdlog::warn("accepting pauses reason=\"{}\"", failed.message());
        pause.expires_after(short_pause * 5);
        co_await pause.async_wait(token);
      }
    }
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
      if (reload) reload();
      wait_for_hangup();
    });
  }

  void stop() {
    if (stopping) return;
    stopping = true;
    spdlog::info("stopping");
    listeners.close();
    hangup.cancel();
    for (auto& loop : loops) loop.drain();
    patience.expires_after(last_answers);
    patience.async_wait([this](error_code cancelled) {
      if (cancelled) return;
      for (auto& loop : loops) loop.cut();
      patience.expires_after(std::chrono::seconds(2));
      patience.async_wait([](error_code again) {
        if (!again) std::_Exit(0);  // something hangs (a name that does not resolve)
      });
    });
  }
};

Runtime::Runtime(Gateway& gateway, Listeners& listeners, asio::io_context& main, unsigned threads,
                 std::size_t most_clients)
    : state_(std::make_unique<State>(gateway, listeners, main, threads, most_clients)) {}

Runtime::~Runtime() = default;

void Runtime::run(std::function<void()> reload) {
  auto& state = *state_;
  state.reload = std::move(reload);
  state.wait_for_signals();
  state.wait_for_hangup();
  for (auto& loop : state.loops) loop.start();
  for (auto& acceptor : state.listeners.tcp()) {
    asio::co_spawn(state.main, state.accept(acceptor), asio::detached);
  }
  if (state.listeners.local()) {
    asio::co_spawn(state.main, state.accept(*state.listeners.local()), asio::detached);
  }
  // The loops end when the last client of each is gone; this thread takes signals until then.
  std::thread last([&state] {
    for (auto& loop : state.loops) loop.join();
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

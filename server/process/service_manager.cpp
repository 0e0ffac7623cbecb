#include "server/process/service_manager.hpp"

#include <boost/asio/post.hpp>
#include <ctime>
#include <numeric>

#include "server/logs/logger.hpp"
#include "server/upstream/pump.hpp"

namespace server {
namespace {

namespace asio = boost::asio;

// Of CLOCK_MONOTONIC, in microseconds, as the manager compares it.
std::string monotonic() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000);
}

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace

ServiceManager::ServiceManager(asio::io_context& main, const ServiceEnvironment& environment)
    : socket_(environment.notify_socket),
      watchdog_(environment.watchdog),
      main_(main),
      timer_(main) {}

void ServiceManager::tell(std::string_view lines) {
  if (!socket_.send(lines)) logs::warn("the service manager does not listen at NOTIFY_SOCKET");
}

void ServiceManager::started(std::vector<Loop> loops, std::function<std::size_t()> clients) {
  if (!socket_.is_open()) return;
  loops_ = std::move(loops);
  accounts_.assign(loops_.size(), 0);
  clients_ = std::move(clients);
  heartbeat_ = Heartbeat(loops_.size());
  tell("READY=1");
  beat();
}

void ServiceManager::reload(const std::function<void()>& reload) {
  tell("RELOADING=1\nMONOTONIC_USEC=" + monotonic());
  reload();
  tell("READY=1");
}

void ServiceManager::stopping() {
  timer_.cancel();
  loops_.clear();
  tell("STOPPING=1\nSTATUS=Stopping: what was asked is answered");
}

void ServiceManager::beat() {
  const auto now = upstream::boot_time();
  if (heartbeat_.begin(now)) {
    ask_loops();
  } else if (!stuck_) {
    stuck_ = true;
    const auto waited = heartbeat_.waited(now);
    logs::error("thread={} has not turned for ms={}{}", *heartbeat_.missing(),
                waited.count() / 1'000,
                watchdog_.count() == 0 ? "" : ": the service manager's watchdog is not fed");
  }
  wait();
}

void ServiceManager::ask_loops() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    asio::post(loops_[i].executor, [this, i, accounts = loops_[i].accounts] {
      asio::post(main_, [this, i, count = accounts()] { answered(i, count); });
    });
  }
}

void ServiceManager::answered(std::size_t loop, std::size_t accounts) {
  if (loops_.empty()) return;
  accounts_[loop] = accounts;
  if (heartbeat_.answered(loop)) tell_complete();
}

void ServiceManager::tell_complete() {
  if (stuck_) logs::info("all threads turn again");
  stuck_ = false;
  if (watchdog_.count() > 0) tell("WATCHDOG=1");
  const auto accounts = std::accumulate(accounts_.begin(), accounts_.end(), std::size_t{0});
  auto status = counted(clients_(), "client") + ", " + counted(accounts, "account") + " in use";
  if (status == status_) return;
  tell("STATUS=" + status);
  status_ = std::move(status);
}

void ServiceManager::wait() {
  std::chrono::microseconds interval = usual_interval;
  if (watchdog_.count() > 0) interval = std::min(interval, watchdog_ / 2);
  timer_.expires_after(interval);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled && !loops_.empty()) beat();
  });
}

}  // namespace server

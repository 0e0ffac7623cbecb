#include "server/named/open_queue.hpp"

#include <utility>

namespace server::named {

void OpenQueue::add(const std::vector<std::string>& names) {
  names_.insert(names_.end(), names.begin(), names.end());
  if (!asking_) open_batch();
}

void OpenQueue::add_again(std::string name) {
  names_.push_back(std::move(name));
  refused_ = true;
  if (!asking_) pause();
}

void OpenQueue::close() {
  closed_ = true;
  pause_.reset();
  names_.clear();
}

void OpenQueue::open_batch() {
  for (std::size_t i = 0; i < batch && !names_.empty(); ++i) {
    const auto name = std::move(names_.front());
    names_.pop_front();
    open_(name);
  }
  asking_ = !names_.empty();
  if (asking_) ask_store();
}

// Its answer comes behind those to all that was asked before, as by those that were opened.
void OpenQueue::ask_store() {
  auto nothing = [](store::AccountStore&) -> store::StoreResult<int> { return 0; };
  auto done = [this](const store::StoreResult<int>& answer) {
    if (closed_) return;
    refused_ || !answer ? pause() : open_batch();
  };
  store_.post(executor_, std::move(nothing), std::move(done));
}

void OpenQueue::pause() {
  asking_ = true;
  refused_ = false;
  pause_ = std::make_unique<boost::asio::steady_timer>(executor_, again_after);
  pause_->async_wait([this](boost::system::error_code stopped) {
    if (!stopped) ask_store();
  });
}

}  // namespace server::named

#include "tests/simulation/lane.hpp"

namespace simulation {

using namespace std::chrono_literals;

void Lane::write(tl::ByteView bytes, mtproto::Duration extra) {
  while (!bytes.empty()) {
    const bool whole = !scene_.dice.chance(0.1);
    const auto size = whole ? bytes.size() : 1 + scene_.dice.below(bytes.size());
    put({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}, false, extra);
    bytes = bytes.subspan(size);
  }
}

void Lane::end() { put({}, true, 0us); }

void Lane::put(tl::Bytes bytes, bool last, mtproto::Duration extra) {
  if (over_ || silent_) return;
  const auto due = scene_.now() + scene_.dice.between(5ms, 60ms) + extra;
  latest_ = std::max(latest_, due);
  pieces_.push_back({std::move(bytes), last});
  scene_.agenda.at(latest_, [self = shared_from_this()] { self->arrive(); });
}

void Lane::arrive() {
  if (over_ || silent_ || pieces_.empty()) return;
  const auto piece = std::move(pieces_.front());
  pieces_.pop_front();
  if (left_ && scene_.now() > *left_) return close();
  if (!piece.last) return deliver_(piece.bytes);
  over_ = true;
  ended_();
}

void Lane::cut() {
  if (over_ || silent_) return;
  if (!pieces_.empty() && !pieces_.front().last) {
    const auto piece = std::move(pieces_.front());
    const auto size = scene_.dice.below(piece.bytes.size() + 1);
    if (size != 0) deliver_(tl::ByteView(piece.bytes).first(size));
  }
  pieces_.clear();
  end();
}

void Lane::leave() {
  end();
  left_ = scene_.now() + 100ms;
}

void Lane::close() {
  over_ = true;
  pieces_.clear();
  deliver_ = nullptr;
  ended_ = nullptr;
}

}  // namespace simulation

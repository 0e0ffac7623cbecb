// One way of a connection: a stream of bytes that takes its time, may end at any byte, and may fall
// silent without a word.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "tests/simulation/scene.hpp"
#include "tl/bytes.hpp"

namespace simulation {

class Lane : public std::enable_shared_from_this<Lane> {
 public:
  Lane(Scene& scene, std::function<void(tl::ByteView)> deliver, std::function<void()> ended)
      : scene_(scene), deliver_(std::move(deliver)), ended_(std::move(ended)) {}

  // In some pieces, each as late as the network likes.
  void write(tl::ByteView bytes, mtproto::Duration extra = {});
  // Behind all that was written.
  void end();
  // Now, inside of what is on its way.
  void cut();
  void fall_silent() { silent_ = true; }
  bool silent() const { return silent_; }
  // Nobody writes any more: what does not arrive at once is lost.
  void leave();
  // Nobody listens any more.
  void close();

 private:
  void put(tl::Bytes bytes, bool last, mtproto::Duration extra);
  void arrive();

  struct Piece {
    tl::Bytes bytes;
    bool last = false;
  };

  Scene& scene_;
  std::function<void(tl::ByteView)> deliver_;
  std::function<void()> ended_;
  std::deque<Piece> pieces_;
  mtproto::Time latest_{};
  std::optional<mtproto::Time> left_;
  bool silent_ = false;
  bool over_ = false;
};

}  // namespace simulation

// Opens the packets of one connection in their order. Small ones at once; one above 256 KiB is
// Work (decrypting and unpacking take milliseconds), and what came after it waits until it is back.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "mtproto/framing/transport.hpp"
#include "mtproto/message/unpack.hpp"
#include "mtproto/work.hpp"

namespace mtproto {

class OpenWork final : public Work {
 public:
  OpenWork(const AuthKey& key, Side from, Packet packet, bool padded, std::size_t max_unpacked);
  void run() override;
  tl::Result<Incoming> take() { return std::move(result_); }

 private:
  AuthKey key_;
  Side from_;
  Packet packet_;
  bool padded_;
  std::size_t max_unpacked_;
  tl::Result<Incoming> result_;
};

inline constexpr std::size_t big_packet = std::size_t{256} << 10;

class PacketOpener {
 public:
  PacketOpener(Side from, std::size_t max_unpacked) : from_(from), max_unpacked_(max_unpacked) {}

  void set_max_unpacked(std::size_t bytes) { max_unpacked_ = bytes; }
  // Bytes of packets that are not opened yet.
  std::size_t held() const;

  void push(Packet packet, bool padded);
  // The next message in order, if it can be had now. `find` knows keys by their id; nullptr is
  // wrong_auth_key.
  template <class FindKey>
  std::optional<tl::Result<Incoming>> next(FindKey find) {
    if (done_) return std::move(*std::exchange(done_, nullptr));
    if (busy_ || waiting_.empty()) return {};
    return open_front(find(named_key(waiting_.front().packet.payload)));
  }
  // At most one at a time.
  std::unique_ptr<OpenWork> take_work() { return std::move(work_); }
  void done(OpenWork& work);

 private:
  struct Waiting {
    Packet packet;
    bool padded = false;
  };
  std::optional<tl::Result<Incoming>> open_front(const AuthKey* key);

  Side from_;
  std::size_t max_unpacked_;
  bool busy_ = false;
  std::size_t busy_size_ = 0;  // of the packet that is being opened
  std::vector<Waiting> waiting_;
  std::unique_ptr<OpenWork> work_;
  std::unique_ptr<tl::Result<Incoming>> done_;
};

}  // namespace mtproto

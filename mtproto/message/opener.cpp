#include "mtproto/message/opener.hpp"

#include "tl/spare_room.hpp"

namespace mtproto {
namespace {

// So much room is kept while nothing waits.
constexpr std::size_t few = 2;

tl::Result<Incoming> open_and_unpack(const AuthKey& key, Side from, Packet packet, bool padded,
                                     std::size_t max_unpacked) {
  auto opened = open(key, from, std::move(packet.payload), padded);
  if (!opened) return opened.error();
  auto incoming = unpack(std::move(*opened), key.id(), max_unpacked);
  incoming.wants_quick_ack = packet.quick_ack;
  return incoming;
}

}  // namespace

OpenWork::OpenWork(const AuthKey& key, Side from, Packet packet, bool padded,
                   std::size_t max_unpacked)
    : key_(key),
      from_(from),
      packet_(std::move(packet)),
      padded_(padded),
      max_unpacked_(max_unpacked),
      result_(errc::malformed_message) {}

void OpenWork::run() {
  result_ = open_and_unpack(key_, from_, std::move(packet_), padded_, max_unpacked_);
}

std::size_t PacketOpener::held() const {
  auto size = busy_ ? busy_size_ : 0;
  for (const auto& it : waiting_) size += it.packet.payload.size();
  return size;
}

void PacketOpener::push(Packet packet, bool padded) {
  tl::lend_room(waiting_);
  waiting_.push_back({std::move(packet), padded});
}

std::optional<tl::Result<Incoming>> PacketOpener::open_front(const AuthKey* key) {
  auto front = std::move(waiting_.front());
  waiting_.erase(waiting_.begin());
  if (waiting_.empty()) tl::give_room_back(waiting_, few);
  if (key == nullptr) return tl::Result<Incoming>(errc::wrong_auth_key);
  if (front.packet.payload.size() > big_packet) {
    busy_size_ = front.packet.payload.size();
    work_ = std::make_unique<OpenWork>(*key, from_, std::move(front.packet), front.padded,
                                       max_unpacked_);
    busy_ = true;
    return {};
  }
  return open_and_unpack(*key, from_, std::move(front.packet), front.padded, max_unpacked_);
}

void PacketOpener::done(OpenWork& work) {
  busy_ = false;
  done_ = std::make_unique<tl::Result<Incoming>>(work.take());
}

}  // namespace mtproto

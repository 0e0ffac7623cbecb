#include "mtproto/message/message_ids.hpp"

namespace mtproto {
namespace {

constexpr std::uint64_t second = 1'000'000;
// What of the fraction a microsecond clock can't tell is drawn at random.
constexpr std::uint64_t below_microsecond = 0xffc;

}  // namespace

MessageId message_id_at(UnixTime time) {
  const auto since_epoch = time.time_since_epoch().count();
  const auto micros = since_epoch < 0 ? 0 : static_cast<std::uint64_t>(since_epoch);
  return MessageId(micros / second << 32 | (micros % second << 32) / second);
}

UnixTime time_of(MessageId id) {
  const auto seconds = id.value() >> 32;
  const auto fraction = ((id.value() & 0xffffffff) * second) >> 32;
  return UnixTime(Duration(static_cast<std::int64_t>(seconds * second + fraction)));
}

MessageId MessageIdSource::next(UnixTime server_time, MessageKind kind, tl::Random& random) {
  auto id = message_id_at(server_time).value();
  id = (id & ~(below_microsecond | 3)) | (random.word() & below_microsecond);
  if (id <= last_) id = (last_ & ~std::uint64_t{3}) + 4;
  id |= static_cast<std::uint64_t>(kind);
  last_ = id;
  return MessageId(id);
}

}  // namespace mtproto

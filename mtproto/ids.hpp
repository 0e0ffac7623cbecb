// The protocol's numbers, each a type of its own so that none is taken for another.
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <functional>

namespace mtproto {

template <class Tag, class Number>
class StrongId {
 public:
  constexpr StrongId() = default;
  constexpr explicit StrongId(Number value) : value_(value) {}
  constexpr Number value() const { return value_; }
  constexpr auto operator<=>(const StrongId&) const = default;

 private:
  Number value_ = 0;
};

// About unix time · 2^32. From a client divisible by 4; from a server 1 (an answer) or 3 modulo 4.
// core.telegram.org/mtproto/description#message-identifier-msg-id
using MessageId = StrongId<struct MessageIdTag, std::uint64_t>;
// Drawn by the client; server state hangs on (auth key, session).
using SessionId = StrongId<struct SessionIdTag, std::uint64_t>;
// SHA1(auth_key)[12:20], as a little-endian number.
using AuthKeyId = StrongId<struct AuthKeyIdTag, std::uint64_t>;
// 1 to 5; as a key exchange names it also +10000 (test) and negative (media).
using DcId = StrongId<struct DcIdTag, std::int32_t>;
constexpr std::int32_t test_data_centres = 10'000;
// Whatever names one: what is above is a slip.
constexpr std::int64_t highest_dc = 999;
constexpr std::int32_t dc_number(std::int32_t dc, bool test) {
  return dc + (test ? test_data_centres : 0);
}
// A request that was given to a Session; unique within it, never on the wire.
using RequestId = StrongId<struct RequestIdTag, std::uint64_t>;

// Who speaks: it shifts the offsets into the key, and decides the parity of message ids.
enum class Side : std::uint8_t { client, server };

}  // namespace mtproto

template <class Tag, class Number>
struct std::hash<mtproto::StrongId<Tag, Number>> {
  std::size_t operator()(const mtproto::StrongId<Tag, Number>& id) const noexcept {
    return std::hash<Number>{}(id.value());
  }
};

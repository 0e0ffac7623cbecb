// A byte stream cut into packets, and back: the four framings, each also inside obfuscated2.
// core.telegram.org/mtproto/mtproto-transports
//
//   abridged      ef        | len/4: 1 byte, or 7f + 3 bytes | payload
//   intermediate  eeeeeeee  | len: 4 bytes                   | payload
//   padded        dddddddd  | len + pad: 4 bytes             | payload | 0..15 random bytes
//   full          –         | total len 4 | seq 4            | payload | crc32 4
//
// One object is one TCP connection's. It knows no socket.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "mtproto/crypto/secret.hpp"
#include "mtproto/errc.hpp"
#include "mtproto/ids.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"
#include "tl/slice.hpp"

namespace mtproto {

enum class Framing : std::uint8_t { abridged, intermediate, padded, full };

struct ClientTransport {
  Framing framing = Framing::intermediate;
  bool obfuscated = false;
  // Into the obfuscation header: which data centre a proxy should connect to; and the proxy's
  // secret (16 bytes), mixed into the keys. Empty: none.
  std::int16_t dc = 0;
  Bytes proxy_secret{};
  // In records of TLS (tls_records.hpp), after a handshake that was somebody else's work.
  bool tls = false;
};

struct Packet {
  tl::Slice payload;  // for padded framing still with its padding (payload of a message is cut by
                      // the envelope)
  bool quick_ack =
      false;  // to a server: the client wants one. To a client: payload is the 4-byte token
};

class Transport {
 public:
  // The client's end. Full framing can't be obfuscated (it
  // becomes intermediate), and a proxy's secret implies obfuscation. The Random must outlive it.
  static Transport client(const ClientTransport&, tl::Random&);
  // The server's end: finds out from the first bytes what the client speaks. `proxy_secret` (16
  // bytes or empty) is expected in an obfuscated header where given, and then nothing else is
  // served.
  static Transport server(tl::Random&, ByteView proxy_secret = {});

  ~Transport();
  Transport(Transport&&) noexcept;
  Transport& operator=(Transport&&) noexcept;

  // Appends `payload` (a multiple of 4 bytes long) framed to `out`; the first call puts the tag or
  // the obfuscation header in front. Only once the framing is known (a server's after the first
  // packet).
  void write(ByteView payload, Bytes& out);
  // The 4-byte quick acknowledgement in this framing's byte order (server).
  void write_quick_ack(std::uint32_t token, Bytes& out);

  // Takes bytes as they came from the socket.
  void feed(ByteView bytes);
  // The next whole packet, none yet, or what is wrong with the stream (then it is at its end).
  tl::Result<std::optional<Packet>> next();

  std::optional<Framing> framing() const;
  bool obfuscated() const;
  // The dc number in the obfuscation header (server), or 0.
  std::int16_t dc() const;
  // Bytes held for a packet that is not whole yet.
  std::size_t buffered() const;

 private:
  struct State;
  explicit Transport(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

// Packets above this are refused before they are read, in either direction.
inline constexpr std::size_t max_packet = std::size_t{17} << 20;

}  // namespace mtproto

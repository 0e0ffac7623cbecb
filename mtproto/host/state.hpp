// What a Host is made of. link.cpp: packets and the key exchange; incoming.cpp: whether a message
// is taken; service.cpp: service messages; outgoing.cpp: what is written.
#pragma once

#include <set>

#include "mtproto/exchange/server_key_exchange.hpp"
#include "mtproto/host/key_ring.hpp"
#include "mtproto/message/container.hpp"
#include "mtproto/message/opener.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/service_session.hpp"

namespace mtproto {

// error_code of bad_msg_notification.
namespace bad_message {
inline constexpr std::int32_t id_too_low = 16;
inline constexpr std::int32_t id_too_high = 17;
inline constexpr std::int32_t id_wrong_bits = 18;
inline constexpr std::int32_t container_id_known = 19;
inline constexpr std::int32_t too_old_to_tell = 20;
inline constexpr std::int32_t seqno_too_low = 32;
inline constexpr std::int32_t seqno_too_high = 33;
inline constexpr std::int32_t even_seqno_due = 34;
inline constexpr std::int32_t odd_seqno_due = 35;
inline constexpr std::int32_t bad_salt = 48;
inline constexpr std::int32_t invalid_container = 64;
}  // namespace bad_message

struct Host::State {
  State(HostOptions options_in, KeyRing::State& ring_in, tl::Random& random_in, ByteView proxy);

  HostOptions options;
  KeyRing::State& ring;
  tl::Random& random;
  Time now{};
  ServerClock clock;
  Transport transport;
  PacketOpener opener;
  std::unique_ptr<ServerKeyExchange> exchange;
  MessageIdSource plain_ids;
  std::set<SessionAddress> seen;
  std::map<SessionAddress, std::vector<HostMessage>> outbox;
  std::optional<Time> close_at;  // ping_delay_disconnect
  bool failed = false;
  Bytes out;
  std::vector<HostEvent> events;

  UnixTime wall() const { return clock.at(now); }
  void fail(boost::system::error_code why);

  // link.cpp
  void receive(ByteView bytes);
  void packet(Packet packet);
  void exchange_packet(ByteView packet);
  void exchange_step(const tl::Result<void>& step);
  void transport_code(std::int32_t code);
  void drain();
  void done(std::unique_ptr<Work> work);

  // incoming.cpp
  void incoming(const Incoming& incoming);
  std::int32_t check_outer(const Incoming& incoming, HostKey& key);
  std::int32_t check_inner(const Message& message, const HostSession& session);
  HostSession& greet(const SessionAddress& from, HostKey& key, const Incoming& incoming);
  void message(const SessionAddress& from, const Message& message);
  void repeated(const SessionAddress& from, HostSession& session, const Message& message);
  void refuse(const SessionAddress& from, MessageId id, std::uint32_t seqno, std::int32_t code);

  // service.cpp: false where it is no service message
  bool service(const SessionAddress& from, HostSession& session, const Message& message);
  bool about_messages(const SessionAddress& from, HostSession& session, const Message& message,
                      std::uint32_t id);
  void drop_answer(const SessionAddress& from, HostSession& session, const Message& message);
  void destroy_key(const SessionAddress& from);
  Bytes states(const HostSession& session, const std::vector<MessageId>& ids) const;

  // outgoing.cpp
  // `content` wants an acknowledgement and is kept until it comes.
  MessageId queue(const SessionAddress& to, MessageKind kind, bool content, Bytes body);
  void again(const SessionAddress& to, const HostMessage& message);
  bool answer(const SessionAddress& to, MessageId request, ByteView result);
  void write_out();
  void write_session(const SessionAddress& to, std::vector<HostMessage> messages);
  std::optional<Time> deadline();
};

}  // namespace mtproto

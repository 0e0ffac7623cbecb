// What a Session is made of. Its rules are spread over link.cpp (connections, key exchange, time),
// incoming.cpp (what the server says), unanswered.cpp (what it does not say), repair.cpp (what it
// did not like, what was lost), outgoing.cpp (what is written), forward_secrecy.cpp (temporary keys).
#pragma once

#include "mtproto/exchange/client_key_exchange.hpp"
#include "mtproto/framing/kept_room.hpp"
#include "mtproto/message/ack_queue.hpp"
#include "mtproto/message/message_ids.hpp"
#include "mtproto/message/opener.hpp"
#include "mtproto/message/received_ids.hpp"
#include "mtproto/message/sequence.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_session.hpp"
#include "mtproto/session/backlog.hpp"
#include "mtproto/session/batch.hpp"
#include "mtproto/session/forgotten_requests.hpp"
#include "mtproto/session/own_messages.hpp"
#include "mtproto/session/pending_table.hpp"
#include "mtproto/session/salt_book.hpp"
#include "mtproto/session/session.hpp"
#include "mtproto/session/silence.hpp"
#include "mtproto/session/temporary_binding.hpp"
#include "tl/spare_room.hpp"

namespace mtproto {

// Own messages to be written, which there rarely are.
struct WantedMessages {
  std::vector<MessageId> states;
  std::vector<MessageId> resend;
  std::vector<MessageId> answers;
  std::vector<MessageId> drops;
  std::vector<Bytes> replies;

  bool empty() const {
    return states.empty() && resend.empty() && answers.empty() && drops.empty() && replies.empty();
  }
};

// One TCP connection. What stands here does not survive it.
struct SessionLink {
  SessionLink(Transport transport_in, std::uint64_t number_in, std::size_t max_unpacked)
      : transport(std::move(transport_in)), number(number_in), opener(Side::server, max_unpacked) {}

  Transport transport;
  std::uint64_t number;
  PacketOpener opener;
  std::unique_ptr<ClientKeyExchange> exchange;
  MessageIdSource plain_ids;
  bool ready = false;
  bool failed = false;
  bool prefix_answered = false;
  bool missed = false;  // updates, and somebody was told
  Backlog backlog;
  // Sessions that were replaced on this connection: their answers may still come.
  std::vector<SessionId> earlier;
  // When requests without an answer are looked at next.
  std::optional<Time> look_due;
  std::unique_ptr<WantedMessages> wants;  // none: nothing
  bool salts_asked = false;
  OwnMessages own;
  int own_repairs = 0;
  Bytes out;

  bool open() const { return ready && !failed; }
  WantedMessages& wanted() {
    if (!wants) wants = std::make_unique<WantedMessages>();
    return *wants;
  }
};

struct Session::State {
  State(std::shared_ptr<const SessionOptions> options_in, SessionState saved_in,
        tl::Random& random_in);

  const std::shared_ptr<const SessionOptions> options;
  std::size_t max_unpacked;
  SessionState saved;  // what is written with; without a key under `temporary`, which has its own
  std::unique_ptr<TemporaryBinding> temporary;  // none: without perfect forward secrecy
  tl::Random& random;
  Time now{};
  ServerClock clock;
  bool clock_seeded = false;

  // Of the session:
  MessageIdSource ids;
  Sequence sequence;
  SaltBook salts;
  AckQueue acks;
  ReceivedIds received;
  PendingTable pending;
  ForgottenRequests forgotten;
  bool confirmed = false;  // the server has spoken in this session
  std::uint64_t unique_id = 0;

  tl::SharedBytes prefix;
  std::optional<RequestId> introduction;  // a call of our own, under a new temporary key
  std::uint64_t last_request = 0;
  std::uint64_t links = 0;
  std::optional<SessionLink> link;
  Silence silence;  // of the link
  std::vector<Event> events;
  // While the last message of a packet is looked at: its bytes are nobody else's.
  Incoming* last_words = nullptr;

  UnixTime server_time() const { return clock.at(now); }
  void tell(Event event);
  // What messages are encrypted by.
  const AuthKey* key() const;
  void fail(boost::system::error_code why, std::int32_t transport_code = 0);
  void publish();  // what state() shows

  // link.cpp
  void connect(Transport transport, UnixTime wall);
  void hear();
  void receive(ByteView bytes);
  void packet(Packet packet);
  void exchange_packet(ByteView packet);
  void start_exchange(std::optional<std::int32_t> expires_in);
  void exchange_step(const tl::Result<void>& step);
  void become_ready();
  void drain();
  void tick();
  std::optional<Time> deadline() const;
  WorkList take_work();
  void done(std::unique_ptr<Work> work);
  void pause(bool on);

  // unanswered.cpp
  void look_by(Time at);
  void look();
  void ask_about(Pending& request);
  Duration patience(const Pending& request) const;
  void forget(RequestId request);

  // incoming.cpp
  void incoming(Incoming& incoming);
  tl::Slice kept(ByteView part);
  bool stale(MessageId id);
  void message(const Message& message, bool current);
  void dispatch(const Message& message, bool current);
  bool dispatch_answer(const Message& message, std::uint32_t id);
  bool dispatch_question(const Message& message, std::uint32_t id);
  void on_rpc_result(const Message& message);
  void answer(Pending& pending, ByteView body);
  bool answers_somebody(const Message& message);
  void miss();
  // An answer to something written on this connection: tells the time.
  void observe(MessageId id);

  // repair.cpp
  void on_bad_salt(const Message& message);
  void on_bad_message(const Message& message);
  void on_known_container(MessageId container);
  void on_new_session(const Message& message);
  void on_states(const std::vector<MessageId>& about, const Bytes& info);
  void repair(Pending& pending);
  void say_again(std::vector<OwnMessage> messages);
  void lose(RequestId request);
  void again_or_lost(Pending& pending);
  void fresh_session();
  void settle_earlier_links();

  // outgoing.cpp
  void write_out();
  void write_own(Batch& batch);
  void write_wanted(Batch& batch);
  void own(Batch& batch, OwnMessage::Kind kind, Bytes body, std::vector<MessageId> about = {});
  void write_requests(Batch& batch);
  bool held_back(const Pending& pending);
  std::optional<Bytes> wrapped_body(Pending& pending);
  void flush(Batch& batch);

  // forward_secrecy.cpp: only where `temporary` is
  void connect_temporary();
  void obey(const TemporaryBinding::Order& order);
  bool asks_about_requests();
  bool heard_of_binding(const Incoming& incoming);
  void go_over();
  void leave_session();
  void adopt_session(Binding bound);
  void introduce();
  // Whether the server's -404 was about a temporary key.
  bool says_key_unknown(std::int32_t code);
  // Whether `answer` says that the key is not bound (any more): then the request goes out again. Or
  // that it is nobody's.
  bool says_unbound(Pending& request, ByteView answer);
};

}  // namespace mtproto

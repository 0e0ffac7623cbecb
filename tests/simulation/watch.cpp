#include "tests/simulation/watch.hpp"

#include "mtproto/exchange/plain_message.hpp"
#include "mtproto/message/message_ids.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/service_session.hpp"

namespace simulation {
namespace {

using namespace mtproto;

constexpr std::size_t max_unpacked = std::size_t{64} << 20;
constexpr std::uint32_t req_pq_multi = 0xbe7e8ef1;
constexpr std::int32_t too_old_to_tell = 20;
constexpr std::size_t most_recent = 256;

[[noreturn]] void broken(const std::string& what) { throw Violation(what); }

std::uint64_t print_of(const Message& message) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ message.seqno;
  for (const auto byte : message.body) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

}  // namespace

const AuthKey* Watch::key(AuthKeyId id) const {
  const auto at = keys_.find(id);
  return at == keys_.end() ? nullptr : &at->second;
}

std::optional<Incoming> Watch::open(Side from, ByteView packet) const {
  const auto* its_key = key(named_key(packet));
  if (its_key == nullptr) return {};
  auto opened = mtproto::open(*its_key, from, Bytes(packet.begin(), packet.end()), false);
  if (!opened) return {};
  return unpack(std::move(*opened), its_key->id(), max_unpacked);
}

void Watch::client_wrote(const Incoming& incoming) {
  const auto& head = incoming.head;
  session_ = head.session;
  last_head_ = head;
  last_key_ = incoming.key;
  if (!salts_.contains(head.salt)) broken("the client made up salt " + hex(head.salt));
  if (incoming.bad_container) broken("the client wrote a bad container");
  auto& session = client_[head.session];
  for (const auto& message : incoming.messages) {
    client_message(session, message.id, message.seqno, message.body);
    client_said(message);
  }
  if (incoming.container) client_message(session, head.id, head.seqno, {});
}

// Ids grow strictly in the order of writing, so that nothing is ever sealed twice under one; a
// sequence number is twice the content before it, and one more for content itself.
void Watch::client_message(ClientSession& session, MessageId id, std::uint32_t seqno,
                           ByteView body) {
  if (id.value() % 4 != 0) broken("the client's message id " + hex(id.value()) + " is odd");
  if (id <= session.last) {
    broken("the client's message id " + hex(id.value()) + " is not above " +
           hex(session.last.value()));
  }
  session.last = id;
  const auto call = body.empty() ? std::nullopt : read_call(body);
  const auto due = session.content * 2 + (call ? 1 : 0);
  if (seqno != due) {
    broken("the client's sequence number is " + std::to_string(seqno) + " where " +
           std::to_string(due) + " is due");
  }
  if (!call) return;
  ++session.content;
  calls_[id] = call->number;
  written_.insert(call->number);
  if (recent_.size() == most_recent) recent_.erase(recent_.begin(), recent_.begin() + 64);
  recent_.push_back(id);
}

void Watch::client_said(const Message& message) {
  switch (tl::Reader(message.body).peek()) {
    case MsgsAck::id: {
      const auto ack = read_service<MsgsAck>(message.body);
      for (const auto id : ack->msg_ids) acknowledged(id);
      break;
    }
    case MsgsStateReq::id:
      return asked_about(read_service<MsgsStateReq>(message.body)->msg_ids, "states");
    case MsgResendAnsReq::id:
      return asked_about(read_service<MsgResendAnsReq>(message.body)->msg_ids, "answers");
    default:
      break;
  }
}

// What is acknowledged is never said again: it has to have been told by then.
void Watch::acknowledged(MessageId id) {
  const auto at = server_.find(id);
  if (at == server_.end()) return;
  auto& message = at->second;
  if (!message.acknowledged) ++acknowledged_;
  message.acknowledged = true;
  if (message.update && !update_told(*message.update)) {
    broken("update " + std::to_string(*message.update) + " was acknowledged and never told");
  }
  if (message.call && !call_over(*message.call)) {
    broken("the answer of request " + std::to_string(*message.call) +
           " was acknowledged and never told");
  }
}

void Watch::asked_about(const std::vector<MessageId>& ids, const char* what) const {
  if (ids.size() > in_flight()) {
    broken("the client asks for " + std::to_string(ids.size()) + " " + what +
           " with never more than " + std::to_string(in_flight()) + " requests in flight");
  }
  if (std::set<MessageId>(ids.begin(), ids.end()).size() != ids.size()) {
    broken(std::string("the client asks twice in one message for the same ") + what);
  }
}

void Watch::learn_salts(const Message& message) {
  const auto& body = message.body;
  switch (tl::Reader(body).peek()) {
    case BadServerSalt::id:
      salts_.insert(read_service<BadServerSalt>(body)->new_server_salt);
      break;
    case NewSessionCreated::id:
      salts_.insert(read_service<NewSessionCreated>(body)->server_salt);
      break;
    case FutureSalts::id: {
      const auto future = read_service<FutureSalts>(body);
      for (const auto& it : future->salts) salts_.insert(it.salt);
      break;
    }
    default:
      break;
  }
}

void Watch::server_wrote(const Incoming& incoming) {
  if (!outer_.insert(incoming.head.id.value()).second) {
    broken("the server sealed twice under " + hex(incoming.head.id.value()));
  }
  for (const auto& message : incoming.messages) server_message(incoming, message);
}

void Watch::server_message(const Incoming& incoming, const Message& message) {
  if (message.id.value() % 2 == 0) broken("the server's message id is even");
  learn_salts(message);
  const auto id = tl::Reader(message.body).peek();
  if (const auto info = read_service<MsgsStateInfo>(message.body)) {
    for (const auto state : info->info) {
      if ((state & message_state::kind) != message_state::received) forgotten();
    }
  }
  // A session that is new was another before, or never there: who knows.
  if (id == NewSessionCreated::id) forgotten();
  if (const auto bad = read_service<BadMsgNotification>(message.body)) {
    if (bad->error_code == too_old_to_tell) forgotten();
  }
  const bool content = id == RpcResult::id || id == NewSessionCreated::id || id == update_id;
  if (content != message.content()) {
    broken("the server's sequence number is wrong for constructor " + hex(id));
  }
  if (!content) return;
  const auto print = print_of(message);
  ServerMessage entry{incoming.head.session, scene_.now(), print, false, {}, {}};
  if (id == update_id) entry.update = number_of_update(message.body);
  if (id == RpcResult::id) {
    const auto call = calls_.find(read_rpc_result(message.body)->req_msg_id);
    if (call != calls_.end()) entry.call = call->second;
  }
  const auto [at, fresh] = server_.try_emplace(message.id, entry);
  if (!fresh && at->second.print != print) {
    broken("the server said two things under " + hex(message.id.value()));
  }
}

// A key exchange never repeats a nonce.
void Watch::client_wrote_plain(ByteView packet) {
  const auto plain = parse_plain_message(packet);
  if (!plain || tl::Reader(plain->body).peek() != req_pq_multi) return;
  if (!nonces_.insert(Bytes(plain->body.begin() + 4, plain->body.begin() + 20)).second) {
    broken("a key exchange uses the nonce of another");
  }
}

std::optional<MessageId> Watch::some_client_message(Dice& dice) const {
  if (recent_.empty()) return {};
  return recent_[dice.below(recent_.size())];
}

std::optional<MessageId> Watch::some_server_message(Dice& dice) const {
  if (server_.empty() || dice.chance(0.1)) return {};
  std::vector<MessageId> some;
  for (const auto& [id, message] : server_) {
    if (message.session == session_ && message.written + std::chrono::seconds{20} > scene_.now()) {
      some.push_back(id);
    }
  }
  if (some.empty()) return {};
  std::sort(some.begin(), some.end());
  return some[dice.below(some.size())];
}

std::size_t Watch::unacknowledged_since(Time time) const {
  std::size_t count = 0;
  for (const auto& [id, message] : server_) {
    if (message.session == session_ && message.written >= time && !message.acknowledged) ++count;
  }
  return count;
}

// A microsecond is 4295 units of an id, and MessageIdSource aligns to 4096: now and then it leaves
// out a whole block.
MessageId Watch::foreign_server_id(UnixTime wall) {
  constexpr std::uint64_t block = 4096;
  for (;; wall += Duration(1)) {
    const auto before = message_id_at(wall).value() / block;
    if (message_id_at(wall + Duration(1)).value() / block == before + 2) {
      return MessageId((before + 1) * block + (++foreign_ % 1024) * 4 + 1);
    }
  }
}

}  // namespace simulation

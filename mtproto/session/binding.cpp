#include "mtproto/session/binding.hpp"

#include <algorithm>

#include "mtproto/message/bind_message.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/service_session.hpp"
#include "mtproto/session/draw_session_id.hpp"

namespace mtproto {
namespace {

constexpr Duration answer_patience = std::chrono::seconds{10};
constexpr std::size_t most_remembered = 32;

constexpr std::int32_t id_too_low = 16;

}  // namespace

std::optional<Bytes> Binding::write(const AuthKey& permanent, UnixTime server_time, Time now,
                                    tl::Random& random) {
  if (now < due_ || tries_ >= most_tries) return {};
  ++tries_;
  due_ = now + answer_patience;
  MessageHead head;
  head.salt = key_.salt;
  head.session = session_;
  head.id = ids_.next(server_time, MessageKind::from_client, random);
  head.seqno = sequence_.next(true);
  BindAuthKeyInner inner;
  inner.nonce = random.word();
  inner.temp_auth_key_id = key_.key.id();
  inner.perm_auth_key_id = permanent.id();
  inner.temp_session_id = session_;
  inner.expires_at = key_.expires_at;
  BindTempAuthKey request;
  request.perm_auth_key_id = inner.perm_auth_key_id;
  request.nonce = inner.nonce;
  request.expires_at = inner.expires_at;
  request.encrypted_message = seal_binding(permanent, inner, head.id, random);
  if (said_.size() == most_remembered) said_.erase(said_.begin());
  said_.push_back(head.id);
  Bytes packet;
  seal(key_.key, Side::client, head, write_service(request), random, packet);
  return packet;
}

void Binding::restart(Time now) {
  tries_ = 0;
  due_ = now;
}

bool Binding::ours(MessageId message) const {
  return std::find(said_.begin(), said_.end(), message) != said_.end();
}

std::optional<Bytes> Binding::heard(const Incoming& incoming, ServerClock& clock, Time now,
                                    tl::Random& random) {
  for (const auto& it : incoming.messages) {
    if (it.id.value() % 2 == 0) continue;
    if (it.content() && content_.size() < most_remembered) content_.push_back(it.id);
    if (auto answer = message(it, clock, now, random)) return answer;
  }
  return {};
}

std::optional<Bytes> Binding::message(const Message& message, ServerClock& clock, Time now,
                                      tl::Random& random) {
  switch (tl::Reader(message.body).peek()) {
    case RpcResult::id:
      if (const auto result = read_rpc_result(message.body); result && ours(result->req_msg_id)) {
        const auto time = time_of(message.id);
        if (!clock.trusted() || time > clock.at(now)) clock.correct(now, time);
        return Bytes(result->result.begin(), result->result.end());
      }
      break;
    case BadServerSalt::id:
      if (const auto bad = read_service<BadServerSalt>(message.body);
          bad && ours(bad->bad_msg_id)) {
        key_.salt = bad->new_server_salt;
        due_ = now;
      }
      break;
    case BadMsgNotification::id:
      if (const auto bad = read_service<BadMsgNotification>(message.body);
          bad && ours(bad->bad_msg_id)) {
        clock.correct(now, time_of(message.id));
        if (bad->error_code != id_too_low) {
          session_ = draw_session_id(random);
          sequence_ = {};
          ids_.reset();
        }
        due_ = now;
      }
      break;
    case NewSessionCreated::id:
      if (const auto created = read_service<NewSessionCreated>(message.body)) {
        key_.salt = created->server_salt;
        unique_id_ = created->unique_id;
      }
      break;
    default:
      break;
  }
  return {};
}

}  // namespace mtproto

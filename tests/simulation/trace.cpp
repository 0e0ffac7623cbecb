#include "tests/simulation/trace.hpp"

#include <array>
#include <cstdio>

#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/service_session.hpp"
#include "tests/simulation/calls.hpp"

namespace simulation {
namespace {

using namespace mtproto;

std::string counted(const char* name, const std::vector<MessageId>& ids) {
  std::string out = name;
  constexpr std::size_t shown = 4;
  for (std::size_t i = 0; i < std::min(ids.size(), shown); ++i) out += " " + hex(ids[i].value());
  if (ids.size() > shown) out += " and " + std::to_string(ids.size() - shown) + " more";
  return out;
}

template <class T>
std::string name_only() {
  return T::name;
}

std::string describe_service(std::uint32_t id, ByteView body) {
  switch (id) {
    case MsgsAck::id:
      return counted("msgs_ack", read_service<MsgsAck>(body)->msg_ids);
    case MsgsStateReq::id:
      return counted("msgs_state_req", read_service<MsgsStateReq>(body)->msg_ids);
    case MsgResendReq::id:
      return counted("msg_resend_req", read_service<MsgResendReq>(body)->msg_ids);
    case MsgResendAnsReq::id:
      return counted("msg_resend_ans_req", read_service<MsgResendAnsReq>(body)->msg_ids);
    case MsgsStateInfo::id: {
      const auto info = read_service<MsgsStateInfo>(body);
      std::string out = "msgs_state_info to " + hex(info->req_msg_id.value()) + ":";
      for (const auto state : info->info) out += " " + std::to_string(state);
      return out;
    }
    case BadMsgNotification::id: {
      const auto bad = read_service<BadMsgNotification>(body);
      return "bad_msg_notification " + std::to_string(bad->error_code) + " of " +
             hex(bad->bad_msg_id.value());
    }
    case BadServerSalt::id:
      return "bad_server_salt of " + hex(read_service<BadServerSalt>(body)->bad_msg_id.value());
    case NewSessionCreated::id:
      return "new_session_created first " +
             hex(read_service<NewSessionCreated>(body)->first_msg_id.value());
    case RpcDropAnswer::id:
      return "rpc_drop_answer of " + hex(read_service<RpcDropAnswer>(body)->req_msg_id.value());
    case Pong::id:
      return "pong to " + hex(read_service<Pong>(body)->msg_id.value());
    case FutureSalts::id:
      return "future_salts";
    case Ping::id:
      return "ping";
    case PingDelayDisconnect::id:
      return "ping_delay_disconnect";
    case GetFutureSalts::id:
      return "get_future_salts";
    case DestroySession::id:
      return "destroy_session";
    case DestroySessionNone::id:
      return "destroy_session_none";
    case DestroySessionOk::id:
      return "destroy_session_ok";
    default:
      return "constructor " + hex(id);
  }
}

std::string describe_body(ByteView body) {
  if (const auto call = read_call(body)) {
    std::string out = std::string(name_of(call->kind)) + " " + std::to_string(call->number);
    if (call->wrapped) out += " in the prefix";
    if (!call->after.empty()) out += counted(" after", call->after);
    return out;
  }
  if (const auto update = number_of_update(body)) return "update " + std::to_string(*update);
  if (const auto result = read_rpc_result(body)) {
    const auto number = number_of_answer(result->result);
    return "rpc_result to " + hex(result->req_msg_id.value()) +
           (number ? ": answer " + std::to_string(*number) : "");
  }
  return describe_service(tl::Reader(body).peek(), body);
}

}  // namespace

void Trace::add(Time now, const char* who, std::string text) {
  if (lines_.size() == most_) lines_.pop_front();
  std::array<char, 48> head{};
  const auto time = std::chrono::duration<double>(now.time_since_epoch()).count();
  std::snprintf(head.data(), head.size(), "%14.6f  %-8s ", time, who);
  lines_.push_back(head.data() + std::move(text));
}

std::string hex(std::uint64_t value) {
  std::array<char, 20> out{};
  std::snprintf(out.data(), out.size(), "%llx", static_cast<unsigned long long>(value));
  return out.data();
}

std::string seconds(Duration time) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.3f s", std::chrono::duration<double>(time).count());
  return out.data();
}

std::string describe(const Message& message) {
  return hex(message.id.value()) + "#" + std::to_string(message.seqno) + " " +
         describe_body(message.body);
}

std::string describe(const Incoming& incoming) {
  std::string out = "session " + hex(incoming.head.session.value()) + " ";
  if (!incoming.container && incoming.messages.size() == 1) {
    return out + describe(incoming.messages.front());
  }
  out += "container " + hex(incoming.head.id.value()) + " {";
  for (const auto& message : incoming.messages)
    out += "\n" + std::string(27, ' ') + describe(message);
  return out + " }";
}

}  // namespace simulation

// What was received: acknowledgements, bad messages, states, resends.
// core.telegram.org/mtproto/service_messages_about_messages
#pragma once

#include "mtproto/message/fields.hpp"

namespace mtproto {

struct MsgsAck {
  static constexpr const char* name = "msgs_ack";
  static constexpr std::uint32_t id = 0x62d6b459;
  std::vector<MessageId> msg_ids;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("msg_ids", self.msg_ids);
  }
};

struct BadMsgNotification {
  static constexpr const char* name = "bad_msg_notification";
  static constexpr std::uint32_t id = 0xa7eff811;
  MessageId bad_msg_id;
  std::int32_t bad_msg_seqno = 0;
  std::int32_t error_code = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("bad_msg_id", self.bad_msg_id);
    visit("bad_msg_seqno", self.bad_msg_seqno);
    visit("error_code", self.error_code);
  }
};

struct BadServerSalt {
  static constexpr const char* name = "bad_server_salt";
  static constexpr std::uint32_t id = 0xedab447b;
  MessageId bad_msg_id;
  std::int32_t bad_msg_seqno = 0;
  std::int32_t error_code = 0;
  std::uint64_t new_server_salt = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("bad_msg_id", self.bad_msg_id);
    visit("bad_msg_seqno", self.bad_msg_seqno);
    visit("error_code", self.error_code);
    visit("new_server_salt", self.new_server_salt);
  }
};

struct MsgsStateReq {
  static constexpr const char* name = "msgs_state_req";
  static constexpr std::uint32_t id = 0xda69fb52;
  std::vector<MessageId> msg_ids;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("msg_ids", self.msg_ids);
  }
};

struct MsgsStateInfo {
  static constexpr const char* name = "msgs_state_info";
  static constexpr std::uint32_t id = 0x04deb57d;
  MessageId req_msg_id;
  Bytes info;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("req_msg_id", self.req_msg_id);
    visit("info", self.info);
  }
};

struct MsgsAllInfo {
  static constexpr const char* name = "msgs_all_info";
  static constexpr std::uint32_t id = 0x8cc0d131;
  std::vector<MessageId> msg_ids;
  Bytes info;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("msg_ids", self.msg_ids);
    visit("info", self.info);
  }
};

struct MsgDetailedInfo {
  static constexpr const char* name = "msg_detailed_info";
  static constexpr std::uint32_t id = 0x276d3ec6;
  MessageId msg_id;
  MessageId answer_msg_id;
  std::int32_t bytes = 0;
  std::int32_t status = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("msg_id", self.msg_id);
    visit("answer_msg_id", self.answer_msg_id);
    visit("bytes", self.bytes);
    visit("status", self.status);
  }
};

struct MsgNewDetailedInfo {
  static constexpr const char* name = "msg_new_detailed_info";
  static constexpr std::uint32_t id = 0x809db6df;
  MessageId answer_msg_id;
  std::int32_t bytes = 0;
  std::int32_t status = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("answer_msg_id", self.answer_msg_id);
    visit("bytes", self.bytes);
    visit("status", self.status);
  }
};

struct MsgResendReq {
  static constexpr const char* name = "msg_resend_req";
  static constexpr std::uint32_t id = 0x7d861a08;
  std::vector<MessageId> msg_ids;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("msg_ids", self.msg_ids);
  }
};

struct MsgResendAnsReq {
  static constexpr const char* name = "msg_resend_ans_req";
  static constexpr std::uint32_t id = 0x8610baeb;
  std::vector<MessageId> msg_ids;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("msg_ids", self.msg_ids);
  }
};

// What one byte of msgs_state_info says of a message: one of the first four, and bits.
namespace message_state {
inline constexpr std::uint8_t unknown = 1;           // its id is too low to tell
inline constexpr std::uint8_t not_received = 2;      // its id is in range
inline constexpr std::uint8_t not_received_yet = 3;  // its id is too high
inline constexpr std::uint8_t received = 4;
inline constexpr std::uint8_t kind = 7;  // the mask of the four
inline constexpr std::uint8_t acknowledged = 8;
inline constexpr std::uint8_t needs_no_ack = 16;
inline constexpr std::uint8_t being_processed = 32;
inline constexpr std::uint8_t answered = 64;
}  // namespace message_state

// Ids in one msgs_ack, msgs_state_req or msg_resend_req.
inline constexpr std::size_t max_ids = 8192;

}  // namespace mtproto

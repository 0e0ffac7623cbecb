// Calls and their answers.
// core.telegram.org/mtproto/service_messages#response-to-an-rpc-query
#pragma once

#include "mtproto/message/fields.hpp"

namespace mtproto {

struct RpcError {
  static constexpr const char* name = "rpc_error";
  static constexpr std::uint32_t id = 0x2144ca19;
  std::int32_t error_code = 0;
  Bytes error_message;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("error_code", self.error_code);
    visit("error_message", self.error_message);
  }
};

struct RpcDropAnswer {
  static constexpr const char* name = "rpc_drop_answer";
  static constexpr std::uint32_t id = 0x58e4a740;
  MessageId req_msg_id;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("req_msg_id", self.req_msg_id);
  }
};

struct RpcAnswerUnknown {
  static constexpr const char* name = "rpc_answer_unknown";
  static constexpr std::uint32_t id = 0x5e2ad36e;
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

struct RpcAnswerDroppedRunning {
  static constexpr const char* name = "rpc_answer_dropped_running";
  static constexpr std::uint32_t id = 0xcd78e586;
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

struct RpcAnswerDropped {
  static constexpr const char* name = "rpc_answer_dropped";
  static constexpr std::uint32_t id = 0xa43ad8b7;
  MessageId msg_id;
  std::int32_t seq_no = 0;
  std::int32_t bytes = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("msg_id", self.msg_id);
    visit("seq_no", self.seq_no);
    visit("bytes", self.bytes);
  }
};

// rpc_result f35c6d01 | req_msg_id 8 | result: any boxed object
struct RpcResult {
  static constexpr std::uint32_t id = 0xf35c6d01;
  MessageId req_msg_id;
  ByteView result;
};

inline tl::Result<RpcResult> read_rpc_result(ByteView body) {
  tl::Reader in(body);
  in.expect(RpcResult::id);
  RpcResult value;
  value.req_msg_id = MessageId(static_cast<std::uint64_t>(in.int64()));
  value.result = in.rest();
  if (!in || value.result.size() < 4) return errc::malformed_message;
  return value;
}

inline Bytes write_rpc_result(MessageId request, ByteView result) {
  Bytes out;
  out.reserve(12 + result.size());
  tl::Writer(out).nat(RpcResult::id).int64(static_cast<std::int64_t>(request.value())).raw(result);
  return out;
}

}  // namespace mtproto

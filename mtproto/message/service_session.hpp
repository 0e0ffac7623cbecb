// Sessions, salts, pings, keys.
// core.telegram.org/mtproto/service_messages
#pragma once

#include "mtproto/message/fields.hpp"

namespace mtproto {

struct Ping {
  static constexpr const char* name = "ping";
  static constexpr std::uint32_t id = 0x7abe77ec;
  std::uint64_t ping_id = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("ping_id", self.ping_id);
  }
};

struct PingDelayDisconnect {
  static constexpr const char* name = "ping_delay_disconnect";
  static constexpr std::uint32_t id = 0xf3427b8c;
  std::uint64_t ping_id = 0;
  std::int32_t disconnect_delay = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("ping_id", self.ping_id);
    visit("disconnect_delay", self.disconnect_delay);
  }
};

struct Pong {
  static constexpr const char* name = "pong";
  static constexpr std::uint32_t id = 0x347773c5;
  MessageId msg_id;
  std::uint64_t ping_id = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("msg_id", self.msg_id);
    visit("ping_id", self.ping_id);
  }
};

struct NewSessionCreated {
  static constexpr const char* name = "new_session_created";
  static constexpr std::uint32_t id = 0x9ec20908;
  MessageId first_msg_id;
  std::uint64_t unique_id = 0;
  std::uint64_t server_salt = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("first_msg_id", self.first_msg_id);
    visit("unique_id", self.unique_id);
    visit("server_salt", self.server_salt);
  }
};

struct GetFutureSalts {
  static constexpr const char* name = "get_future_salts";
  static constexpr std::uint32_t id = 0xb921bd04;
  std::int32_t num = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("num", self.num);
  }
};

struct FutureSalt {
  static constexpr const char* name = "future_salt";
  static constexpr std::uint32_t id = 0x0949d9dc;
  static constexpr std::size_t size = 16;
  std::int32_t valid_since = 0;
  std::int32_t valid_until = 0;
  std::uint64_t salt = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("valid_since", self.valid_since);
    visit("valid_until", self.valid_until);
    visit("salt", self.salt);
  }
};

struct FutureSalts {
  static constexpr const char* name = "future_salts";
  static constexpr std::uint32_t id = 0xae500895;
  MessageId req_msg_id;
  std::int32_t now = 0;
  std::vector<FutureSalt> salts;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("req_msg_id", self.req_msg_id);
    visit("now", self.now);
    visit("salts", self.salts);
  }
};

struct DestroySession {
  static constexpr const char* name = "destroy_session";
  static constexpr std::uint32_t id = 0xe7512126;
  SessionId session_id;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("session_id", self.session_id);
  }
};

struct DestroySessionOk {
  static constexpr const char* name = "destroy_session_ok";
  static constexpr std::uint32_t id = 0xe22045fc;
  SessionId session_id;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("session_id", self.session_id);
  }
};

struct DestroySessionNone {
  static constexpr const char* name = "destroy_session_none";
  static constexpr std::uint32_t id = 0x62d350c9;
  SessionId session_id;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("session_id", self.session_id);
  }
};

struct DestroyAuthKey {
  static constexpr const char* name = "destroy_auth_key";
  static constexpr std::uint32_t id = 0xd1435160;
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

struct DestroyAuthKeyOk {
  static constexpr const char* name = "destroy_auth_key_ok";
  static constexpr std::uint32_t id = 0xf660e1d4;
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

struct DestroyAuthKeyNone {
  static constexpr const char* name = "destroy_auth_key_none";
  static constexpr std::uint32_t id = 0x0a9f2259;
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

struct DestroyAuthKeyFail {
  static constexpr const char* name = "destroy_auth_key_fail";
  static constexpr std::uint32_t id = 0xea109b13;
  template <class Self, class Visit>
  static void fields(Self&, Visit&&) {}
};

struct HttpWait {
  static constexpr const char* name = "http_wait";
  static constexpr std::uint32_t id = 0x9299359f;
  std::int32_t max_delay = 0;
  std::int32_t wait_after = 0;
  std::int32_t max_wait = 0;
  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("max_delay", self.max_delay);
    visit("wait_after", self.wait_after);
    visit("max_wait", self.max_wait);
  }
};

}  // namespace mtproto

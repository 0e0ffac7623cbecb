// A temporary key on its way to being bound: the session of that key in which nothing is said but
// auth.bindTempAuthKey. The request holds its own message id, so that every time it is said
// (a wrong salt, a wrong number, no answer, another connection) it is built anew.
// core.telegram.org/api/pfs
#pragma once

#include <optional>
#include <vector>

#include "mtproto/message/message_ids.hpp"
#include "mtproto/message/sequence.hpp"
#include "mtproto/message/unpack.hpp"

namespace mtproto {

struct TemporaryKey {
  AuthKey key;
  std::uint64_t salt = 0;
  std::int32_t expires_at = 0;  // unix time, as the binding says it
  Time renew_at{};              // a new one is due
  Time dies_at{};               // it is not used any more
};

class Binding {
 public:
  // Said so often without an answer, the server does not listen.
  static constexpr int most_tries = 5;

  Binding(TemporaryKey key, SessionId session) : key_(std::move(key)), session_(session) {}

  const TemporaryKey& key() const { return key_; }
  SessionId session() const { return session_; }

  // The packet with the request, when that is due.
  std::optional<Bytes> write(const AuthKey& permanent, UnixTime server_time, Time now,
                             tl::Random& random);
  bool exhausted(Time now) const { return tries_ >= most_tries && now >= due_; }
  // When it is due again without an answer.
  Time due() const { return due_; }
  // It is to be said at that time.
  void again(Time at) { due_ = at; }
  // A new connection: what was said on the one before may be lost.
  void restart(Time now);

  // What the server said under this key. The answer, boxed, where it was among that.
  std::optional<Bytes> heard(const Incoming& incoming, ServerClock& clock, Time now,
                             tl::Random& random);

  // --- what the session goes on with when it is bound ---
  MessageIdSource& ids() { return ids_; }
  const Sequence& sequence() const { return sequence_; }
  std::uint64_t salt() const { return key_.salt; }
  std::uint64_t unique_id() const { return unique_id_; }
  // Messages that are to be acknowledged.
  const std::vector<MessageId>& content() const { return content_; }

 private:
  std::optional<Bytes> message(const Message& message, ServerClock& clock, Time now,
                               tl::Random& random);
  bool ours(MessageId message) const;

  TemporaryKey key_;
  SessionId session_;
  MessageIdSource ids_;
  Sequence sequence_;
  std::vector<MessageId> said_;
  std::vector<MessageId> content_;
  std::uint64_t unique_id_ = 0;
  int tries_ = 0;
  Time due_{};  // at once
};

}  // namespace mtproto

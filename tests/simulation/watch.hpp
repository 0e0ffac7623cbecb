// Reads along: every packet that either half writes is opened with the key, and what the protocol
// forbids is a violation. It remembers what was acknowledged, and what each message id stood for.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/message/envelope.hpp"
#include "mtproto/message/unpack.hpp"
#include "tests/simulation/calls.hpp"
#include "tests/simulation/scene.hpp"

namespace simulation {

class Watch {
 public:
  explicit Watch(Scene& scene) : scene_(scene) {}

  void know(const mtproto::AuthKey& key) { keys_.insert_or_assign(key.id(), key); }
  const mtproto::AuthKey* key(mtproto::AuthKeyId id) const;
  std::optional<mtproto::Incoming> open(mtproto::Side from, ByteView packet) const;

  // As they were written, whatever becomes of them.
  void client_wrote(const mtproto::Incoming& incoming);
  void server_wrote(const mtproto::Incoming& incoming);
  void client_wrote_plain(ByteView packet);
  // The server can't know any more what it did in the client's session, from now on.
  void forgotten() { forgotten_ = scene_.now(); }
  // The same process no longer writes in this session.
  void client_restarted() { client_.clear(); }
  void salt_known(std::uint64_t salt) { salts_.insert(salt); }

  // When the fate of a request sent since could last become unknowable.
  mtproto::Time last_forgotten() const { return forgotten_; }
  mtproto::SessionId session() const { return session_; }
  mtproto::MessageHead last_client_head() const { return last_head_; }
  mtproto::AuthKeyId last_client_key() const { return last_key_; }
  bool was_written(Number number) const { return written_.contains(number); }
  std::optional<mtproto::MessageId> some_server_message(Dice& dice) const;
  std::optional<mtproto::MessageId> some_client_message(Dice& dice) const;
  // Content that the server wrote in the client's session since then, and that was never
  // acknowledged.
  std::size_t unacknowledged_since(mtproto::Time time) const;
  std::size_t acknowledged() const { return acknowledged_; }
  // An id that the server's own never are.
  mtproto::MessageId foreign_server_id(mtproto::UnixTime wall);

  // Asked when the client acknowledges: whether it has told of it.
  std::function<bool(Number)> update_told;
  std::function<bool(Number)> call_over;
  std::function<std::size_t()> in_flight;

 private:
  struct ClientSession {
    mtproto::MessageId last;
    std::uint32_t content = 0;
  };
  struct ServerMessage {
    mtproto::SessionId session;
    mtproto::Time written;
    std::uint64_t print = 0;  // of body and seqno
    bool acknowledged = false;
    std::optional<Number> update;
    std::optional<Number> call;
  };

  void client_message(ClientSession& session, mtproto::MessageId id, std::uint32_t seqno,
                      ByteView body);
  void client_said(const mtproto::Message& message);
  void acknowledged(mtproto::MessageId id);
  void asked_about(const std::vector<mtproto::MessageId>& ids, const char* what) const;
  void learn_salts(const mtproto::Message& message);
  void server_message(const mtproto::Incoming& incoming, const mtproto::Message& message);

  Scene& scene_;
  std::map<mtproto::AuthKeyId, mtproto::AuthKey> keys_;
  std::map<mtproto::SessionId, ClientSession> client_;
  std::unordered_map<mtproto::MessageId, Number> calls_;  // what was written under which id
  std::vector<mtproto::MessageId> recent_;                // ids of the client's
  std::unordered_set<Number> written_;
  std::unordered_set<std::uint64_t> outer_;  // ids of packets of the server's
  std::unordered_map<mtproto::MessageId, ServerMessage> server_;
  std::set<std::uint64_t> salts_;
  std::set<Bytes> nonces_;
  mtproto::Time forgotten_{};
  mtproto::SessionId session_;
  mtproto::MessageHead last_head_;
  mtproto::AuthKeyId last_key_;
  std::size_t acknowledged_ = 0;
  std::uint64_t foreign_ = 0;
};

}  // namespace simulation

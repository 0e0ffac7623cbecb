// What a data centre remembers of one session, over all its connections: what it received, what
// it answered, and what was not acknowledged yet.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "mtproto/host/sequence_check.hpp"
#include "mtproto/message/ack_queue.hpp"
#include "mtproto/message/received_ids.hpp"
#include "mtproto/message/sequence.hpp"
#include "tl/bytes.hpp"

namespace mtproto {

// A message of the server's on its way.
struct HostMessage {
  MessageId id;
  std::uint32_t seqno = 0;
  std::shared_ptr<const tl::Bytes> body;
  bool again = false;  // was written before under this id: only inside of a container
};

class HostSession {
 public:
  HostSession();

  MessageId first;  // what has a lower id was declared lost by new_session_created
  ReceivedIds received;
  SequenceCheck order;
  Sequence sequence;
  AckQueue acks;
  Time used{};

  // --- content that the client has to acknowledge; the oldest goes when there is too much ---
  void keep(const HostMessage& message);
  void acknowledged(MessageId id);
  const std::vector<HostMessage>& unacknowledged() const { return kept_; }
  const HostMessage* kept(MessageId id) const;

  // --- requests ---
  enum class Stage : std::uint8_t { unknown, running, answered, dropped };
  void started(MessageId request);
  void answered(MessageId request, MessageId answer);
  void dropped(MessageId request);
  Stage stage(MessageId request) const;
  MessageId answer_of(MessageId request) const;

 private:
  struct Known {
    Stage stage = Stage::running;
    MessageId answer;
  };

  std::vector<HostMessage> kept_;
  std::size_t kept_bytes_ = 0;
  std::map<MessageId, Known> requests_;
};

}  // namespace mtproto

// The requests of a session that are not over: what they say, where they stand, and under which
// message ids the server may speak of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "mtproto/session/ascending.hpp"
#include "mtproto/session/session.hpp"
#include "tl/shared_bytes.hpp"

namespace mtproto {

struct Pending {
  enum class Stage : std::uint8_t {
    queued,    // to be written, for the first time or again
    sent,      // under `message`
    asked,     // its link was lost; the server was asked whether it got it
    received,  // by the server, as it said
  };

  RequestId request;
  tl::SharedBytes body;
  SendOptions options;
  Stage stage = Stage::queued;
  // Of the last time it was written:
  MessageId message;
  MessageId container;  // 0: it stood alone
  std::uint32_t seqno = 0;
  std::uint32_t seqno_before = 0;  // the session's highest, before this one
  SessionId session;
  std::uint64_t link = 0;
  Time touched{};  // when it was written, or last asked about
  bool wrapped = false;
  bool alone = false;  // the server did not like its container
  std::uint8_t repairs = 0;
  std::uint8_t without_answer = 0;  // how often its answer was due and did not come
  std::vector<MessageId> earlier;   // ids that it was written under before

  bool written() const { return stage != Stage::queued; }
  // It does no harm to send it again: the caller said so, or it is a service message.
  bool repeatable() const { return options.repeat == Repeat::freely || !options.api; }
  // What counts against new_session_created's first_msg_id.
  MessageId outer() const { return container.value() != 0 ? container : message; }
};

class PendingTable {
 public:
  Pending& add(RequestId request, tl::SharedBytes body, SendOptions options);
  Pending* find(RequestId request);
  // By any id that it was written under: an answer to an earlier one is an answer.
  Pending* find(MessageId message);
  // Requests that were last written as this message, or inside this container.
  std::vector<RequestId> named(MessageId message) const;
  void written(Pending& pending, MessageId message);
  void requeue(Pending& pending);
  void erase(RequestId request);

  // In the order in which they were given to the session.
  std::optional<RequestId> first_queued() const { return queued_after(RequestId(0)); }
  std::optional<RequestId> queued_after(RequestId request) const;
  bool anything_queued() const { return !queue_.empty(); }
  std::vector<RequestId> all() const;
  std::size_t size() const { return requests_.size(); }

 private:
  struct Queued {};

  Ascending<RequestId, std::unique_ptr<Pending>> requests_;
  Ascending<RequestId, Queued> queue_;
  Ascending<MessageId, RequestId> by_message_;
};

}  // namespace mtproto

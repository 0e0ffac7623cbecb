// What Telegram said, on its way to the client, in the order in which it came: what is so large that
// others of the thread would wait is decoded on the pool, and the rest waits behind it. Owns the
// decoder; calls the reply writer; its connection is told of answers whose turn has come.
#pragma once

#include <memory>

#include "server/account/answer_decoder.hpp"
#include "server/connection/client_attributes.hpp"
#include "server/connection/reply_writer.hpp"
#include "server/named/journal_entry.hpp"

namespace server {

class Deliveries : public std::enable_shared_from_this<Deliveries> {
 public:
  class User {
   public:
    virtual ~User() = default;
    // The text of an answer, to be used up; or why there is none.
    virtual void on_decoded(std::uint64_t number, tl::TextParts& text, const Failure*,
                            mtproto::Time now) = 0;
    // It had to wait behind another.
    virtual void on_kept_answer(std::uint64_t number, tl::Slice body, mtproto::Time now) = 0;
    // What was pushed can't be told.
    virtual void on_undeliverable(const Failure&) = 0;
  };

  Deliveries(ReplyWriter& replies, const ClientAttributes& attributes, MemoryMeter& memory,
             const upstream::WorkRunner& runner, User& user)
      : replies_(replies), attributes_(attributes), memory_(memory), runner_(runner), user_(user) {}

  // Nothing is being decoded: an answer need not wait. Else it is to be given to keep().
  bool ready() const { return !decoder_.busy(); }
  void keep(std::uint64_t number, tl::Slice body);
  void decode(const ClientRequest&, tl::Slice answer);
  // Longs that the client was given as numbers.
  const tl::GivenLongs& given() const { return replies_.given(); }
  void push(tl::Slice body);
  // One that is recovered; it is not copied where it need not wait.
  void push_update(std::int64_t update_seq, tl::ByteView body);
  // One out of a named account's log.
  void push_logged(const named::JournalEntry&);
  // The session that they came from is gone.
  void forget_kept() { decoder_.forget_kept(); }
  void close() { closed_ = true; }

 private:
  void write(tl::ByteView body, std::optional<std::int64_t> update_seq);
  void write_apart(account::Received);
  account::AnswerDecoder::Owner owner();
  void resume();

  ReplyWriter& replies_;
  const ClientAttributes& attributes_;
  MemoryMeter& memory_;
  const upstream::WorkRunner& runner_;
  User& user_;
  account::AnswerDecoder decoder_;
  bool closed_ = false;
};

}  // namespace server

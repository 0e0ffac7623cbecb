// Replies of one client, as they are ready, but under one id in the order of its requests: a reply
// is held behind earlier ones of its id. Each is written once, straight to where it goes: to the
// sink, or to the request that holds it. Knows the queue, for the order, and the sink.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/connection/outcome.hpp"
#include "server/connection/request_queue.hpp"
#include "server/metering/memory_meter.hpp"
#include "server/protocol/failure.hpp"
#include "server/protocol/object_sink.hpp"
#include "tl/codec.hpp"
#include "tl/rounded.hpp"

namespace server {

class ReplyWriter {
 public:
  // What the client asked to know of its connection; JSON texts.
  struct Attributes {
    std::string server, options, session, account{};
  };

  ReplyWriter(RequestQueue& queue, ObjectSink& sink, MemoryMeter& meter, bool with_traceback,
              ReplyShape shape = ReplyShape::object)
      : queue_(queue), sink_(sink), meter_(meter), with_traceback_(with_traceback), shape_(shape) {}

  // No object that goes out is longer; 0: any length. A longer one is told of instead.
  void set_max_message(std::size_t bytes) { max_message_ = bytes; }

  // The request is over. True: its reply went out, with those that waited for it, and it has left
  // the queue; false: it is held there, and `finished`.
  bool finish(ClientRequest&, const Outcome&, const Attributes&);
  // To what was no request. `extra` may be used up.
  void refuse(std::string_view id, std::string* extra, const Failure&);
  // What was pushed, under id 0; of an update that is recovered, its number. A Failure: there is no
  // room for it, and nothing was written.
  std::optional<Failure> push(const tl::Schema&, tl::Notation, tl::ByteView body,
                              std::optional<std::int64_t> update_seq = {});
  // The same, of what is made while it is sent.
  void push(tl::TextParts text);
  // One of a log, of its members as write_logged_update() has them.
  void push_logged(std::string_view members, std::int64_t update_seq);
  // What became of a code that is shown; `session` may be empty. JSON texts.
  void push_signin(std::string_view signin, std::string_view session);

  // Longs that the client was given as numbers.
  tl::GivenLongs& given() { return given_; }
  // Bytes of replies that are held, and of the requests that hold them.
  std::size_t held() const { return held_; }
  // The sink is gone.
  void close() { closed_ = true; }

 private:
  void hold(ClientRequest&, const Outcome&, const Attributes&);
  void emit(ClientRequest&, const Outcome&, const Attributes&);
  void emit_held(std::string_view id, RequestQueue::Number behind);
  void write(ClientRequest&, const Outcome&, const Attributes&, LongText& out);
  void write_any(ClientRequest&, const Outcome&, const Attributes&, LongText& out);
  bool put(const Reply&, LongText& out);
  bool too_long(const LongText& text) const;
  void write_too_long(ClientRequest&, const Outcome&, std::size_t size, LongText& out);
  LongText& begin_push(LongText& apart) { return max_message_ == 0 ? sink_.begin() : apart; }
  void complete_push(LongText&& apart, std::optional<std::int64_t> update_seq, bool secret);

  RequestQueue& queue_;
  ObjectSink& sink_;
  MemoryMeter& meter_;
  std::size_t held_ = 0;
  std::size_t max_message_ = 0;
  tl::GivenLongs given_;
  const bool with_traceback_;
  const ReplyShape shape_;
  ApiStatus status_;  // of what was put last
  bool closed_ = false;
};

}  // namespace server

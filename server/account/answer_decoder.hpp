// What came from a data centre, in the order in which it came: what is so large that others of the
// thread would wait is decoded on the pool, and what comes meanwhile is kept behind it. A text is not
// made there, only measured: it is made in parts, as its client takes it. Knows the pool; whoever asks
// is called back in the thread, with what became of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "server/metering/memory_meter.hpp"
#include "server/protocol/failure.hpp"
#include "server/upstream/work_runner.hpp"
#include "tl/codec.hpp"
#include "tl/rounded.hpp"
#include "tl/slice.hpp"
#include "tl/text_parts.hpp"

namespace server::account {

// An answer, or what was pushed; on the meter for as long as it waits or is decoded.
struct Received {
  // `call_in`: what its caller knows it by; 0: it was pushed.
  Received(MemoryMeter& meter, std::uint64_t call_in, tl::Slice body_in)
      : call(call_in), body(std::move(body_in)), share(meter) {
    share.resize(body.size());
  }

  std::uint64_t call;
  tl::Slice body;
  tl::TypeRef due = tl::any_object;            // of decode_value()
  std::optional<std::int64_t> client_channel;  // it answers a client's request, about that channel
  std::optional<std::int64_t> update_seq;      // of an update that is recovered
  MemoryShare share;
};

class AnswerDecoder {
 public:
  static constexpr std::size_t apart_above = std::size_t{256} << 10;
  static bool is_large(tl::ByteView body) { return body.size() > apart_above; }

  using Schema = std::shared_ptr<const tl::Schema>;
  // Who asks: nobody is called back once `alive`, of which the decoder is a part, is gone. `resume`
  // is called last, when what was kept may be asked for.
  struct Owner {
    upstream::WorkRunner runner;
    std::weak_ptr<const void> alive;
    std::function<void()> resume;
  };
  // The text, to be used up; or why there is none.
  using TextDone = std::function<void(tl::TextParts& text, const Failure*)>;
  // None: the scheme does not fit it, or there is no room. Both are gone after the call.
  using ValueDone = std::function<void(tl::ByteView body, const tl::Value*)>;

  bool busy() const { return busy_; }
  // True: something is being decoded, and `arrival` is kept until next() gives it.
  bool keep(Received& arrival);
  // The first of those that were kept. None, too, while something is being decoded.
  std::optional<Received> next();
  // The session that they came from is gone.
  void forget_kept() { kept_.clear(); }

  // On the pool. What comes meanwhile is to be kept. `given`: as tl::decode_text_within() has it, and
  // it is the owner's.
  void decode_text(Owner, Schema, tl::TypeRef due, tl::Notation, Received, TextDone,
                   tl::GivenLongs* given = nullptr);
  void decode_value(Owner, Schema, Received, ValueDone);

 private:
  using Result = std::unique_ptr<mtproto::Work>;

  void run(Owner, Result work, std::function<void(Result)> done);

  std::list<Received> kept_;
  bool busy_ = false;
};

}  // namespace server::account

// What came from a data centre, in the order in which it came: what is so large that others of the
// thread would wait is decoded on the pool, and what comes meanwhile is kept behind it. Knows the
// pool; whoever asks is called back in the thread, with what became of it.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "server/connection/exchange.hpp"
#include "server/failure.hpp"
#include "server/memory_meter.hpp"
#include "server/upstream/work_runner.hpp"
#include "tl/codec.hpp"
#include "tl/slice.hpp"

namespace server {

// An answer, or what was pushed; on the meter for as long as it waits or is decoded.
struct Arrival {
  Arrival(MemoryMeter& meter, std::optional<Ticket> request_in, tl::Slice body_in)
      : request(request_in), body(std::move(body_in)), share(meter) {
    share.resize(body.size());
  }

  std::optional<Ticket> request;  // none: pushed
  tl::Slice body;
  MemoryShare share;
};

class AnswerDecoder {
 public:
  static constexpr std::size_t apart_above = std::size_t{256} << 10;
  static bool is_large(tl::ByteView body) { return body.size() > apart_above; }

  using Schema = std::shared_ptr<const tl::Schema>;
  // Who asks: nobody is called back once `owner`, of whom the decoder is a part, is gone. `resume`
  // is called last, when what was kept may be asked for.
  struct Caller {
    upstream::WorkRunner runner;
    std::weak_ptr<const void> owner;
    std::function<void()> resume;
  };
  // The text, to be used up; or why there is none.
  using TextDone = std::function<void(std::string& text, const Failure*)>;
  // None: the scheme does not fit it, or there is no room. Both are gone after the call.
  using ValueDone = std::function<void(tl::ByteView body, const tl::Value*)>;

  // True: something is being decoded, and `arrival` is kept until next() gives it.
  bool keep(Arrival& arrival);
  // The first of those that were kept. None, too, while something is being decoded.
  std::optional<Arrival> next();
  // The session that they came from is gone.
  void forget_kept() { kept_.clear(); }

  // On the pool. What comes meanwhile is to be kept.
  void decode_text(Caller, Schema, tl::TypeRef due, tl::Notation, Arrival, TextDone);
  void decode_value(Caller, Schema, Arrival, ValueDone);

 private:
  using Result = std::unique_ptr<mtproto::Work>;

  void run(Caller, Result work, std::function<void(Result)> done);

  std::list<Arrival> kept_;
  bool busy_ = false;
};

}  // namespace server

#include "server/connection/answer_decoder.hpp"

#include <memory_resource>
#include <new>
#include <utility>

#include "mtproto/work.hpp"
#include "server/metered_text.hpp"

namespace server {
namespace {

class TextWork final : public mtproto::Work {
 public:
  TextWork(AnswerDecoder::Schema schema, tl::TypeRef due, tl::Notation notation, Arrival arrival)
      : schema_(std::move(schema)),
        due_(due),
        notation_(notation),
        arrival_(std::move(arrival)),
        room_(arrival_.share.meter()) {}
  void run() override {
    const auto decoded =
        tl::decode_text_within(room_, *schema_, due_, arrival_.body, notation_, text_);
    if (decoded == tl::Decoded::too_long) failure_ = room_.failure();
    arrival_.body = {};
    arrival_.share.resize(0);
  }
  std::string& text() { return text_; }
  const Failure* failure() const { return failure_ ? &*failure_ : nullptr; }

 private:
  AnswerDecoder::Schema schema_;
  tl::TypeRef due_;
  tl::Notation notation_;
  Arrival arrival_;
  MeteredText room_;
  std::string text_;
  std::optional<Failure> failure_;
};

class ValueWork final : public mtproto::Work {
 public:
  ValueWork(AnswerDecoder::Schema schema, Arrival arrival)
      : schema_(std::move(schema)),
        arrival_(std::move(arrival)),
        heap_(arrival_.share.meter()),
        arena_(&heap_) {
    heap_.set_bounded(true);
  }
  void run() override {
    try {
      auto value = tl::decode_value(*schema_, tl::any_object, arrival_.body, arena_);
      if (value) value_ = *value;
    } catch (const std::bad_alloc&) {  // it is asked for once more, when there may be room
    }
  }
  const tl::Value* value() const { return value_ ? &*value_ : nullptr; }
  tl::ByteView body() const { return arrival_.body; }

 private:
  AnswerDecoder::Schema schema_;
  Arrival arrival_;
  MeteredMemory heap_;
  std::pmr::monotonic_buffer_resource arena_;
  std::optional<tl::Value> value_;
};

}  // namespace

bool AnswerDecoder::keep(Arrival& arrival) {
  if (busy_) kept_.push_back(std::move(arrival));
  return busy_;
}

std::optional<Arrival> AnswerDecoder::next() {
  if (busy_ || kept_.empty()) return {};
  std::optional<Arrival> out(std::move(kept_.front()));
  kept_.pop_front();
  return out;
}

void AnswerDecoder::run(Caller caller, Result work, std::function<void(Result)> done) {
  busy_ = true;
  const auto runner = caller.runner;
  runner.run(std::move(work),
             [this, caller = std::move(caller), done = std::move(done)](Result result) {
               const auto alive = caller.owner.lock();
               if (!alive) return;
               busy_ = false;
               done(std::move(result));
               caller.resume();
             });
}

void AnswerDecoder::decode_text(Caller caller, Schema schema, tl::TypeRef due,
                                tl::Notation notation, Arrival arrival, TextDone done) {
  auto work = std::make_unique<TextWork>(std::move(schema), due, notation, std::move(arrival));
  run(std::move(caller), std::move(work), [done = std::move(done)](Result result) {
    auto& decoded = static_cast<TextWork&>(*result);
    done(decoded.text(), decoded.failure());
  });
}

// The kernel takes milliseconds to get megabytes back: values are given up on the pool.
void AnswerDecoder::decode_value(Caller caller, Schema schema, Arrival arrival, ValueDone done) {
  auto& pool = caller.runner.pool;
  auto work = std::make_unique<ValueWork>(std::move(schema), std::move(arrival));
  run(std::move(caller), std::move(work), [&pool, done = std::move(done)](Result result) {
    const auto& decoded = static_cast<const ValueWork&>(*result);
    done(decoded.body(), decoded.value());
    pool.destroy(std::move(result));
  });
}

}  // namespace server

#include "server/account/answer_decoder.hpp"

#include <memory_resource>
#include <new>
#include <utility>

#include "mtproto/work.hpp"
#include "server/account/metered_text.hpp"

namespace server::account {
namespace {

class TextWork final : public mtproto::Work {
 public:
  TextWork(AnswerDecoder::Schema schema, tl::TypeRef due, tl::Notation notation,
           std::shared_ptr<const Received> arrival)
      : text_(std::move(schema), due, notation, arrival, arrival->body) {}
  void run() override {
    if (text_.measure(MeteredText::longest, &given_) != tl::Decoded::too_long) return;
    failure_ = answer_too_long(MeteredText::longest);
    text_ = {};
  }
  tl::TextParts& text() { return text_; }
  const tl::GivenLongs& given() const { return given_; }
  const Failure* failure() const { return failure_ ? &*failure_ : nullptr; }

 private:
  tl::TextParts text_;
  tl::GivenLongs given_;
  std::optional<Failure> failure_;
};

class ValueWork final : public mtproto::Work {
 public:
  ValueWork(AnswerDecoder::Schema schema, Received arrival)
      : schema_(std::move(schema)),
        arrival_(std::move(arrival)),
        heap_(arrival_.share.meter()),
        arena_(&heap_) {
    heap_.set_bounded(true);
  }
  void run() override {
    try {
      auto value = tl::decode_value(*schema_, arrival_.due, arrival_.body, arena_);
      if (value) value_ = *value;
    } catch (const std::bad_alloc&) {  // it is asked for once more, when there may be room
    }
  }
  const tl::Value* value() const { return value_ ? &*value_ : nullptr; }
  tl::ByteView body() const { return arrival_.body; }

 private:
  AnswerDecoder::Schema schema_;
  Received arrival_;
  MeteredMemory heap_;
  std::pmr::monotonic_buffer_resource arena_;
  std::optional<tl::Value> value_;
};

}  // namespace

bool AnswerDecoder::keep(Received& arrival) {
  if (busy_) kept_.push_back(std::move(arrival));
  return busy_;
}

std::optional<Received> AnswerDecoder::next() {
  if (busy_ || kept_.empty()) return {};
  std::optional<Received> out(std::move(kept_.front()));
  kept_.pop_front();
  return out;
}

void AnswerDecoder::run(Owner owner, Result work, std::function<void(Result)> done) {
  busy_ = true;
  const auto runner = owner.runner;
  runner.run(std::move(work),
             [this, owner = std::move(owner), done = std::move(done)](Result result) {
               const auto alive = owner.alive.lock();
               if (!alive) return;
               busy_ = false;
               done(std::move(result));
               owner.resume();
             });
}

// What came is on the meter until the last of its text is made.
void AnswerDecoder::decode_text(Owner owner, Schema schema, tl::TypeRef due, tl::Notation notation,
                                Received arrival, TextDone done, tl::GivenLongs* given) {
  auto work = std::make_unique<TextWork>(std::move(schema), due, notation,
                                         owner.runner.pool.share(std::move(arrival)));
  run(std::move(owner), std::move(work), [done = std::move(done), given](Result result) {
    auto& decoded = static_cast<TextWork&>(*result);
    if (given != nullptr) given->merge(decoded.given());
    done(decoded.text(), decoded.failure());
  });
}

// The kernel takes milliseconds to get megabytes back: values are given up on the pool.
void AnswerDecoder::decode_value(Owner owner, Schema schema, Received arrival, ValueDone done) {
  auto& pool = owner.runner.pool;
  auto work = std::make_unique<ValueWork>(std::move(schema), std::move(arrival));
  run(std::move(owner), std::move(work), [&pool, done = std::move(done)](Result result) {
    const auto& decoded = static_cast<const ValueWork&>(*result);
    done(decoded.body(), decoded.value());
    pool.destroy(std::move(result));
  });
}

}  // namespace server::account

// Goes over the fields of a combinator that are there. Those that a flags word lacks cost nothing:
// the plan has, for each bit of the word, the set of fields that it brings, as bits of a mask.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "tl/schema.hpp"

namespace tl {

class FieldWalk {
 public:
  // Few combinators have more than 64 fields. What these need lies apart, with the caller: a walk
  // that nothing points to stays in registers.
  class Later {
   public:
    [[gnu::noinline]] void begin(const std::uint64_t* masks, std::size_t blocks) {
      at_ = 0;
      blocks_ = blocks;
      for (std::size_t i = 1; i < blocks; ++i) fields_[i] = masks[i];
    }
    [[gnu::noinline]] std::uint64_t next() { return fields_[++at_]; }
    bool last() const { return at_ + 1 == blocks_; }
    // What `word` brings to the block at hand; the rest is kept.
    [[gnu::noinline]] std::uint64_t grant(const std::uint64_t* brought, std::uint32_t word) {
      std::uint64_t now = 0;
      for (; word != 0; word &= word - 1) {
        const auto* fields = brought + static_cast<std::size_t>(std::countr_zero(word)) * blocks_;
        now |= fields[at_];
        for (auto i = at_ + 1; i < blocks_; ++i) fields_[i] |= fields[i];
      }
      return now;
    }

   private:
    std::size_t at_;  // the block at hand
    std::size_t blocks_;
    std::array<std::uint64_t, Combinator::max_fields / 64> fields_;
  };

  // Without `later`, of a combinator that has one block at most.
  explicit FieldWalk(const Combinator& combinator, Later* later = nullptr)
      : steps_(combinator.steps.data()), masks_(combinator.masks.data()), later_(later) {
    if (combinator.blocks != 0) now_ = masks_[0];
    if (later_ != nullptr) later_->begin(masks_, combinator.blocks);
  }

  // How far it is; with what `later` holds, all that it takes to go on elsewhere.
  struct Place {
    const Step* steps = nullptr;
    std::uint64_t now = 0;
  };
  FieldWalk(const Combinator& combinator, Later* later, Place place)
      : steps_(place.steps), masks_(combinator.masks.data()), now_(place.now), later_(later) {}
  Place place() const { return {steps_, now_}; }

  bool more() {
    while (now_ == 0) {
      if (later_ == nullptr || later_->last()) return false;
      now_ = later_->next();
      steps_ += 64;
    }
    return true;
  }
  // Where there is more(). Behind a flags word comes grant().
  const Step* next() {
    const auto* step = steps_ + static_cast<unsigned>(std::countr_zero(now_));
    now_ &= now_ - 1;
    return step;
  }

  // What the flags word says. Bits that no field hangs on are passed over.
  void grant(const Step& flags, std::uint32_t word) {
    word &= 0xFFFFFFFFU >> (32 - flags.more);
    const auto* brought = masks_ + flags.index;
    if (later_ != nullptr) {
      now_ |= later_->grant(brought, word);
      return;
    }
    for (; word != 0; word &= word - 1) {
      now_ |= brought[static_cast<unsigned>(std::countr_zero(word))];
    }
  }

 private:
  const Step* steps_;  // of the block at hand
  const std::uint64_t* masks_;
  std::uint64_t now_ = 0;  // fields of the block at hand that are still to come
  Later* later_;
};

}  // namespace tl

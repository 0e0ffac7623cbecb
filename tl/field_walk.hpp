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
  explicit FieldWalk(const Combinator& combinator)
      : steps_(combinator.steps.data()), masks_(combinator.masks.data()) {
    blocks_ = combinator.blocks;
    if (blocks_ != 0) now_ = masks_[0];
    if (blocks_ > 1) [[unlikely]] {
      begin_more();
    }
  }

  // The next one, or null behind the last. Behind a flags word comes grant().
  const Step* next() {
    while (now_ == 0) {
      if (blocks_ < 2 || !next_block()) return nullptr;
    }
    const auto* step = steps_ + static_cast<unsigned>(std::countr_zero(now_));
    now_ &= now_ - 1;
    return step;
  }

  // What the flags word says. Bits that no field hangs on are passed over.
  void grant(const Step& flags, std::uint32_t word) {
    word &= 0xFFFFFFFFU >> (32 - flags.more);
    const auto* brought = masks_ + flags.index;
    if (blocks_ > 1) [[unlikely]] {
      return grant_more(brought, word);
    }
    for (; word != 0; word &= word - 1) {
      now_ |= brought[static_cast<unsigned>(std::countr_zero(word))];
    }
  }

 private:
  // Few combinators have more than 64 fields; what they need stays out of the others' way.
  [[gnu::noinline]] void begin_more() {
    for (std::size_t i = 1; i < blocks_; ++i) later_[i] = masks_[i];
  }
  [[gnu::noinline]] bool next_block() {
    if (++block_ >= blocks_) return false;
    now_ = later_[block_];
    steps_ += 64;
    return true;
  }
  [[gnu::noinline]] void grant_more(const std::uint64_t* brought, std::uint32_t word) {
    for (; word != 0; word &= word - 1) {
      const auto* fields = brought + static_cast<std::size_t>(std::countr_zero(word)) * blocks_;
      now_ |= fields[block_];
      for (auto i = block_ + 1; i < blocks_; ++i) later_[i] |= fields[i];
    }
  }

  const Step* steps_;  // of the block at hand
  const std::uint64_t* masks_;
  std::uint64_t now_ = 0;  // fields of the block at hand that are still to come
  std::size_t block_ = 0;
  std::size_t blocks_ = 0;
  std::array<std::uint64_t, Combinator::max_fields / 64> later_;  // the same of blocks behind it
};

}  // namespace tl

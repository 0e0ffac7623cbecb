// An update of an account's log, in memory: its number, its bytes, and its text, which is made once
// for all who want it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "tl/bytes.hpp"
#include "tl/schema.hpp"

namespace server::named {

class JournalEntry {
 public:
  JournalEntry(std::int64_t number, std::int64_t layer, tl::Bytes body)
      : number_(number), layer_(layer), body_(std::move(body)) {}

  std::int64_t number() const { return number_; }
  std::int64_t layer() const { return layer_; }  // of the body
  const tl::Bytes& body() const { return body_; }

  // The value of `message` in notation plain; none: it can't be read in that scheme. The first call
  // decides; in one thread.
  std::shared_ptr<const std::string> plain(const tl::Schema&) const;

 private:
  std::int64_t number_;
  std::int64_t layer_;
  tl::Bytes body_;
  mutable bool read_ = false;
  mutable std::shared_ptr<const std::string> plain_;
};

using EntryPointer = std::shared_ptr<const JournalEntry>;

}  // namespace server::named

// An update of an account's log, in memory: its number, its bytes, and its text, which is made once
// for all who are told of it in one turn.
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

  // Its members as write_logged_update() has them. Made by the first call and kept for the next, in
  // one thread, until it is forgotten.
  std::shared_ptr<const std::string> plain(const tl::Schema* schema) const;
  void forget_plain() const { plain_.reset(); }

 private:
  std::int64_t number_;
  std::int64_t layer_;
  tl::Bytes body_;
  mutable std::shared_ptr<const std::string> plain_;
};

using EntryPointer = std::shared_ptr<const JournalEntry>;

}  // namespace server::named

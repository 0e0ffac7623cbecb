// The API of the simulation: what its requests, answers and updates look like in bytes, all of them
// numbered, so that both ends know which is which.
//
//   call    kind 4 | number 4 | filler      also inside the prefix and invokeAfterMsg(s)
//   answer  answer_id 4 | number 4 | filler,  or rpc_error with the number as its text
//   update  update_id 4 | number 4
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mtproto/ids.hpp"
#include "tl/bytes.hpp"

namespace simulation {

using tl::Bytes;
using tl::ByteView;
using Number = std::uint32_t;

enum class Kind : std::uint8_t {
  read,     // may be repeated
  effect,   // carries a random_id: may be repeated, is done once
  once,     // must not be repeated
  ping,     // a service request with an answer …
  salts,    // …
  destroy,  // …
  note,     // one without
};
inline constexpr std::uint32_t read_id = 0x11e5ead0;
inline constexpr std::uint32_t effect_id = 0x22effec7;
inline constexpr std::uint32_t once_id = 0x330ca110;
inline constexpr std::uint32_t answer_id = 0xa05e0000;
inline constexpr std::uint32_t update_id = 0xdddd0000;
inline constexpr std::uint32_t prefix_id = 0xda9b0d0d;

Bytes prefix();
Bytes write_call(Kind kind, Number number, std::size_t filler);
Bytes write_answer(Number number, std::size_t filler);
Bytes write_error(Number number, const std::string& text);
Bytes write_update(Number number);

struct Call {
  Kind kind = Kind::read;
  Number number = 0;
  bool wrapped = false;
  std::vector<mtproto::MessageId> after;
};
std::optional<Call> read_call(ByteView body);
// Of an answer or an error.
std::optional<Number> number_of_answer(ByteView body);
std::optional<Number> number_of_update(ByteView body);
const char* name_of(Kind kind);

}  // namespace simulation

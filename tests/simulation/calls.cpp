#include "tests/simulation/calls.hpp"

#include <charconv>

#include "mtproto/message/service_rpc.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace simulation {
namespace {

constexpr std::int32_t layer = 214;
constexpr std::uint32_t invoke_after_msg = 0xcb9f372d;
constexpr std::uint32_t invoke_after_msgs = 0x3dc4b4f0;
constexpr std::size_t most_after = 64;

std::uint32_t id_of(Kind kind) {
  switch (kind) {
    case Kind::effect:
      return effect_id;
    case Kind::once:
      return once_id;
    default:
      return read_id;
  }
}

// Every second one packs well.
void fill(Bytes& out, Number number, std::size_t words) {
  tl::Writer write(out);
  auto value = number * 2654435761U;
  for (std::size_t i = 0; i < words; ++i) {
    write.nat(value);
    if (number % 2 == 1) value = value * 1664525U + 1013904223U;
  }
}

Bytes numbered(std::uint32_t id, Number number, std::size_t filler) {
  Bytes out;
  out.reserve(8 + filler * 4);
  tl::Writer(out).nat(id).nat(number);
  fill(out, number, filler);
  return out;
}

}  // namespace

Bytes prefix() {
  Bytes out;
  tl::Writer(out).nat(prefix_id).int32(layer);
  return out;
}

Bytes write_call(Kind kind, Number number, std::size_t filler) {
  return numbered(id_of(kind), number, filler);
}

Bytes write_answer(Number number, std::size_t filler) {
  return numbered(answer_id, number, filler);
}

Bytes write_error(Number number, const std::string& text) {
  const auto whole = std::to_string(number) + " " + text;
  return mtproto::write_service(mtproto::RpcError{400, Bytes(whole.begin(), whole.end())});
}

Bytes write_update(Number number) { return numbered(update_id, number, 2); }

std::optional<Call> read_call(ByteView body) {
  Call call;
  tl::Reader in(body);
  if (in.peek() == prefix_id) {
    call.wrapped = true;
    in.nat();
    in.int32();
  }
  std::size_t after = 0;
  if (in.peek() == invoke_after_msg) {
    in.nat();
    after = 1;
  } else if (in.peek() == invoke_after_msgs) {
    in.nat();
    after = in.count(true, 8);
  }
  if (after > most_after) return {};
  for (; after > 0; --after) {
    call.after.push_back(mtproto::MessageId(static_cast<std::uint64_t>(in.int64())));
  }
  switch (in.nat()) {
    case read_id:
      call.kind = Kind::read;
      break;
    case effect_id:
      call.kind = Kind::effect;
      break;
    case once_id:
      call.kind = Kind::once;
      break;
    default:
      return {};
  }
  call.number = in.nat();
  if (!in) return {};
  return call;
}

std::optional<Number> number_of_answer(ByteView body) {
  tl::Reader in(body);
  if (in.peek() == answer_id) {
    in.nat();
    const auto number = in.nat();
    return in ? std::optional(number) : std::nullopt;
  }
  const auto error = mtproto::read_service<mtproto::RpcError>(body);
  if (!error) return {};
  const auto text = tl::as_text(error->error_message);
  Number number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

std::optional<Number> number_of_update(ByteView body) {
  tl::Reader in(body);
  if (in.nat() != update_id) return {};
  const auto number = in.nat();
  return in ? std::optional(number) : std::nullopt;
}

const char* name_of(Kind kind) {
  constexpr const char* names[] = {"read", "effect", "once", "ping", "salts", "destroy", "note"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace simulation

#include "tl/codec.hpp"
#include "tl/encoder.hpp"

namespace tl {
namespace {

template <class Walk>
Result<Encoding, Problem> run(const Schema& schema, const EncodeOptions& options, Bytes& out,
                              const Walk& walk) {
  const auto start = out.size();
  Encoder encoder(schema, options, out);
  if (walk(encoder)) return std::move(encoder.encoding());
  out.resize(start);
  return std::move(encoder.problem());
}

}  // namespace

Result<Encoding, Problem> encode(const Schema& schema, const Value& value,
                                 const EncodeOptions& options, Bytes& out) {
  return run(schema, options, out, [&](Encoder& encoder) { return encoder.whole(value); });
}

Result<Encoding, Problem> encode_as(const Schema& schema, TypeRef due, const Value& value,
                                    const EncodeOptions& options, Bytes& out) {
  return run(schema, options, out, [&](Encoder& encoder) {
    return due.kind == Kind::any ? encoder.whole(value) : encoder.value(due, value, Place{});
  });
}

}  // namespace tl

// What a request may leave out, and what stands for it. server/API.md, "What may be left out".
#include "tl/drawn_number.hpp"
#include "tl/encoder.hpp"

namespace tl {

bool Encoder::absent(const Combinator& combinator, const Field& field, const Place& place,
                     std::size_t base) {
  const auto refused = [&] {
    return wrong_scheme(place, std::string(combinator.name) + " wants the field `" +
                                   std::string(field.name) + "`; " + schema_.describe(field.type) +
                                   " is due");
  };
  // Of several fields that hang on one flag, all are there or none.
  if (!options_.defaults || field.conditional()) return refused();
  switch (field.absent) {
    case Absent::refused:
      return refused();
    case Absent::zero:
      if (field.type.kind == Kind::int64) {
        writer_.int64(0);
      } else {
        writer_.int32(0);  // of a string: no bytes, and the padding
      }
      return true;
    case Absent::random:
      return options_.random != nullptr ? draw(combinator, field, base) : refused();
    case Absent::settings: {
      const Member name{"_cons", Value::string("codeSettings")};
      return boxed(field.type, Value::object({&name, 1}), place);
    }
  }
  return refused();
}

bool Encoder::draw(const Combinator& combinator, const Field& field, std::size_t base) {
  const auto next = [&] { return drawn_number(*options_.random); };
  if (field.type.kind == Kind::int32) {
    const auto drawn = static_cast<std::int32_t>(next());
    encoding_.drawn.push_back(drawn);
    writer_.int32(drawn);
    return true;
  }
  std::size_t count = 1;
  if (field.type.kind == Kind::vector) {
    count = 0;
    for (std::size_t i = 0; i < combinator.fields.size(); ++i) {
      const auto* member = slots_[base + i];
      if (combinator.fields[i].name != "id" || member == nullptr) continue;
      if (const auto* ids = vector_items(member->value)) count = ids->items().size();
    }
    const auto written = static_cast<std::uint32_t>(count);
    field.type.bare_vector ? writer_.nat(written) : writer_.vector(written);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto drawn = next();
    encoding_.drawn.push_back(drawn);
    writer_.int64(drawn);
  }
  return true;
}

}  // namespace tl

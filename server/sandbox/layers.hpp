// The schemes that there are, and values made fit for one of them: the world is rendered in the
// newest layer's words, and a layer gets what it has words for.
#pragma once

#include <optional>
#include <vector>

#include "server/sandbox/sandbox.hpp"
#include "tl/codec.hpp"
#include "tl/value.hpp"

namespace server::sandbox {

class LayerBook {
 public:
  // At least one is loaded; where the shelf has it, too, it is not read.
  explicit LayerBook(std::vector<Layer> layers, Shelf shelf = {});

  // That layer, or else the nearest below it, or else the nearest above.
  Layer pick(std::int32_t number);
  const Layer& standard() const { return layers_.front(); }

 private:
  std::vector<Layer> layers_;
  Shelf shelf_;  // of what is not loaded
};

// `value` without what the scheme has no word for: unknown fields go, and optional fields and
// items of vectors whose value does not fit. None where what is required does not.
std::optional<tl::Value> fit(const tl::Schema& schema, tl::TypeRef due, const tl::Value& value,
                             const tl::Builder& make);

// The bytes of an answer or an update. False where the scheme has no words for it.
bool write(const tl::Schema& schema, tl::TypeRef due, const tl::Value& value,
           const tl::Builder& make, tl::Bytes& out);

}  // namespace server::sandbox

#include "tl/reader.hpp"

namespace tl {

bool Reader::boolean() {
  const auto id = peek();
  if (id != bool_true_id && id != bool_false_id) {
    fail();
    return false;
  }
  at_ += 4;
  return id == bool_true_id;
}

std::uint32_t Reader::count(bool boxed, std::size_t item) {
  if (boxed) expect(vector_id);
  if (left() >= 4 && peek() <= (left() - 4) / (item == 0 ? 1 : item)) return nat();
  fail();
  return 0;
}

void Reader::expect(std::uint32_t id) {
  if (left() >= 4 && peek() == id) {
    at_ += 4;
  } else {
    fail();
  }
}

}  // namespace tl

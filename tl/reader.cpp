#include "tl/reader.hpp"

namespace tl {

ByteView Reader::bytes() {
  const auto start = at_;
  auto fail_at_start = [&]() -> ByteView {
    ok_ = false;
    at_ = start;
    return {};
  };
  auto head = raw(4);
  if (!ok_) return fail_at_start();
  std::size_t size = head[0];
  std::size_t header = 1;
  if (size == 255) return fail_at_start();
  if (size == 254) {
    size = static_cast<std::size_t>(head[1]) | static_cast<std::size_t>(head[2]) << 8 |
           static_cast<std::size_t>(head[3]) << 16;
    header = 4;
  }
  const auto whole = (header + size + 3) & ~std::size_t{3};
  at_ = start;
  const auto data = raw(whole);
  if (!ok_) return fail_at_start();
  return data.subspan(header, size);
}

bool Reader::boolean() {
  const auto start = at_;
  const auto id = nat();
  if (!ok_) return false;
  if (id != bool_true_id && id != bool_false_id) {
    at_ = start;
    ok_ = false;
  }
  return id == bool_true_id;
}

std::uint32_t Reader::count(bool boxed, std::size_t item) {
  if (boxed) expect(vector_id);
  const auto start = at_;
  const auto n = nat();
  if (!ok_) return 0;
  if (n > left() / (item == 0 ? 1 : item)) {
    at_ = start;
    ok_ = false;
    return 0;
  }
  return n;
}

void Reader::expect(std::uint32_t id) {
  if (ok_ && left() >= 4 && peek() == id) {
    at_ += 4;
  } else {
    ok_ = false;
  }
}

std::uint32_t Reader::peek() const {
  std::uint32_t word = 0;
  if (left() >= sizeof word) std::memcpy(&word, bytes_.data() + at_, sizeof word);
  return word;
}

void Reader::fail() { ok_ = false; }

}  // namespace tl

#include "tests/server/counted_new.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace {

constexpr std::ptrdiff_t head = sizeof(std::size_t);

thread_local std::size_t count = 0;
thread_local std::ptrdiff_t held = 0;
thread_local std::ptrdiff_t most_held = 0;

std::ptrdiff_t size_of(void* at) {
  return at == nullptr ? 0 : static_cast<std::ptrdiff_t>(::malloc_usable_size(at)) + head;
}

void* counted(void* at) {
  ++count;
  held += size_of(at);
  most_held = std::max(most_held, held);
  return at;
}

void give_back(void* at) {
  held -= size_of(at);
  std::free(at);
}

}  // namespace

std::size_t support::allocations() { return count; }
std::ptrdiff_t support::bytes_held() { return held; }
std::ptrdiff_t support::most_bytes_held() { return std::exchange(most_held, held); }

void* operator new(std::size_t size) {
  auto* const at = counted(std::malloc(size == 0 ? 1 : size));
  if (at == nullptr) throw std::bad_alloc();
  return at;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(std::malloc(size == 0 ? 1 : size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto to = static_cast<std::size_t>(alignment);
  auto* const at = counted(std::aligned_alloc(to, (size + to - 1) / to * to));
  if (at == nullptr) throw std::bad_alloc();
  return at;
}
void operator delete(void* at) noexcept { give_back(at); }
void operator delete(void* at, std::size_t) noexcept { give_back(at); }
void operator delete(void* at, std::align_val_t) noexcept { give_back(at); }
void operator delete(void* at, std::size_t, std::align_val_t) noexcept { give_back(at); }

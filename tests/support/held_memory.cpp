#include "tests/support/held_memory.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> held = 0;

void* counted(void* at) noexcept {
  if (at != nullptr) held.fetch_add(malloc_usable_size(at), std::memory_order_relaxed);
  return at;
}

void* counted_or_throw(void* at) {
  if (counted(at) == nullptr) throw std::bad_alloc();
  return at;
}

void* aligned(std::size_t size, std::align_val_t alignment) {
  const auto to = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(to, (size + to - 1) / to * to);
}

void give_back(void* at) noexcept {
  if (at != nullptr) held.fetch_sub(malloc_usable_size(at), std::memory_order_relaxed);
  std::free(at);
}

}  // namespace

std::size_t support::held_memory() { return held.load(std::memory_order_relaxed); }

// The forms for arrays, and those that throw nothing, call these.
void* operator new(std::size_t size) { return counted_or_throw(std::malloc(size == 0 ? 1 : size)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(std::malloc(size == 0 ? 1 : size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted_or_throw(aligned(size, alignment));
}
void operator delete(void* at) noexcept { give_back(at); }
void operator delete(void* at, std::size_t) noexcept { give_back(at); }
void operator delete(void* at, std::align_val_t) noexcept { give_back(at); }
void operator delete(void* at, std::size_t, std::align_val_t) noexcept { give_back(at); }

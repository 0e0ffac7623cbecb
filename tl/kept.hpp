// What is copied to where it lives as long as the arena does.
#pragma once

#include <cstring>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>

namespace tl {

inline std::string_view kept_text(std::pmr::memory_resource& arena, std::string_view text) {
  if (text.empty()) return "";
  auto* to = static_cast<char*>(arena.allocate(text.size(), 1));
  std::memcpy(to, text.data(), text.size());
  return {to, text.size()};
}

template <class T>
std::span<const T> kept_list(std::pmr::memory_resource& arena, std::span<const T> list) {
  static_assert(std::is_trivially_destructible_v<T>);
  auto* to = static_cast<T*>(arena.allocate(list.size() * sizeof(T), alignof(T)));
  std::uninitialized_copy(list.begin(), list.end(), to);
  return {to, list.size()};
}

}  // namespace tl

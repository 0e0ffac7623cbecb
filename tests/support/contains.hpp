// The matcher that looks for a part of a text, under one name in both versions of Catch2.
#pragma once

#include <catch2/catch.hpp>
#include <string>

namespace support {

inline auto contains(const std::string& part) {
#if CATCH_VERSION_MAJOR >= 3
  return Catch::Matchers::ContainsSubstring(part);
#else
  return Catch::Matchers::Contains(part);
#endif
}

}  // namespace support

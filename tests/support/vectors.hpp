// Vectors from tests/data/*.txt: one `name = value` a line, `#` begins a comment line.
#pragma once

#include <fstream>
#include <map>
#include <stdexcept>
#include <string>

#include "tests/support/hex.hpp"
#include "tests/support/places.hpp"

namespace support {

class Vectors {
 public:
  explicit Vectors(const std::string& file) {
    std::ifstream in(support::data_folder() + "/" + file);
    if (!in) throw std::runtime_error("no such file of vectors: " + file);
    for (std::string line; std::getline(in, line);) {
      const auto equals = line.find(" = ");
      if (line.empty() || line[0] == '#' || equals == std::string::npos) continue;
      values_[line.substr(0, equals)] = line.substr(equals + 3);
    }
  }

  const std::string& text(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) throw std::runtime_error("no such vector: " + name);
    return found->second;
  }
  tl::Bytes bytes(const std::string& name) const { return unhex(text(name)); }
  template <std::size_t N>
  std::array<std::uint8_t, N> array(const std::string& name) const {
    const auto from = bytes(name);
    if (from.size() != N) throw std::runtime_error("another length: " + name);
    std::array<std::uint8_t, N> out{};
    std::copy(from.begin(), from.end(), out.begin());
    return out;
  }

 private:
  std::map<std::string, std::string> values_;
};

// The bytes first, first + 1, … last.
inline tl::Bytes sequence(int first, int last) {
  tl::Bytes out;
  for (int byte = first; byte <= last; ++byte) out.push_back(static_cast<std::uint8_t>(byte));
  return out;
}

inline tl::Bytes operator+(tl::Bytes a, const tl::Bytes& b) {
  tl::append(a, b);
  return a;
}

}  // namespace support

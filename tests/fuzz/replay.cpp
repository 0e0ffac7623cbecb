// The seeds of every target (among them what once went wrong), each as it is, cut short and with
// bytes changed: the same every time.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "tests/fuzz/support.hpp"

namespace fuzz {
namespace {

constexpr int cuts = 8;
constexpr int changes = 24;

Bytes read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

void replay(const char* name, Target target) {
  std::vector<std::filesystem::path> seeds;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(FUZZ_SEEDS "/") + name)) {
    seeds.push_back(entry.path());
  }
  REQUIRE(!seeds.empty());
  std::ranges::sort(seeds);
  std::mt19937_64 random(seeds.size());
  target({});
  for (const auto& seed : seeds) {
    INFO(seed.filename().string());
    const auto bytes = read(seed);
    target(bytes);
    if (bytes.empty()) continue;
    for (int i = 0; i < cuts; ++i) target(ByteView(bytes).first(random() % bytes.size()));
    for (int i = 0; i < changes; ++i) {
      auto changed = bytes;
      changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
      target(changed);
    }
    CHECK(!bytes.empty());
  }
}

}  // namespace fuzz

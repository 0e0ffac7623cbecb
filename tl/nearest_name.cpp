#include "tl/nearest_name.hpp"

#include <algorithm>
#include <array>

namespace tl {
namespace {

constexpr std::size_t max_size = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

NearestName::NearestName(std::string_view wrong)
    : wrong_(wrong.size() <= max_size ? wrong : std::string_view{}),
      best_distance_(wrong_.size() / 3 + 2) {
  std::transform(wrong_.begin(), wrong_.end(), wrong_.begin(), lower);
}

void NearestName::offer(std::string_view known) {
  if (wrong_.empty()) return;
  auto found = distance(known);
  // A method called without its namespace is a slip of its own.
  const auto dot = known.rfind('.');
  if (dot != std::string_view::npos && wrong_.find('.') == std::string::npos) {
    found = std::min(found, distance(known.substr(dot + 1)) + 1);
  }
  if (found < best_distance_) {
    best_distance_ = found;
    best_ = known;
  }
}

std::string NearestName::hint() const {
  return best_.empty() ? std::string() : "; the nearest known is \"" + best_ + "\"";
}

// Levenshtein's, one row at a time.
std::size_t NearestName::distance(std::string_view known) const {
  if (known.size() > max_size) return max_size;
  const auto difference =
      known.size() > wrong_.size() ? known.size() - wrong_.size() : wrong_.size() - known.size();
  if (difference >= best_distance_) return difference;
  std::array<std::size_t, max_size + 1> row{};
  for (std::size_t i = 0; i <= wrong_.size(); ++i) row[i] = i;
  for (std::size_t k = 0; k < known.size(); ++k) {
    auto diagonal = row[0];
    row[0] = k + 1;
    for (std::size_t i = 1; i <= wrong_.size(); ++i) {
      const auto above = row[i];
      const auto change = diagonal + (wrong_[i - 1] == lower(known[k]) ? 0 : 1);
      row[i] = std::min({change, above + 1, row[i - 1] + 1});
      diagonal = above;
    }
  }
  return row[wrong_.size()];
}

}  // namespace tl

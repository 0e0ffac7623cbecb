// "did you mean …": the known name that is nearest to one that is not. Edit distance, blind to
// case; only near ones are told.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tl {

class NearestName {
 public:
  explicit NearestName(std::string_view wrong);

  void offer(std::string_view known);
  // The nearest offered, or "".
  std::string_view best() const { return best_; }
  // `; the nearest is "known"`, or "".
  std::string hint() const;

 private:
  std::size_t distance(std::string_view known) const;

  std::string wrong_;  // in lower case; empty where it is too long to compare
  std::string best_;
  std::size_t best_distance_;
};

}  // namespace tl

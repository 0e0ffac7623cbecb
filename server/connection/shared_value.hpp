// A value that most of those who have one have alike: held once, and copied by who changes it.
#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace server {

template <class T>
class SharedValue {
 public:
  SharedValue(T value) : value_(std::make_shared<const T>(std::move(value))) {}
  explicit SharedValue(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  // A copy; of what is not another afterwards none.
  template <class Change>
  void change(Change change) {
    auto copy = *value_;
    change(copy);
    if constexpr (std::equality_comparable<T>) {
      if (copy == *value_) return;
    }
    value_ = std::make_shared<const T>(std::move(copy));
  }
  // The very same.
  bool operator==(const SharedValue&) const = default;

 private:
  std::shared_ptr<const T> value_;
};

}  // namespace server

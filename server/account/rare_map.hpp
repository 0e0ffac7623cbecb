// A map that mostly holds nothing, of which each account has several: one word then, where std::map
// takes six.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace server::account {

template <class Key, class Value, class Less = std::less<Key>>
class RareMap {
  using Map = std::map<Key, Value, Less>;

 public:
  using iterator = typename Map::iterator;

  RareMap() = default;
  RareMap(RareMap&&) noexcept = default;
  RareMap(const RareMap& other) : map_(other.map_ ? std::make_unique<Map>(*other.map_) : nullptr) {}
  RareMap& operator=(RareMap other) noexcept {
    map_ = std::move(other.map_);
    return *this;
  }
  ~RareMap() = default;

  bool empty() const { return map_ == nullptr; }
  std::size_t size() const { return map_ ? map_->size() : 0; }

  auto begin() { return map_ ? map_->begin() : iterator(); }
  auto end() { return map_ ? map_->end() : iterator(); }
  auto begin() const { return map_ ? map_->cbegin() : typename Map::const_iterator(); }
  auto end() const { return map_ ? map_->cend() : typename Map::const_iterator(); }
  template <class Named>
  auto find(const Named& key) {
    return map_ ? map_->find(key) : iterator();
  }
  template <class Named>
  auto find(const Named& key) const {
    return map_ ? std::as_const(*map_).find(key) : typename Map::const_iterator();
  }

  // Replaces what stands under that key.
  Value& put(Key key, Value value) {
    if (!map_) map_ = std::make_unique<Map>();
    return map_->insert_or_assign(std::move(key), std::move(value)).first->second;
  }
  void erase(iterator at) {
    map_->erase(at);
    tidy();
  }
  template <class Is>
  void erase_if(Is is) {
    if (!map_) return;
    std::erase_if(*map_, is);
    tidy();
  }
  void clear() { map_.reset(); }

 private:
  void tidy() {
    if (map_->empty()) map_.reset();
  }

  std::unique_ptr<Map> map_;  // none: it is empty
};

}  // namespace server::account

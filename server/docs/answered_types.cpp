#include "server/docs/answered_types.hpp"

#include <cstdint>

namespace server::docs {
namespace {

class Walk {
 public:
  explicit Walk(const tl::Schema& schema)
      : schema_(schema), found_(schema.combinators().size(), false) {}

  std::vector<bool> run() {
    for (const auto& combinator : schema_.first_source()) {
      if (combinator.is_function) visit(combinator.result);
    }
    if (const auto updates = schema_.find_type("Updates")) visit(*updates);
    while (!due_.empty()) {
      const auto place = due_.back();
      due_.pop_back();
      for (const auto& field : schema_.combinator(place).fields) visit(field.type);
    }
    return std::move(found_);
  }

 private:
  void visit(tl::TypeRef ref) {
    while (ref.kind == tl::Kind::vector) ref = schema_.element(ref.index);
    if (ref.kind == tl::Kind::bare) add(ref.index);
    if (ref.kind != tl::Kind::boxed) return;
    for (const auto place : schema_.type(ref.index).constructors) add(place);
  }
  void add(std::uint32_t place) {
    if (found_[place]) return;
    found_[place] = true;
    due_.push_back(place);
  }

  const tl::Schema& schema_;
  std::vector<bool> found_;
  std::vector<std::uint32_t> due_;
};

}  // namespace

std::vector<bool> answered(const tl::Schema& schema) { return Walk(schema).run(); }

}  // namespace server::docs

#include "server/http/scheme_pages.hpp"

#include <utility>

#include "server/docs/scheme_json.hpp"
#include "server/docs/types_d_ts.hpp"
#include "server/http/file_types.hpp"

namespace server::http {

SchemePages::SchemePages(std::shared_ptr<const Schemes> schemes,
                         std::shared_ptr<const docs::SchemeDocs> docs)
    : schemes_(std::move(schemes)), docs_(std::move(docs)) {
  for (const auto& scheme : schemes_->all()) slots_[scheme.layer];
}

std::optional<Page> SchemePages::Slot::get() const {
  const std::lock_guard lock(guard);
  return page;
}

SchemePages::Slot* SchemePages::slot(Kind kind, int layer) const {
  const auto found = slots_.find(layer);
  return found == slots_.end() ? nullptr : &found->second[static_cast<std::size_t>(kind)];
}

std::optional<Page> SchemePages::ready(Kind kind, int layer) const {
  const auto* one = slot(kind, layer);
  return one == nullptr ? std::nullopt : one->get();
}

std::optional<Page> SchemePages::make(Kind kind, int layer) const {
  auto* one = slot(kind, layer);
  const auto* scheme = schemes_->find(layer);
  if (one == nullptr || scheme == nullptr) return {};
  const std::lock_guard lock(one->making);
  if (auto page = one->get()) return page;
  auto page = produce(kind, *scheme);
  const std::lock_guard put(one->guard);
  one->page = std::move(page);
  return one->page;
}

Page SchemePages::produce(Kind kind, const Scheme& scheme) const {
  switch (kind) {
    case Kind::json:
      return make_page(type::json, docs::scheme_json(*schemes_, scheme, docs_.get()));
    case Kind::tl:
      return make_page(type::text, scheme.text == nullptr ? std::string() : *scheme.text);
    case Kind::types:
      break;
  }
  return make_page(type::text, docs::types_d_ts(scheme, docs_.get()));
}

}  // namespace server::http

#include "server/site/scheme_pages.hpp"

#include <utility>

#include "server/docs/openapi.hpp"
#include "server/docs/scheme_json.hpp"
#include "server/docs/types_d_ts.hpp"
#include "server/site/file_types.hpp"

namespace server::site {
namespace {

// What a scheme's text is multiplied to while a page is made of it and of the descriptions, by
// measurement: 6.6 MB for the 0.28 MB of layer 228.
constexpr std::size_t growth = 24;

}  // namespace

SchemePages::SchemePages(std::shared_ptr<const Schemes> schemes, MemoryMeter& memory,
                         std::shared_ptr<const docs::SchemeDocs> docs)
    : memory_(memory), schemes_(std::move(schemes)), docs_(std::move(docs)) {
  for (const auto& scheme : schemes_->all()) slots_[scheme.layer];
  if (docs_) count(docs_->size());
}

SchemePages::~SchemePages() { memory_.give(kept_); }

void SchemePages::count(std::size_t bytes) const {
  memory_.take(bytes);
  kept_ += bytes;
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

tl::Result<Page, NoPage> SchemePages::make(Kind kind, int layer) const {
  auto* one = slot(kind, layer);
  const auto* scheme = schemes_->find(layer);
  if (one == nullptr || scheme == nullptr) return NoPage::unknown_layer;
  const std::lock_guard lock(one->making);
  if (auto page = one->get()) return std::move(*page);
  MemoryShare room(memory_);
  if (scheme->text && !room.try_resize(growth * scheme->text->size())) return NoPage::no_room;
  auto page = produce(kind, *scheme);
  count(page.body->capacity() + (page.gzip ? page.gzip->capacity() : 0));
  const std::lock_guard put(one->guard);
  one->page = page;
  return page;
}

Page SchemePages::produce(Kind kind, const Scheme& scheme) const {
  switch (kind) {
    case Kind::json:
      return make_long_page(type::json, docs::scheme_json(*schemes_, scheme, docs_.get()));
    case Kind::tl:
      return make_long_page(type::text, scheme.text == nullptr ? std::string() : *scheme.text);
    case Kind::openapi:
      return make_long_page(type::json, docs::openapi(scheme, docs_.get(), docs::OpenApi::v3_1));
    case Kind::openapi_twin:
      return make_long_page(type::json, docs::openapi(scheme, docs_.get(), docs::OpenApi::v3_0));
    case Kind::types:
      break;
  }
  return make_long_page(type::text, docs::types_d_ts(scheme, docs_.get()));
}

}  // namespace server::site

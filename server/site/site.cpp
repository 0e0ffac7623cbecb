#include "server/site/site.hpp"

namespace server::site {

Site::Site(const Options& options, std::shared_ptr<const Schemes> schemes, MemoryMeter& memory)
    : files_(options.web.empty() ? ConsoleFiles() : ConsoleFiles(options.web)),
      memory_(memory),
      schemes_(std::move(schemes)) {}

bool Site::has(int layer) const {
  std::lock_guard lock(mutex_);
  return schemes_->find(layer) != nullptr;
}

int Site::first_layer() const {
  std::lock_guard lock(mutex_);
  return schemes_->first().layer;
}

std::optional<Page> Site::ready(Kind kind, int layer) const {
  std::lock_guard lock(mutex_);
  return pages_ ? pages_->ready(kind, layer) : std::nullopt;
}

tl::Result<Page, NoPage> Site::make(Kind kind, int layer) {
  std::shared_ptr<const Schemes> schemes;
  std::shared_ptr<const SchemePages> pages;
  {
    std::lock_guard lock(mutex_);
    schemes = schemes_;
    pages = pages_;
  }
  if (!pages) {
    pages = std::make_shared<const SchemePages>(schemes, memory_, docs::load_scheme_docs(*schemes));
    std::lock_guard lock(mutex_);
    if (pages_) {
      pages = pages_;  // somebody was quicker
    } else if (schemes_ == schemes) {
      pages_ = pages;
    }
  }
  return pages->make(kind, layer);
}

void Site::set_schemes(std::shared_ptr<const Schemes> schemes) {
  std::lock_guard lock(mutex_);
  schemes_ = std::move(schemes);
  pages_.reset();
}

}  // namespace server::site

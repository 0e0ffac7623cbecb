// What the gateway shows over HTTP that is not about a client: the console's files, and pages made
// of the loaded schemes. Any thread may ask.
#pragma once

#include <memory>
#include <mutex>

#include "server/config/options.hpp"
#include "server/site/console_files.hpp"
#include "server/site/scheme_pages.hpp"

namespace server::site {

class Site {
 public:
  using Kind = SchemePages::Kind;

  // What is made and kept is on the meter.
  Site(const Options&, std::shared_ptr<const Schemes>, MemoryMeter&);

  std::optional<Page> file(std::string_view path) const { return files_.find(path); }

  // None where the layer is not loaded.
  bool has(int layer) const;
  int first_layer() const;
  // A page of a scheme if it was made already.
  std::optional<Page> ready(Kind, int layer) const;
  // The same, made now: takes a while, the first time longer (descriptions are read).
  tl::Result<Page, NoPage> make(Kind, int layer);
  // From now on; those who are being answered keep what they have.
  void set_schemes(std::shared_ptr<const Schemes>);

 private:
  ConsoleFiles files_;
  MemoryMeter& memory_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Schemes> schemes_;
  std::shared_ptr<const SchemePages> pages_;  // none until somebody asked
};

}  // namespace server::site

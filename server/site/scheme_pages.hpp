// The pages that are made of the loaded schemes, each once, when it is first asked for. One object
// a snapshot of schemes; any thread may ask.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "server/config/schemes.hpp"
#include "server/docs/scheme_docs.hpp"
#include "server/metering/memory_meter.hpp"
#include "server/site/page.hpp"
#include "tl/result.hpp"

namespace server::site {

enum class NoPage { unknown_layer, no_room };

class SchemePages {
 public:
  enum class Kind { json, tl, types, openapi, openapi_twin };
  static constexpr std::size_t kinds = 5;

  // What it keeps is on the meter. `docs` may be null.
  SchemePages(std::shared_ptr<const Schemes> schemes, MemoryMeter& memory,
              std::shared_ptr<const docs::SchemeDocs> docs = nullptr);
  SchemePages(const SchemePages&) = delete;
  SchemePages& operator=(const SchemePages&) = delete;
  ~SchemePages();

  bool has(int layer) const { return schemes_->find(layer) != nullptr; }
  int first_layer() const { return schemes_->first().layer; }

  // The page if it was made already; costs nothing.
  std::optional<Page> ready(Kind, int layer) const;
  // The page, made now where it was not: tens of milliseconds, so not on a thread that serves
  // connections. Who comes meanwhile waits for the same one.
  tl::Result<Page, NoPage> make(Kind, int layer) const;

 private:
  struct Slot {
    std::mutex making;
    mutable std::mutex guard;  // of `page`; never held for long
    std::optional<Page> page;
    std::optional<Page> get() const;
  };

  Slot* slot(Kind, int layer) const;
  Page produce(Kind, const Scheme&) const;
  void count(std::size_t bytes) const;

  MemoryMeter& memory_;
  mutable std::atomic<std::size_t> kept_ = 0;  // bytes
  std::shared_ptr<const Schemes> schemes_;
  std::shared_ptr<const docs::SchemeDocs> docs_;
  mutable std::map<int, std::array<Slot, kinds>> slots_;  // its shape is settled in the constructor
};

}  // namespace server::site

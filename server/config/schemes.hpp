// The schemes that were loaded, one a layer; an immutable snapshot, swapped as a whole when SIGHUP
// reads the files again.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tl/result.hpp"
#include "tl/schema.hpp"

namespace server {

struct Scheme {
  int layer = 0;
  std::string file;
  std::shared_ptr<const tl::Schema> schema;
  std::shared_ptr<const std::string> text;  // of the file, as it was read
};

class Schemes {
 public:
  explicit Schemes(std::vector<Scheme> all) : all_(std::move(all)) {}

  // What a connection speaks that chose none: the file that was named first.
  const Scheme& first() const { return all_.front(); }
  const Scheme* find(int layer) const;
  const std::vector<Scheme>& all() const { return all_; }
  std::string layers() const;  // "227, 228"

 private:
  std::vector<Scheme> all_;
};

// Reads `files` (empty: the api.tl beside the program or installed), each together with
// mtproto.tl; `layer` is for a file that names none. Files of the service messages among them, as
// projects with split schemes have them, are left out, which is a warning. The error is a sentence
// for people.
tl::Result<std::shared_ptr<const Schemes>, std::string> load_schemes(
    const std::vector<std::string>& files, std::optional<int> layer,
    std::vector<std::string>* warnings = nullptr);

// The same from texts: `mtproto` is the service messages' scheme.
tl::Result<std::shared_ptr<const Schemes>, std::string> parse_schemes(
    std::vector<tl::SchemaSource> sources, tl::SchemaSource mtproto, std::optional<int> layer,
    std::vector<std::string>* warnings = nullptr);

// The files of all layers that the build or scheme/add-layer put beside the program, by number: to
// be read when they are wanted.
std::map<int, std::string> layers_at_hand();
// One of those files. The error is a sentence for people.
tl::Result<std::shared_ptr<const tl::Schema>, std::string> read_layer(const std::string& file);

// The path of a file of ours: beside the program (a build folder), or installed.
std::optional<std::string> find_own(const std::string& name);

}  // namespace server

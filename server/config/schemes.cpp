#include "server/config/schemes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "server/config/scheme_file.hpp"

namespace server {
namespace {

namespace fs = std::filesystem;

// As a person would write it from where they stand.
std::string shown(const fs::path& path) {
  std::error_code failed;
  const auto relative = fs::proximate(path, failed);
  if (failed || relative.empty() || *relative.begin() == "..") return path.string();
  return relative.string();
}

// Where our own files lie: beside the program (a build folder), or installed.
std::vector<fs::path> own_folders() {
  std::error_code failed;
  const auto program = fs::read_symlink("/proc/self/exe", failed).parent_path();
  if (failed) return {};
  return {program / "scheme", (program / ".." / "share" / "streamjson").lexically_normal()};
}

std::optional<fs::path> find_file(const std::string& name, const fs::path& also) {
  auto folders = own_folders();
  if (!also.empty()) folders.push_back(also);
  std::error_code failed;
  for (const auto& folder : folders) {
    if (fs::exists(folder / name, failed)) return folder / name;
  }
  return {};
}

std::string where(const tl::SchemaProblem& problem) {
  return problem.file + ":" + std::to_string(problem.line) + ": " + problem.text;
}

// N of layer-N.tl.
std::optional<int> layer_of(const fs::path& file) {
  const auto name = file.stem().string();
  constexpr std::string_view prefix = "layer-";
  if (file.extension() != ".tl" || !name.starts_with(prefix)) return {};
  int number = 0;
  const auto [end, wrong] =
      std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
  if (wrong != std::errc() || end != name.data() + name.size() || number <= 0) return {};
  return number;
}

// N of `// LAYER N`, the first line of what the build makes.
std::optional<int> said_layer(const fs::path& file) {
  std::ifstream in(file);
  std::string slashes, word;
  int number = 0;
  if (!(in >> slashes >> word >> number) || slashes != "//" || word != "LAYER") return {};
  return number;
}

}  // namespace

std::optional<std::string> find_own(const std::string& name) {
  if (const auto found = find_file(name, {})) return found->string();
  return {};
}

std::map<int, std::string> layers_at_hand() {
  std::map<int, std::string> out;
  if (const auto built = find_file("api.tl", {})) {
    if (const auto number = said_layer(*built)) out.emplace(*number, built->string());
  }
  for (const auto& folder : own_folders()) {
    std::error_code failed;
    for (const auto& file : fs::directory_iterator(folder / "layers", failed)) {
      if (const auto number = layer_of(file.path())) out.emplace(*number, file.path().string());
    }
  }
  return out;
}

tl::Result<std::shared_ptr<const tl::Schema>, std::string> read_layer(const std::string& file) {
  auto text = config::read_scheme_file(file);
  if (!text) return text.error();
  const std::array<tl::SchemaSource, 1> source{{{shown(file), std::move(*text)}}};
  auto schema = tl::Schema::parse(source);
  if (!schema) return where(schema.error());
  return std::move(*schema);
}

const Scheme* Schemes::find(int layer) const {
  for (const auto& scheme : all_) {
    if (scheme.layer == layer) return &scheme;
  }
  return nullptr;
}

std::string Schemes::layers() const {
  std::string out;
  for (const auto& scheme : all_) {
    if (!out.empty()) out += ", ";
    out += std::to_string(scheme.layer);
  }
  return out;
}

namespace {

// Reads the sources one after the other, and keeps those that are schemes of the API.
class SchemeReader {
 public:
  SchemeReader(tl::SchemaSource mtproto, std::optional<int> layer,
               std::vector<std::string>* warnings)
      : layer_(layer), warnings_(warnings) {
    both_[1] = std::move(mtproto);
  }

  // What is wrong, or nothing.
  std::optional<std::string> add(tl::SchemaSource said) {
    auto& source = both_[0];
    source = std::move(said);
    if (auto wrong = config::no_tl(source)) return wrong;
    std::vector<tl::SchemaProblem> odd;
    auto schema = tl::Schema::parse(both_, &odd);
    if (!schema) return where(schema.error());
    if (auto wrong = config::no_api(source.file, **schema)) return wrong;
    if (config::only_service_messages(**schema)) {
      left_out_ = source.file;
      warn(source.file + " holds MTProto's service messages, which streamjson knows; left out");
      return {};
    }
    warn_of(source.file, odd);
    return keep(std::move(source), std::move(*schema));
  }

  tl::Result<std::vector<Scheme>, std::string> take() {
    if (all_.empty()) {
      return left_out_ + " holds MTProto's service messages alone; name the scheme of the API, too";
    }
    if (layer_ && !layer_used_) {
      const auto& first = all_.front();
      warn("--layer " + std::to_string(*layer_) + " is for a file that does not say its layer; " +
           first.file + " says " + std::to_string(first.layer));
    }
    return std::move(all_);
  }

 private:
  std::optional<std::string> keep(tl::SchemaSource source,
                                  std::shared_ptr<const tl::Schema> schema) {
    const auto number = schema->layer() ? schema->layer() : layer_;
    if (!number) {
      return source.file +
             " does not say which layer it is (there is no line `// LAYER N`); say it with --layer";
    }
    if (number == layer_) layer_used_ = true;
    for (const auto& scheme : all_) {
      if (scheme.layer == *number) {
        return source.file + " and " + scheme.file + " are both layer " + std::to_string(*number);
      }
    }
    all_.push_back({*number, source.file, std::move(schema),
                    std::make_shared<const std::string>(std::move(source.text))});
    return {};
  }

  // An old file may have hundreds of ids that its texts do not give.
  void warn_of(const std::string& file, const std::vector<tl::SchemaProblem>& odd) {
    constexpr std::size_t most = 10;
    for (std::size_t i = 0; i < std::min(odd.size(), most); ++i) warn(where(odd[i]));
    if (odd.size() > most) {
      warn(file + ": " + std::to_string(odd.size() - most) + " more oddities like these");
    }
  }

  void warn(std::string text) {
    if (warnings_ != nullptr) warnings_->push_back(std::move(text));
  }

  std::array<tl::SchemaSource, 2> both_;  // the one that is read, and the service messages'
  std::optional<int> layer_;
  bool layer_used_ = false;
  std::vector<std::string>* warnings_;
  std::vector<Scheme> all_;
  std::string left_out_;
};

}  // namespace

tl::Result<std::shared_ptr<const Schemes>, std::string> parse_schemes(
    std::vector<tl::SchemaSource> sources, tl::SchemaSource mtproto, std::optional<int> layer,
    std::vector<std::string>* warnings) {
  SchemeReader reader(std::move(mtproto), layer, warnings);
  for (auto& source : sources) {
    if (const auto wrong = reader.add(std::move(source))) return *wrong;
  }
  auto all = reader.take();
  if (!all) return all.error();
  return std::make_shared<const Schemes>(std::move(*all));
}

tl::Result<std::shared_ptr<const Schemes>, std::string> load_schemes(
    const std::vector<std::string>& files, std::optional<int> layer,
    std::vector<std::string>* warnings) {
  std::vector<fs::path> paths(files.begin(), files.end());
  if (paths.empty()) {
    const auto found = find_file("api.tl", {});
    if (!found) {
      return std::string(
          "there is no api.tl beside the program or installed; name one with --scheme");
    }
    paths.push_back(*found);
  }
  std::vector<tl::SchemaSource> sources;
  for (const auto& path : paths) {
    auto text = config::read_scheme_file(path);
    if (!text) return text.error();
    sources.push_back({shown(path), std::move(*text)});
  }
  const auto own = find_file("mtproto.tl", paths.front().parent_path());
  if (!own) return std::string("there is no mtproto.tl beside the program or installed");
  auto text = config::read_scheme_file(*own);
  if (!text) return text.error();
  return parse_schemes(std::move(sources), {shown(*own), std::move(*text)}, layer, warnings);
}

}  // namespace server

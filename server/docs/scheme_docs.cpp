#include "server/docs/scheme_docs.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "server/account/migration.hpp"
#include "tl/json_reader.hpp"

namespace server::docs {
namespace {

namespace fs = std::filesystem;

// Its texts, the values around them and the tables, against the file: by measurement.
constexpr std::size_t growth = 2;

// What the gateway gives as `_name` of such an error: FLOOD_WAIT for "FLOOD_WAIT_%d".
std::string error_name(std::string_view pattern) {
  std::string message(pattern);
  const auto number = message.find("%d");
  if (number == message.npos) return message;
  auto name = account::name_error(message.replace(number, 2, "1"));
  return name.value ? std::move(name.name) : std::string(pattern);
}

std::optional<fs::path> find_docs(const Schemes& schemes) {
  constexpr auto name = "api.docs.json";
  std::error_code failed;
  const auto beside = fs::path(schemes.first().file).parent_path() / name;
  if (fs::is_regular_file(beside, failed)) return beside;
  return find_own(name);
}

std::optional<std::string> read_docs(const fs::path& path) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed || size > SchemeDocs::max_size) return {};
  std::string text(size, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(text.data(), static_cast<std::streamsize>(size))) return {};
  return text;
}

}  // namespace

std::string_view CombinatorDoc::field(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view() : found->second;
}

SchemeDocs::Combinators SchemeDocs::combinators(const tl::Value& of) {
  Combinators out;
  for (const auto& [name, value] : of.members()) {
    auto& doc = out[name];
    doc.description = value["description"].text();
    doc.available = value["available"].text();
    for (const auto& field : value["fields"].members()) {
      doc.fields[field.key] = field.value.text();
    }
    for (const auto& error : value["errors"].items()) {
      doc.errors.push_back({static_cast<int>(error["code"].as_int64().value_or(0)),
                            error_name(error["name"].text()), error["description"].text()});
    }
  }
  return out;
}

tl::Result<std::shared_ptr<const SchemeDocs>, std::string> SchemeDocs::parse(
    std::string_view text) {
  auto docs = std::make_shared<SchemeDocs>();
  docs->size_ = growth * text.size();
  tl::JsonError error;
  const auto root = tl::read_json(text, docs->arena_, &error);
  if (!root) {
    return "is no JSON: " + error.text + " at byte " + std::to_string(error.position);
  }
  if (!root->is_object()) return std::string("holds no JSON object");
  for (const auto& [name, value] : (*root)["types"].members()) docs->types_[name] = value.text();
  docs->constructors_ = combinators((*root)["constructors"]);
  docs->methods_ = combinators((*root)["methods"]);
  return {boost::system::in_place_value, std::move(docs)};
}

std::string_view SchemeDocs::type(std::string_view name) const {
  const auto found = types_.find(name);
  return found == types_.end() ? std::string_view() : found->second;
}

const CombinatorDoc* SchemeDocs::constructor(std::string_view name) const {
  const auto found = constructors_.find(name);
  return found == constructors_.end() ? nullptr : &found->second;
}

const CombinatorDoc* SchemeDocs::method(std::string_view name) const {
  const auto found = methods_.find(name);
  return found == methods_.end() ? nullptr : &found->second;
}

std::shared_ptr<const SchemeDocs> load_scheme_docs(const Schemes& schemes,
                                                   std::vector<std::string>* warnings) {
  const auto path = find_docs(schemes);
  if (!path) return nullptr;
  const auto refuse = [&](const std::string& why) -> std::shared_ptr<const SchemeDocs> {
    if (warnings != nullptr) {
      warnings->push_back(path->string() + " " + why +
                          "; the scheme is served without descriptions");
    }
    return nullptr;
  };
  const auto text = read_docs(*path);
  if (!text) return refuse("can't be read, or is no file of at most 64 MiB");
  auto docs = SchemeDocs::parse(*text);
  return docs ? *docs : refuse(docs.error());
}

}  // namespace server::docs

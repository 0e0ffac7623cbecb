#include "server/docs/scheme_docs.hpp"

#include <catch2/catch.hpp>

#include "tests/server/docs/small_schemes.hpp"
#include "tests/support/temporary_folder.hpp"

using server::docs::SchemeDocs;

namespace {

std::shared_ptr<const server::Schemes> lying_in(const support::TemporaryFolder& folder) {
  const auto small = support::small_schemes();
  auto scheme = small->first();
  scheme.file = (folder.path() / "api.tl").string();
  return std::make_shared<const server::Schemes>(std::vector{scheme});
}

std::string problem(std::string_view text) {
  const auto parsed = SchemeDocs::parse(text);
  return parsed ? "-" : parsed.error();
}

}  // namespace

TEST_CASE("descriptions are found by kind and name") {
  const auto docs = support::parsed_docs(support::small_docs);
  CHECK(docs->type("User") == "Some <b>user</b>");
  CHECK(docs->type("user").empty());
  REQUIRE(docs->constructor("user") != nullptr);
  CHECK(docs->constructor("user")->field("id") == "Its id");
  CHECK(docs->constructor("user")->field("name").empty());
  CHECK(docs->constructor("users.get") == nullptr);
  REQUIRE(docs->method("users.get") != nullptr);
  CHECK(docs->method("users.get")->available == "bot");
  CHECK(docs->method("user") == nullptr);
}

TEST_CASE("an error has the name under which the gateway tells of it") {
  const auto docs = support::parsed_docs(support::small_docs);
  std::string names;
  for (const auto& error : docs->method("users.get")->errors) {
    names += std::to_string(error.code) + " " + error.name + ", ";
  }
  CHECK(names ==
        "400 USER_INVALID, 420 FLOOD_WAIT, 420 FLOOD_WAIT, 400 FILE_X_GONE, 406 WAIT_%dMIN, ");
}

TEST_CASE("descriptions that are none give a sentence") {
  CHECK(problem("") != "-");
  CHECK(problem("{\"layer\":7").find("is no JSON") == 0);
  CHECK(problem("[]") == "holds no JSON object");
  CHECK(problem(std::string(1000, '[')).find("is no JSON") == 0);
}

TEST_CASE("descriptions of other shapes are taken as far as they go") {
  const auto docs = support::parsed_docs(
      R"({"types":[1],"constructors":{"user":5,"b":{"description":1,"fields":"x"}},)"
      R"("methods":{"c":{"errors":[1,{"code":"x"}],"fields":{"a":null}}}})");
  CHECK(docs->constructor("user")->description.empty());
  CHECK(docs->method("c")->errors.size() == 2);
  CHECK(docs->method("c")->field("a").empty());
}

TEST_CASE("the file lies beside the first scheme's") {
  const support::TemporaryFolder folder;
  folder.write("api.docs.json", R"({"types":{"User":"from the folder"}})");
  std::vector<std::string> warnings;
  const auto docs = server::docs::load_scheme_docs(*lying_in(folder), &warnings);
  REQUIRE(docs != nullptr);
  CHECK(docs->type("User") == "from the folder");
  CHECK(warnings.empty());
}

TEST_CASE("a broken file is a warning that names it") {
  const support::TemporaryFolder folder;
  const auto file = folder.write("api.docs.json", "{\"types\":");
  std::vector<std::string> warnings;
  CHECK(server::docs::load_scheme_docs(*lying_in(folder), &warnings) == nullptr);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find(file.string()) == 0);
  std::filesystem::resize_file(file, SchemeDocs::max_size + 1);
  CHECK(server::docs::load_scheme_docs(*lying_in(folder), &warnings) == nullptr);
  CHECK(warnings.size() == 2);
}

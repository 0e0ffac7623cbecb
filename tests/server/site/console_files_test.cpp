#include "server/site/console_files.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "server/site/embedded_files.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_folder.hpp"

using server::site::ConsoleFiles;
namespace fs = std::filesystem;

namespace {

std::string body(const ConsoleFiles& files, std::string_view path) {
  const auto page = files.find(path);
  return page ? *page->body : "-";
}

std::string type(const ConsoleFiles& files, std::string_view path) {
  const auto page = files.find(path);
  return page ? std::string(page->type) : "-";
}

// What stands in `quote`s behind each `before` in `text`.
std::vector<std::string> quoted_behind(std::string before, char quote, std::string_view text) {
  std::vector<std::string> out;
  before += quote;
  for (auto at = text.find(before); at != text.npos; at = text.find(before, at)) {
    at += before.size();
    out.emplace_back(text.substr(at, text.find(quote, at) - at));
  }
  return out;
}

// The paths that a file leads to. The modules import with single quotes; double ones are in
// examples that they show.
std::vector<std::string> references(const std::string& path, std::string_view text) {
  const bool page = path.ends_with(".html");
  std::vector<std::string> found;
  for (const auto* before : {"from ", "import ", "import(", "href=", "src="}) {
    for (auto& name : quoted_behind(before, page ? '"' : '\'', text)) {
      const bool local = name.starts_with('/') || name.starts_with("./") || name.starts_with("../");
      if (local) found.push_back((fs::path(path).parent_path() / name).lexically_normal().string());
    }
  }
  return found;
}

}  // namespace

TEST_CASE("the console that is compiled in is what lies in web/, but for the version") {
  const auto with_version = [](std::string text) {
    constexpr std::string_view mark = "%VERSION%";
    const auto at = text.find(mark);
    return at == text.npos ? text : text.replace(at, mark.size(), STREAMJSON_VERSION);
  };
  const ConsoleFiles embedded;
  const fs::path web(support::data_folder() + "/../../web");
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(web)) {
    const auto name = entry.path().lexically_relative(web).string();
    const bool packs = name == "package.json" || name == "pack.mjs" || name == "README.md";
    if (!entry.is_regular_file() || packs) continue;
    INFO(name);
    auto lies = support::read_file(entry.path().string());
    if (name == "index.html") lies = with_version(std::move(lies));
    CHECK(body(embedded, "/" + name) == lies);
    ++count;
  }
  CHECK(count > 20);
  CHECK(server::site::embedded_files().size() == count);
  CHECK(body(embedded, "/") == body(embedded, "/index.html"));
  CHECK(body(embedded, "/").find("data-version=\"" STREAMJSON_VERSION "\"") != std::string::npos);
}

TEST_CASE("everything that index.html leads to is there") {
  const ConsoleFiles files;
  std::set<std::string> seen{"/index.html"};
  std::vector<std::string> due{"/index.html"};
  while (!due.empty()) {
    const auto path = due.back();
    due.pop_back();
    INFO(path);
    const auto page = files.find(path);
    REQUIRE(page);
    if (!path.ends_with(".js") && !path.ends_with(".html")) continue;
    for (auto& next : references(path, *page->body)) {
      if (seen.insert(next).second) due.push_back(next);
    }
  }
  CHECK(seen.size() > 20);
  CHECK(seen.contains("/style.css"));
  CHECK(seen.contains("/explorer/view.js"));
}

TEST_CASE("each file has its type, texts say that they are UTF-8") {
  const ConsoleFiles files;
  CHECK(type(files, "/") == "text/html; charset=utf-8");
  CHECK(type(files, "/app.js") == "text/javascript; charset=utf-8");
  CHECK(type(files, "/style.css") == "text/css; charset=utf-8");
  CHECK(type(files, "/icon.svg") == "image/svg+xml; charset=utf-8");
  CHECK(type(files, "/client.d.ts") == "text/plain; charset=utf-8");
}

TEST_CASE("what the console is not made of is not there") {
  const ConsoleFiles files;
  for (const auto* path : {"", "app.js", "/package.json", "/README.md", "/nothing.js", "/signin",
                           "/signin/", "//app.js", "/./app.js", "/signin/../app.js"}) {
    INFO(path);
    CHECK(!files.find(path));
  }
}

TEST_CASE("a folder's files are read at each request") {
  const support::TemporaryFolder folder;
  folder.write("index.html", "one");
  folder.write("deep/er/a.js", "two");
  const ConsoleFiles files(folder.path());
  const auto before = files.find("/");
  REQUIRE(before);
  CHECK(*before->body == "one");
  CHECK(body(files, "/deep/er/a.js") == "two");
  folder.write("index.html", "three");
  CHECK(body(files, "/") == "three");
  CHECK(files.find("/")->etag != before->etag);
}

TEST_CASE("no path leads out of a folder") {
  const support::TemporaryFolder around;
  around.write("secret.js", "secret");
  around.write("web-beside/x.js", "secret");
  around.write("web/a.js", "a");
  around.write("web/in/b.js", "b");
  const ConsoleFiles files(around.path() / "web");
  REQUIRE(body(files, "/in/b.js") == "b");
  const std::string inside = "/in/../a.js";
  const std::string nul("/a.js\0.js", 9);
  const std::string absolute = "/" + (around.path() / "secret.js").string();
  for (const std::string& path :
       {std::string("/../secret.js"), std::string("/in/../../secret.js"), inside, nul, absolute,
        std::string("/..\\secret.js"), std::string("/../web-beside/x.js"), std::string("//a.js"),
        std::string("/./a.js"), std::string("/a.js/"), std::string("a.js"), std::string(),
        "/" + std::string(100000, 'x') + ".js", "/" + std::string(900, 'x') + ".js"}) {
    INFO(path.substr(0, 80));
    CHECK(!files.find(path));
  }
}

TEST_CASE("a symbolic link counts where it ends inside the folder") {
  const support::TemporaryFolder around;
  around.write("secret.js", "secret");
  around.write("web-beside/x.js", "secret");
  around.write("web/a.js", "a");
  const auto web = around.path() / "web";
  fs::create_symlink(around.path() / "secret.js", web / "out.js");
  fs::create_directory_symlink(around.path() / "web-beside", web / "beside");
  fs::create_symlink("a.js", web / "same.js");
  fs::create_symlink("loop.js", web / "loop.js");
  fs::create_directory_symlink(web, around.path() / "other-name");
  const ConsoleFiles files(web);
  CHECK(body(files, "/same.js") == "a");
  CHECK(!files.find("/out.js"));
  CHECK(!files.find("/beside/x.js"));
  CHECK(!files.find("/loop.js"));
  CHECK(body(ConsoleFiles(around.path() / "other-name"), "/a.js") == "a");
}

TEST_CASE("of a folder only regular files of our types are served, hidden ones never") {
  const support::TemporaryFolder folder;
  folder.write("key.pem", "x");
  folder.write(".hidden.js", "x");
  folder.write(".git/a.js", "x");
  fs::create_directory(folder.path() / "folder.js");
  REQUIRE(::mkfifo((folder.path() / "pipe.js").c_str(), 0600) == 0);
  const ConsoleFiles files(folder.path());
  for (const auto* path :
       {"/key.pem", "/.hidden.js", "/.git/a.js", "/folder.js", "/pipe.js", "/none.js", "/"}) {
    INFO(path);
    CHECK(!files.find(path));
  }
  CHECK(!ConsoleFiles(folder.path() / "nowhere").find("/a.js"));
}

TEST_CASE("a file in a folder has at most 16 MiB") {
  const support::TemporaryFolder folder;
  const auto file = folder.write("a.js", "x");
  const ConsoleFiles files(folder.path());
  fs::resize_file(file, ConsoleFiles::max_size);
  CHECK(files.find("/a.js"));
  fs::resize_file(file, ConsoleFiles::max_size + 1);
  CHECK(!files.find("/a.js"));
}

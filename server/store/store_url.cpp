#include "server/store/store_url.hpp"

#include "server/store/postgres_library.hpp"

namespace server::store {
namespace {

constexpr std::string_view due =
    "sqlite:PATH, sqlite:PATH?synchronous=normal, sqlite::memory: or postgresql://… is due";

StoreError bad(std::string text) { return {StoreErrc::bad_address, std::move(text)}; }

StoreResult<StoreUrl> read_sqlite(std::string_view rest) {
  StoreUrl out;
  if (rest == ":memory:") {
    out.shown = "sqlite::memory:";
    return out;
  }
  const auto mark = rest.find('?');
  const auto path = rest.substr(0, mark);
  if (mark != rest.npos) {
    const auto setting = rest.substr(mark + 1);
    if (setting != "synchronous=full" && setting != "synchronous=normal") {
      return bad("behind the file's name ?synchronous=full or ?synchronous=normal may stand");
    }
    out.synchronous = setting == "synchronous=full";
  }
  if (path.empty()) return bad("a file's name is due behind sqlite:");
  if (path.find('\0') != path.npos) return bad("no file's name has a zero byte in it");
  out.path = path;
  out.shown = "sqlite:" + out.path;
  return out;
}

// Host, port and database; who asks, and how they prove it, is nobody's business.
StoreResult<StoreUrl> read_postgres(std::string_view text) {
  StoreUrl out;
  out.engine = StoreUrl::Engine::postgres;
  out.text = text;
  const auto library = postgres_library();
  if (!library) return library.error();
  // Its own words would repeat what it could not read.
  auto* options = (*library)->PQconninfoParse(out.text.c_str(), nullptr);
  if (options == nullptr) {
    return bad("PostgreSQL's client library can't read this postgresql:// URL");
  }
  std::string host, port, name;
  for (const auto* option = options; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword = option->keyword;
    if (keyword == "host" || (keyword == "hostaddr" && host.empty())) host = option->val;
    if (keyword == "port") port = option->val;
    if (keyword == "dbname") name = option->val;
  }
  (*library)->PQconninfoFree(options);
  out.shown = "postgresql://" + host + (port.empty() ? "" : ":" + port) + "/" + name;
  return out;
}

}  // namespace

StoreResult<StoreUrl> read_store_url(std::string_view text) {
  constexpr std::string_view sqlite = "sqlite:";
  if (text.starts_with(sqlite)) return read_sqlite(text.substr(sqlite.size()));
  if (text.find('\0') == text.npos &&
      (text.starts_with("postgresql://") || text.starts_with("postgres://"))) {
    return read_postgres(text);
  }
  return bad(std::string(due));
}

}  // namespace server::store

#include "server/store/sqlite_database.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace server::store {
namespace {

// How long somebody else may hold the file.
constexpr int patience_ms = 5'000;

StoreErrc named(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return StoreErrc::full;
    case SQLITE_READONLY:
      return StoreErrc::read_only;
    case SQLITE_PERM:
      return StoreErrc::read_only;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StoreErrc::unavailable;
    case SQLITE_CANTOPEN:
      return StoreErrc::bad_address;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StoreErrc::damaged;
    default:
      return StoreErrc::failed;
  }
}

// For its owner alone, before SQLite makes it by the usual mode; what is beside it goes by this one.
StoreStatus make_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  const auto code = errno == EROFS || errno == EACCES || errno == EPERM ? StoreErrc::read_only
                    : errno == ENOSPC                                   ? StoreErrc::full
                                                                        : StoreErrc::bad_address;
  return StoreError{code, path + ": " + std::generic_category().message(errno)};
}

int bind(sqlite3_stmt* statement, int at, const Parameter::Any& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, at, *number);
  }
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    // Nothing at all would be NULL.
    const char* data = text->empty() ? "" : text->data();
    return sqlite3_bind_text64(statement, at, data, text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  if (const auto* blob = std::get_if<tl::ByteView>(&value)) {
    if (blob->empty()) return sqlite3_bind_zeroblob(statement, at, 0);
    return sqlite3_bind_blob64(statement, at, blob->data(), blob->size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, at);
}

int bind_all(sqlite3_stmt* statement, Parameters parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto name = "$" + std::to_string(i + 1);
    const int at = sqlite3_bind_parameter_index(statement, name.c_str());
    const int code = at == 0 ? SQLITE_RANGE : bind(statement, at, parameters[i].value());
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

Cell cell_of(sqlite3_stmt* statement, int column) {
  const int type = sqlite3_column_type(statement, column);
  if (type == SQLITE_INTEGER) return Cell(sqlite3_column_int64(statement, column));
  if (type != SQLITE_BLOB && type != SQLITE_TEXT) return {};
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  return Cell(tl::ByteView(bytes, bytes == nullptr ? 0 : size));
}

int step_all(sqlite3_stmt* statement, std::vector<Row>& rows) {
  const int columns = sqlite3_column_count(statement);
  for (;;) {
    const int code = sqlite3_step(statement);
    if (code != SQLITE_ROW) return code;
    auto& row = rows.emplace_back();
    for (int i = 0; i < columns; ++i) row.push_back(cell_of(statement, i));
  }
}

}  // namespace

StoreResult<std::unique_ptr<Database>> SqliteDatabase::open(const StoreUrl& url) {
  std::unique_ptr<SqliteDatabase> out(new SqliteDatabase());
  if (!url.in_memory()) {
    if (const auto made = make_file(url.path); !made) return made.error();
  }
  if (const auto ready = out->set_up(url); !ready) {
    auto error = ready.error();
    error.text = url.shown + ": " + error.text;
    return error;
  }
  return out;
}

StoreStatus SqliteDatabase::set_up(const StoreUrl& url) {
  sqlite3* opened = nullptr;
  // A path that begins with "file:" or ':' is a path.
  const auto name = url.in_memory()             ? std::string(":memory:")
                    : url.path.starts_with('/') ? url.path
                                                : "./" + url.path;
  const int code =
      sqlite3_open_v2(name.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(opened);
  if (code != SQLITE_OK) return error();
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_timeout(opened, patience_ms);
  for (const auto& [setting, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                       {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                       {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                       {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                       {SQLITE_DBCONFIG_DQS_DML, 0}}) {
    sqlite3_db_config(opened, setting, value, nullptr);
  }
  const auto* synchronous =
      url.synchronous ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
  for (const auto* sql :
       {"PRAGMA journal_mode = WAL", synchronous, "PRAGMA secure_delete = FAST"}) {
    if (const auto done = run(sql, {}); !done) return done.error();
  }
  return {};
}

StoreResult<Answer> SqliteDatabase::run(std::string_view sql, Parameters parameters) {
  const auto statement = prepared(sql);
  if (!statement) return statement.error();
  Answer out;
  int code = bind_all(*statement, parameters);
  if (code == SQLITE_OK) code = step_all(*statement, out.rows);
  std::optional<StoreError> why;
  if (code != SQLITE_DONE) why = error();
  sqlite3_reset(*statement);
  sqlite3_clear_bindings(*statement);
  if (why) return std::move(*why);
  out.changed = sqlite3_changes64(database_.get());
  return out;
}

StoreResult<sqlite3_stmt*> SqliteDatabase::prepared(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) {
    return found->second.get();
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return error();
  statements_.emplace(sql, Statement(statement));
  return statement;
}

StoreStatus SqliteDatabase::begin(Mode mode) {
  // To write at once: who reads first and then writes could be refused in between.
  const auto done = run(mode == Mode::write ? "BEGIN IMMEDIATE" : "BEGIN", {});
  if (!done) return done.error();
  return {};
}

StoreStatus SqliteDatabase::commit() {
  const auto done = run("COMMIT", {});
  if (!done) return done.error();
  return {};
}

void SqliteDatabase::roll_back() {
  // Some failures have done it already.
  if (sqlite3_get_autocommit(database_.get()) == 0) (void)run("ROLLBACK", {});
}

// There is one writer at a time, whatever it writes.
StoreStatus SqliteDatabase::claim(Claim) { return {}; }

StoreResult<bool> SqliteDatabase::has_table(std::string_view name) {
  const Parameter parameters[] = {name};
  const auto found =
      run("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", parameters);
  if (!found) return found.error();
  return !found->rows.empty();
}

StoreResult<std::string> SqliteDatabase::check() {
  const auto said = run("PRAGMA integrity_check(1)", {});
  if (!said) return said.error();
  const auto& rows = said->rows;
  if (rows.empty() || rows[0][0].text() == "ok") return std::string();
  return "SQLite's integrity_check: " + std::string(rows[0][0].text());
}

StoreStatus SqliteDatabase::purge() {
  for (const auto* sql : {"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"}) {
    if (const auto done = run(sql, {}); !done) return done.error();
  }
  return {};
}

StoreError SqliteDatabase::error() const {
  if (!database_) return {StoreErrc::failed, "there is no memory for SQLite"};
  auto* database = database_.get();
  const auto code = named(sqlite3_extended_errcode(database));
  std::string text = sqlite3_errmsg(database);
  if (code == StoreErrc::full) text += ": there is no room for it";
  if (code == StoreErrc::unavailable) text += ": another program has held it for 5 s";
  return {code, std::move(text)};
}

}  // namespace server::store

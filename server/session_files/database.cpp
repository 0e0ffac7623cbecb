#include "server/session_files/database.hpp"

#include "server/session_files/sqlite_memory.hpp"

namespace server::session_files {
namespace {

constexpr int longest_value = 1 << 20;
// Of a thousand instructions each: what finds one row among tens of thousands.
constexpr int most_steps = 5'000;
constexpr int instructions_a_step = 1'000;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

// Reading tables, and nothing else.
int only_reading(void*, int action, const char*, const char*, const char*, const char*) {
  return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

int count_step(void* steps) { return ++*static_cast<int*>(steps) > most_steps ? 1 : 0; }

// What SQLite says of a failure in general: its longer texts hold parts of the file.
std::string why(int code) { return std::string("as a SQLite database: ") + sqlite3_errstr(code); }

Statement prepare(sqlite3* database, const std::string& sql, int* code = nullptr) {
  sqlite3_stmt* statement = nullptr;
  const int said =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != nullptr) *code = said;
  return Statement(statement);
}

Cell cell_of(sqlite3_stmt* statement, int column) {
  Cell out;
  const int type = sqlite3_column_type(statement, column);
  if (type == SQLITE_INTEGER) out.number = sqlite3_column_int64(statement, column);
  if (type == SQLITE_BLOB || type == SQLITE_TEXT) {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    out.bytes.emplace(tl::ByteView(bytes, bytes == nullptr ? 0 : size));
  }
  return out;
}

}  // namespace

Database::Database(DatabaseFiles files)
    : vfs_(std::make_unique<MemoryVfs>(std::move(files))), steps_(std::make_unique<int>(0)) {}

Outcome<Database> Database::open(DatabaseFiles files) {
  start_sqlite();
  Database out(std::move(files));
  if (const int code = out.set_up(); code != SQLITE_OK) return why(code);
  return out;
}

int Database::set_up() {
  sqlite3* opened = nullptr;
  // To be written, since a log is read and a change taken back by writing; which is in memory.
  const int code =
      sqlite3_open_v2(MemoryVfs::database_name, &opened, SQLITE_OPEN_READWRITE, vfs_->name());
  database_.reset(opened);
  if (code != SQLITE_OK) return code;
  for (const auto& [setting, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                       {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                       {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                       {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                       {SQLITE_DBCONFIG_DQS_DML, 0},
                                       {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1}}) {
    sqlite3_db_config(opened, setting, value, nullptr);
  }
  sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, longest_value);
  sqlite3_limit(opened, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_progress_handler(opened, instructions_a_step, count_step, steps_.get());
  // Of one user, so that a log needs no shared memory: before it is looked at.
  const char* settings = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY";
  if (const int said = sqlite3_exec(opened, settings, nullptr, nullptr, nullptr); said != 0) {
    return said;
  }
  sqlite3_set_authorizer(opened, only_reading, nullptr);
  int prepared = SQLITE_OK;
  prepare(opened, "SELECT type FROM sqlite_master LIMIT 1", &prepared);
  return prepared;
}

// Not a virtual one, which would run a module on what the file says.
bool Database::has_table(const std::string& name) {
  const auto found =
      rows("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '" + name + "'", 1);
  return found && !found->empty() &&
         tl::as_text(found->front()[0].view()).starts_with("CREATE TABLE ");
}

bool Database::has_column(const std::string& table, const std::string& column) {
  return prepare(database_.get(), "SELECT " + column + " FROM " + table) != nullptr;
}

Outcome<std::vector<std::vector<Cell>>> Database::rows(const std::string& select,
                                                       std::size_t most) {
  int code = SQLITE_OK;
  const auto statement = prepare(database_.get(), select, &code);
  if (code != SQLITE_OK) return why(code);
  std::vector<std::vector<Cell>> out;
  while (out.size() < most) {
    code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) break;
    if (code != SQLITE_ROW) return why(code);
    auto& row = out.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
      row.push_back(cell_of(statement.get(), i));
    }
  }
  return out;
}

}  // namespace server::session_files

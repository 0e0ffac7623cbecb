#include "server/store/postgres_database.hpp"

#include <cstring>

namespace server::store {
namespace {

// Of pg_type, for ever.
constexpr Oid of_int8 = 20, of_int4 = 23, of_int2 = 21, of_bool = 16;

// Any number that others hardly choose: who migrates, rekeys and writes keys meets here.
constexpr const char* claim_alone = "SELECT pg_advisory_xact_lock(7308332045905949552)";
constexpr const char* claim_shared = "SELECT pg_advisory_xact_lock_shared(7308332045905949552)";

struct Default {
  const char* keyword;
  const char* value;
};
// What holds where the URL does not say: a server that fell silent is given up in seconds.
constexpr Default defaults[] = {{"connect_timeout", "5"},   {"tcp_user_timeout", "10000"},
                                {"keepalives_idle", "10"},  {"keepalives_interval", "5"},
                                {"keepalives_count", "2"},  {"application_name", "streamjson"},
                                {"client_encoding", "UTF8"}};

std::int64_t big_endian(const char* bytes, int size) {
  std::int64_t out = static_cast<signed char>(bytes[0]);
  for (int i = 1; i < size; ++i) out = out * 256 + static_cast<unsigned char>(bytes[i]);
  return out;
}

// libpq's own texts have several lines.
std::string one_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string out;
  for (const char c : text) {
    if (c != '\t') out += c == '\n' ? ' ' : c;
  }
  return out;
}

// Arguments as libpq takes them: numbers as text, all else as bytes.
struct Arguments {
  explicit Arguments(Parameters parameters) {
    const auto count = parameters.size();
    texts.resize(count);
    for (std::size_t i = 0; i < count; ++i) add(parameters[i].value(), texts[i]);
  }

  void add(const Parameter::Any& value, std::string& text) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number != nullptr) {
      text = std::to_string(*number);
      return put(text, 0);
    }
    if (const auto* view = std::get_if<std::string_view>(&value)) return put(*view, 1);
    if (const auto* blob = std::get_if<tl::ByteView>(&value)) return put(tl::as_text(*blob), 1);
    values.push_back(nullptr);
    lengths.push_back(0);
    formats.push_back(0);
  }

  void put(std::string_view bytes, int format) {
    values.push_back(bytes.empty() ? "" : bytes.data());
    lengths.push_back(static_cast<int>(bytes.size()));
    formats.push_back(format);
  }

  std::vector<std::string> texts;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
};

void ignore_notice(void*, const PGresult*) {}

}  // namespace

StoreErrc named_sqlstate(std::string_view state) {
  if (state == "53100") return StoreErrc::full;
  if (state == "25006") return StoreErrc::read_only;
  if (state == "42501") return StoreErrc::read_only;  // insufficient_privilege
  if (state.starts_with("XX")) return StoreErrc::damaged;
  for (const auto* away : {"08", "53", "57", "40", "55P03", "58"}) {
    if (state.starts_with(away)) return StoreErrc::unavailable;
  }
  return StoreErrc::failed;
}

StoreResult<std::unique_ptr<Database>> PostgresDatabase::open(const StoreUrl& url) {
  const auto library = postgres_library();
  if (!library) return library.error();
  std::unique_ptr<PostgresDatabase> out(new PostgresDatabase(**library));
  if (const auto ready = out->connect(url); !ready) {
    auto error = ready.error();
    error.text = url.shown + ": " + error.text;
    return error;
  }
  return out;
}

StoreStatus PostgresDatabase::connect(const StoreUrl& url) {
  auto* options = pq_.PQconninfoParse(url.text.c_str(), nullptr);
  if (options == nullptr) return StoreError{StoreErrc::bad_address, "libpq can't read its URL"};
  // Of a keyword that stands there twice the last counts.
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : defaults) {
    keywords.push_back(keyword);
    values.push_back(value);
  }
  for (const auto* option = options; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    keywords.push_back(option->keyword);
    values.push_back(option->val);
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  connection_.reset(pq_.PQconnectdbParams(keywords.data(), values.data(), 0));
  pq_.PQconninfoFree(options);
  if (!connection_ || pq_.PQstatus(connection_.get()) != CONNECTION_OK) return error(own(nullptr));
  pq_.PQsetNoticeReceiver(connection_.get(), ignore_notice, nullptr);
  return {};
}

StoreResult<Answer> PostgresDatabase::run(std::string_view sql, Parameters parameters) {
  const auto name = prepared(sql);
  if (!name) return name.error();
  const Arguments arguments(parameters);
  const auto result = own(pq_.PQexecPrepared(
      connection_.get(), (*name)->c_str(), static_cast<int>(parameters.size()),
      arguments.values.data(), arguments.lengths.data(), arguments.formats.data(), 1));
  if (!succeeded(result)) return error(result);
  Answer out;
  const int rows = pq_.PQntuples(result.get());
  const int columns = pq_.PQnfields(result.get());
  for (int row = 0; row < rows; ++row) {
    auto& cells = out.rows.emplace_back();
    for (int column = 0; column < columns; ++column) cells.push_back(cell_of(result, row, column));
  }
  for (const char* c = pq_.PQcmdTuples(result.get()); *c >= '0' && *c <= '9'; ++c) {
    out.changed = out.changed * 10 + (*c - '0');
  }
  return out;
}

Cell PostgresDatabase::cell_of(const Result& result, int row, int column) const {
  if (pq_.PQgetisnull(result.get(), row, column) != 0) return {};
  const char* bytes = pq_.PQgetvalue(result.get(), row, column);
  const int size = pq_.PQgetlength(result.get(), row, column);
  const auto type = pq_.PQftype(result.get(), column);
  const bool integer = type == of_int8 || type == of_int4 || type == of_int2 || type == of_bool;
  if (integer && size > 0 && size <= 8) return Cell(big_endian(bytes, size));
  return Cell(tl::as_bytes({bytes, static_cast<std::size_t>(size)}));
}

StoreResult<const std::string*> PostgresDatabase::prepared(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return &found->second;
  auto name = "s" + std::to_string(statements_.size());
  const auto result =
      own(pq_.PQprepare(connection_.get(), name.c_str(), std::string(sql).c_str(), 0, nullptr));
  if (!succeeded(result)) return error(result);
  return &statements_.emplace(sql, std::move(name)).first->second;
}

StoreStatus PostgresDatabase::execute(const char* sql) {
  const auto result = own(pq_.PQexec(connection_.get(), sql));
  if (!succeeded(result)) return error(result);
  return {};
}

StoreStatus PostgresDatabase::begin(Mode mode) {
  return execute(mode == Mode::write ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

StoreStatus PostgresDatabase::commit() { return execute("COMMIT"); }

void PostgresDatabase::roll_back() { (void)execute("ROLLBACK"); }

StoreStatus PostgresDatabase::claim(Claim claim) {
  return execute(claim == Claim::alone ? claim_alone : claim_shared);
}

StoreResult<bool> PostgresDatabase::has_table(std::string_view name) {
  const Parameter parameters[] = {name};
  // Not to_regclass(): that a table was missing is remembered until the next transaction, however
  // long this one waited for a lock under which the table was made.
  const auto found =
      run("SELECT 1 FROM pg_catalog.pg_class WHERE relname = $1 AND "
          "pg_catalog.pg_table_is_visible(oid)",
          parameters);
  if (!found) return found.error();
  return !found->rows.empty();
}

bool PostgresDatabase::succeeded(const Result& result) const {
  const auto status = pq_.PQresultStatus(result.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

// The server's first line alone: its details repeat values.
StoreError PostgresDatabase::error(const Result& result) const {
  const auto field = [&](int which) -> std::string {
    const char* text = result ? pq_.PQresultErrorField(result.get(), which) : nullptr;
    return text == nullptr ? "" : text;
  };
  const auto state = field(PG_DIAG_SQLSTATE);
  auto text = field(PG_DIAG_MESSAGE_PRIMARY);
  if (text.empty() && connection_) text = pq_.PQerrorMessage(connection_.get());
  // What the server did not say is about the way to it; PQstatus() calls that one in order still.
  const auto code = state.empty() ? StoreErrc::unavailable : named_sqlstate(state);
  return {code, one_line(text)};
}

}  // namespace server::store

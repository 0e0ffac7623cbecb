// Files of other programs: @mtproto/core's and GramJS's text, what TDLib and Telegram Desktop encrypt,
// once it is decrypted, and databases whose bytes were changed. What is read is a session that can be
// used.
#include <libdeflate.h>

#include <memory>

#include "server/session_files/binlog.hpp"
#include "server/session_files/binlog_events.hpp"
#include "server/session_files/json_sessions.hpp"
#include "server/session_files/sqlite_memory.hpp"
#include "server/session_files/sqlite_sessions.hpp"
#include "server/session_files/tdata_blocks.hpp"
#include "server/session_files/tdf.hpp"
#include "tests/fuzz/support.hpp"
#include "tl/writer.hpp"

namespace {

using namespace server::session_files;

void check(const Outcome<FoundSession>& found) {
  if (!found) {
    fuzz::promise(!found.error().empty() && found.error().size() < 500, "an error is a sentence");
    return;
  }
  fuzz::promise(found->dc.value() > 0 && found->dc.value() < 1000, "its data centre is one");
  fuzz::promise(found->user_id.value_or(1) > 0, "its user is one");
}

// A log is made of pieces, so that its checksums are right.
void check_binlog(fuzz::Input& in) {
  tl::Bytes events;
  while (!in.empty()) {
    const auto kind = in.byte();
    tl::Bytes data;
    if ((kind & 1) != 0) {
      tl::Writer(data).bytes(in.piece()).bytes(in.piece());
    } else {
      data = in.words();
    }
    tl::Bytes event;
    tl::Writer write(event);
    write.nat(static_cast<std::uint32_t>(32 + data.size())).int64(in.byte());
    write.int32((kind & 2) != 0 ? 0x4327 : 0x1f18).int32(kind >> 7).int64(0).raw(data);
    write.nat(libdeflate_crc32(0, event.data(), event.size()));
    tl::append(events, event);
  }
  const auto values = replay_binlog(events, 0);
  fuzz::promise(values.has_value(), "events with their checksums are read");
  check(session_of_values(*values));
}

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};

tl::Bytes make_database(const char* sql) {
  start_sqlite();
  sqlite3* opened = nullptr;
  sqlite3_open(":memory:", &opened);
  const std::unique_ptr<sqlite3, CloseDatabase> database(opened);
  sqlite3_exec(opened, "PRAGMA page_size = 512", nullptr, nullptr, nullptr);
  const int done = sqlite3_exec(opened, sql, nullptr, nullptr, nullptr);
  fuzz::promise(done == SQLITE_OK, "the database is made");
  sqlite3_int64 size = 0;
  auto* bytes = sqlite3_serialize(opened, "main", &size, 0);
  tl::Bytes out(bytes, bytes + size);
  sqlite3_free(bytes);
  return out;
}

const tl::Bytes& database_of(std::size_t which) {
  static const tl::Bytes made[] = {
      make_database("CREATE TABLE sessions(dc_id integer primary key, auth_key blob);"
                    "INSERT INTO sessions VALUES(2, CAST(printf('%.*c', 256, 'x') AS BLOB))"),
      make_database(
          "CREATE TABLE sessions(dc_id INTEGER PRIMARY KEY, api_id INTEGER, test_mode "
          "INTEGER, auth_key BLOB, user_id INTEGER);"
          "INSERT INTO sessions VALUES(2, 5, 0, CAST(printf('%.*c', 256, 'x') AS BLOB), 7)"),
      make_database(
          "CREATE TABLE auth_keys(dc integer primary key, key blob);"
          "CREATE TABLE key_value(key text primary key, value blob);"
          "INSERT INTO auth_keys VALUES(2, CAST(printf('%.*c', 256, 'x') AS BLOB));"
          "INSERT INTO key_value VALUES('current_user', x'0100000000000000a5420f0000000000')"),
  };
  return made[which];
}

// Changes of three bytes: where, and what.
void check_database(fuzz::Input& in) {
  auto bytes = database_of(in.below(3));
  const auto log = in.take(in.number(2));
  const auto journal = in.take(in.number(2));
  while (!in.empty()) {
    const auto at = in.number(2) % bytes.size();
    bytes[at] = in.byte();
  }
  auto database = Database::open(
      {mtproto::SecretBytes(bytes), mtproto::SecretBytes(log), mtproto::SecretBytes(journal)});
  if (database) check(read_database_session(*database));
}

void check_desktop(tl::ByteView bytes) {
  const auto authorization = read_authorization(bytes);
  if (authorization) fuzz::promise(authorization->user_id >= 0, "its user is one, or nobody");
  const auto accounts = read_account_list(bytes);
  if (accounts) fuzz::promise(!accounts->empty() && accounts->size() <= 32, "accounts are few");
  read_environment(bytes);
  if (const auto data = tdf_data(bytes)) {
    fuzz::promise(data->size() + 24 == bytes.size(), "data is all between head and checksum");
  }
}

class Nobody final : public Person {
 public:
  std::optional<mtproto::SecretBytes> secret(const std::string&) override { return std::nullopt; }
  std::optional<std::size_t> choice(const std::string&, const std::vector<std::string>&) override {
    return std::nullopt;
  }
  void say(const std::string&) override {}
};

}  // namespace

FUZZ_TARGET(session_files) {
  fuzz::Input in(bytes);
  const auto mode = in.below(6);
  if (mode == 0) return check(read_mtproto_core(tl::as_text(in.rest())));
  if (mode == 1) {
    const auto dc = in.piece();
    return check(read_gramjs(tl::as_text(in.rest()), tl::as_text(dc)));
  }
  if (mode == 2) return check_binlog(in);
  if (mode == 3) return check_database(in);
  if (mode == 4) return check_desktop(in.rest());
  Nobody nobody;
  check(read_binlog(in.rest(), nobody));
}

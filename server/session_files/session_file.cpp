#include "server/session_files/session_file.hpp"

#include "server/session_files/binlog.hpp"
#include "server/session_files/gramjs_folder.hpp"
#include "server/session_files/json_sessions.hpp"
#include "server/session_files/sqlite_sessions.hpp"
#include "server/session_files/tdata.hpp"
#include "server/session_files/tdf.hpp"

namespace server::session_files {
namespace {

namespace fs = std::filesystem;

using Found = Outcome<FoundSession>;

Found with_name(const fs::path& path, Found found) {
  if (found) return found;
  return path.string() + ": " + found.error();
}

fs::path beside(fs::path path, const char* ending) { return path += ending; }

// By the two bytes of its header that say how it was written last.
bool has_log_mode(tl::ByteView database) { return database.size() > 19 && database[18] == 2; }

Found read_database_file(const Files& files, const fs::path& path, mtproto::SecretBytes database) {
  auto log = files.read_if_there(beside(path, "-wal"), longest_database);
  if (!log) return log.error();
  auto journal = files.read_if_there(beside(path, "-journal"), longest_database);
  if (!journal) return journal.error();
  const bool lacks_log = has_log_mode(database.bytes()) && log->size() == 0;
  auto opened = Database::open({std::move(database), std::move(*log), std::move(*journal)});
  if (!opened) return path.string() + ": " + opened.error();
  auto found = with_name(path, read_database_session(*opened));
  if (found || !lacks_log) return found;
  return found.error() + ". Was there a " + path.filename().string() +
         "-wal beside it? That belongs to it";
}

bool is_json_object(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin != text.npos && text[begin] == '{' && text.size() <= longest_small_file;
}

// Of the test environment by its name, before the file says so.
Found read_binlog_file(const fs::path& path, tl::ByteView bytes, Person& person) {
  auto found = with_name(path, read_binlog(bytes, person));
  if (found && path.filename() == "td_test.binlog") found->test = true;
  return found;
}

Found read_file(const Files& files, const fs::path& path, Person& person) {
  if (auto why = files.in_use(path); !why.empty()) return why;
  if (is_gramjs_key(path)) return read_gramjs_folder(files, path);
  auto bytes = files.read(path, longest_database);
  if (!bytes) return bytes.error();
  const auto text = tl::as_text(bytes->bytes());
  if (text.empty()) return path.string() + ": it is empty";
  if (text.starts_with(database_magic)) return read_database_file(files, path, std::move(*bytes));
  if (text.starts_with(tdf_magic)) return read_tdata(files, path.parent_path(), person);
  if (is_binlog(bytes->bytes())) return read_binlog_file(path, bytes->bytes(), person);
  if (is_json_object(text)) return with_name(path, read_mtproto_core(text));
  return path.string() + ": no session of a program that is known here";
}

// Which environment a person means no file says.
Found read_tdlib_folder(const Files& files, const fs::path& folder, Person& person) {
  const auto real = folder / "td.binlog";
  const auto test = folder / "td_test.binlog";
  if (files.exists(real) && files.exists(test)) {
    return folder.string() + ": both td.binlog and td_test.binlog are in it; name one of them";
  }
  return read_file(files, files.exists(real) ? real : test, person);
}

Found read_folder(const Files& files, const fs::path& folder, Person& person) {
  for (const auto& tdata : {folder, folder / "tdata"}) {
    if (files.exists(tdata / "key_datas")) return read_tdata(files, tdata, person);
    if (files.exists(tdata / tdata_account_name(0))) {
      return tdata.string() +
             ": of an older Telegram Desktop; a newer one, started once, makes a key_datas";
    }
  }
  if (files.exists(folder / "td.binlog") || files.exists(folder / "td_test.binlog")) {
    return read_tdlib_folder(files, folder, person);
  }
  const auto keys = find_gramjs_keys(files, folder);
  if (keys.size() == 1) return read_gramjs_folder(files, keys.front());
  if (keys.size() > 1) {
    return folder.string() + ": several sessions of GramJS; name the \"…authKey\" of one";
  }
  return folder.string() +
         ": a folder, but none of Telegram Desktop, TDLib or GramJS; which file is the session?";
}

}  // namespace

Found read_session_file(const Files& files, const fs::path& path, Person& person) {
  return files.is_folder(path) ? read_folder(files, path, person) : read_file(files, path, person);
}

}  // namespace server::session_files

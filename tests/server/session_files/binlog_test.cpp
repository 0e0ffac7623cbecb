#include "server/session_files/binlog.hpp"

#include <catch2/catch.hpp>

#include "tests/server/session_files/binlog_fixture.hpp"

using namespace session_file_test;

namespace {

Outcome<FoundSession> read_log(const std::string& file, Answers& person) {
  return server::session_files::read_binlog(tl::as_bytes(file), person);
}
Outcome<FoundSession> read_log(const std::string& file) {
  Answers nobody;
  return read_log(file, nobody);
}

// Ada, whose home is 2; TDLib was at 1 before.
Binlog ada() {
  Binlog out;
  out.key(1, 1, 1).key(2, 2, 8, 4).value(3, "main_dc_id", "2");
  out.value(4, "auth", "ok").value(5, "my_id", "1000101");
  return out.key(2, 2, 2, 5, 1);
}

}  // namespace

TEST_CASE("TDLib's binlog is read, of its home data centre, whose last version counts") {
  const auto found = read_log(ada().encrypted());
  REQUIRE(found);
  CHECK(found->library == "TDLib");
  CHECK(found->dc == mtproto::DcId(2));
  REQUIRE(is_key(found, 2));
  CHECK(found->user_id == 1000101);
  CHECK_FALSE(found->test);
  CHECK(found->notes.empty());
}

TEST_CASE("TDLib's home is 1 where none was recorded, and that is said") {
  Binlog log;
  log.key(1, 1, 1).key(2, 2, 2).value(3, "auth", "ok");
  const auto found = read_log(log.encrypted());
  REQUIRE(is_key(found, 1));
  CHECK(found->dc == mtproto::DcId(1));
  REQUIRE(found->notes.size() == 1);
  CHECK(has(found->notes[0], "TDLib's own default, 1"));
}

TEST_CASE("TDLib's home that was erased is not there, nor a value that was replaced") {
  auto log = ada();
  log.event(3, Binlog::removal, 1, {});
  CHECK(is_key(read_log(log.encrypted()), 1));
  log.value(4, "auth", "logging_out", Binlog::common, 1);
  CHECK(has(error_of(read_log(log.encrypted())), "nobody is signed in"));
}

TEST_CASE("TDLib's test environment is told by its options, or by the file's name") {
  const support::TemporaryFolder folder;
  auto log = ada();
  CHECK(test_of(read(folder.write("td_test.binlog", log.encrypted()))) == true);
  log.value(9, "test_mode", "Bfalse", Binlog::config);
  CHECK(test_of(read_log(log.encrypted())) == false);
  log.value(9, "test_mode", "Btrue", Binlog::config, 1);
  CHECK(test_of(read_log(log.encrypted())) == true);
}

TEST_CASE("TDLib's folder is read by the binlog in it, of two one is to be named") {
  const support::TemporaryFolder folder;
  folder.write("td.binlog", ada().encrypted());
  folder.write("db.sqlite", "not needed");
  CHECK(is_key(read(folder.path()), 2));
  folder.write("td_test.binlog", ada().encrypted());
  CHECK(has(error_of(read(folder.path())), "name one of them"));
  CHECK(is_key(read(folder.path() / "td.binlog"), 2));
}

TEST_CASE("TDLib's database key is asked for, as text or in base64") {
  const auto file = ada().encrypted("my secret");
  for (const auto* typed : {"my secret", "bXkgc2VjcmV0"}) {
    Answers person;
    person.secrets = {"wrong", typed};
    CHECK(is_key(read_log(file, person), 2));
    CHECK(person.prompts.size() == 2);
    CHECK(person.said == std::vector<std::string>{"That is not its key."});
  }
}

TEST_CASE("TDLib's database key is asked for three times") {
  Answers person;
  person.secrets = {"a", "b", "c", "my secret"};
  const auto error = error_of(read_log(ada().encrypted("my secret"), person));
  CHECK(has(error, "database_encryption_key"));
  CHECK(person.prompts.size() == 3);
  CHECK(has(error_of(read_log(ada().encrypted("my secret"))), "database_encryption_key"));
}

TEST_CASE("TDLib's key before the sign-in is said to be nobody's") {
  for (const auto& log : {Binlog().key(1, 1, 1), Binlog().key(1, 1, 1).value(2, "auth", "wait")}) {
    CHECK(has(error_of(read_log(log.encrypted())), "nobody is signed in"));
  }
}

TEST_CASE("an event that was not written to its end is not there, one that is wrong is said") {
  const auto file = ada().value(9, "auth", "gone", Binlog::common).encrypted();
  CHECK(is_key(read_log(file.substr(0, file.size() - 3)), 2));
  for (const std::size_t at : {std::size_t{128}, std::size_t{200}, file.size() - 1}) {
    auto wrong = file;
    wrong[at] = static_cast<char>(wrong[at] ^ 1);
    CHECK(has(error_of(read_log(wrong)), "TDLib's event at byte "));
  }
}

TEST_CASE("TDLib's binlog says what is wrong with it") {
  auto other_id = binlog_key_value(2, 5);
  other_id[0] ^= 1;
  for (const auto& [log, word] : std::vector<std::pair<Binlog, std::string>>{
           {ada().value(9, "main_dc_id", "0"), "main_dc_id is no data"},
           {ada().value(9, "main_dc_id", "x"), "main_dc_id is no data"},
           {ada().value(9, "main_dc_id", "3"), "no auth3"},
           {ada().key(9, 2, 2, 4), "auth2 is no key that is signed in"},
           {ada().value(9, "auth2", "short"), "auth2 is no key"},
           {ada().event(9, Binlog::common, 0, binlog_pair("auth2", other_id)), "auth2 is no key"},
           {ada().event(9, -3, 0, {}), "TDLib's event at byte "}}) {
    CHECK(has(error_of(read_log(log.encrypted())), word));
  }
  CHECK(has(error_of(read_log("")), "no binlog"));
  CHECK(has(error_of(read_log(ada().encrypted().substr(0, 127))), "no binlog"));
}

TEST_CASE("TDLib's values that are none of ours are passed over") {
  auto log = ada();
  log.event(10, 2, 0, tl::Bytes(40, 1)).event(11, Binlog::common, 0, tl::Bytes(4, 0xff));
  log.value(12, "auth12345", "x").value(13, "authx", "x").value(14, "my_id", "-5", Binlog::config);
  CHECK(is_key(read_log(log.encrypted()), 2));
}

#include "server/session_files/tdata.hpp"

#include <catch2/catch.hpp>

#include "tests/server/session_files/tdata_fixture.hpp"

using namespace session_file_test;
using server::session_files::tdata_account_name;

TEST_CASE("Telegram Desktop's accounts are named as it names them") {
  CHECK(tdata_account_name(0) == first_name);
  CHECK(tdata_account_name(1) == "A7FDF864FBC10B77");
  CHECK(tdata_account_name(2) == "F8806DD0C461824F");
}

TEST_CASE("Telegram Desktop's folder is read, of its home data centre among several") {
  Tdata tdata;
  tdata.account(first_name, authorization(1000103, 1, {{2, 2}, {1, 1}}));
  for (const auto& path : {tdata.path(), tdata.path().parent_path(), tdata.path() / "key_datas"}) {
    const auto found = read(path);
    REQUIRE(found);
    CHECK(found->library == "Telegram Desktop");
    CHECK(found->dc == mtproto::DcId(1));
    REQUIRE(is_key(found, 1));
    CHECK(found->user_id == 1000103);
    CHECK_FALSE(found->test);
  }
}

TEST_CASE("Telegram Desktop's older form has ids of 32 bits") {
  Tdata tdata;
  tdata.account(first_name, join({big_endian(77, 4), big_endian(2, 4), big_endian(1, 4),
                                  big_endian(2, 4), key_bytes(5), big_endian(0, 4)}));
  const auto found = read(tdata.path());
  REQUIRE(is_key(found, 5));
  CHECK(found->user_id == 77);
  CHECK(found->dc == mtproto::DcId(2));
}

TEST_CASE("Telegram Desktop's environment stands in a file beside the keys") {
  for (const int environment : {0, 1}) {
    Tdata tdata;
    tdata.account(first_name, authorization(1, 2, {{2, 2}}));
    tdata.environment(first_name, environment);
    CHECK(test_of(read(tdata.path())) == (environment == 1));
  }
}

TEST_CASE("Telegram Desktop's passcode is asked for, and again where it is wrong") {
  Tdata tdata({0}, "pass code1");
  tdata.account(first_name, authorization(1, 2, {{2, 2}}));
  Answers person;
  person.secrets = {"wrong", "pass code1"};
  CHECK(is_key(read(tdata.path(), person), 2));
  CHECK(person.prompts.size() == 2);
  CHECK(person.said.size() == 1);
  CHECK(has(error_of(read(tdata.path())), "key_datas: it has a passcode"));
}

TEST_CASE("of Telegram Desktop's accounts those count that somebody is signed in to") {
  Tdata tdata({0, 1});
  tdata.account(first_name, authorization(0, 2, {{2, 9}}));
  tdata.account("A7FDF864FBC10B77", authorization(1000102, 2, {{2, 2}}));
  CHECK(is_key(read(tdata.path()), 2));
  tdata.account("A7FDF864FBC10B77", authorization(0, 2, {{2, 2}}));
  CHECK(has(error_of(read(tdata.path())), "nobody is signed in"));
}

TEST_CASE("of Telegram Desktop's several accounts the person chooses") {
  Tdata tdata({0, 2});
  tdata.account(first_name, authorization(1000101, 2, {{2, 2}}));
  tdata.account("F8806DD0C461824F", authorization(1000103, 1, {{1, 1}}));
  Answers person;
  person.chosen = 1;
  const auto found = read(tdata.path(), person);
  REQUIRE(is_key(found, 1));
  CHECK(person.offered ==
        std::vector<std::string>{"user 1000101, data centre 2", "user 1000103, data centre 1"});
  CHECK(has(error_of(read(tdata.path())), "none was chosen"));
}

TEST_CASE("Telegram Desktop's account says what is wrong with it") {
  auto endless = authorization(1, 2, {{2, 2}});
  endless[20] = 0x7f;
  for (const auto& [said, word] : std::vector<std::pair<tl::Bytes, std::string>>{
           {authorization(1, 2, {{1, 1}}), "no key of its home"},
           {authorization(1, 0, {{0, 1}}), "no key of its home"},
           {authorization(1, 2, {}), "no key of its home"},
           {authorization(std::uint64_t{1} << 63, 2, {{2, 2}}), "a form that is not known"},
           {endless, "a form that is not known"},
           {tl::Bytes(7, 1), "a form that is not known"},
           {tl::Bytes(), "a form that is not known"}}) {
    Tdata tdata;
    tdata.account(first_name, said);
    const auto error = error_of(read(tdata.path()));
    CHECK(has(error, std::string(first_name) + "s: "));
    CHECK(has(error, word));
  }
  Tdata tdata;
  tdata.account(first_name, authorization(1, 2, {{2, 2}}), 74);
  CHECK(has(error_of(read(tdata.path())), "a form that is not known"));
  tdata.write(std::string(first_name) + "s", array(tl::Bytes(64, 1)));
  CHECK(has(error_of(read(tdata.path())), "not encrypted by the key in key_datas"));
  fs::remove(tdata.path() / (std::string(first_name) + "s"));
  CHECK(has(error_of(read(tdata.path())), "No such file"));
}

TEST_CASE("Telegram Desktop's key_datas says what is wrong with it") {
  Tdata tdata;
  tdata.account(first_name, authorization(1, 2, {{2, 2}}));
  const auto damaged = [&](const tl::Bytes& data) {
    tdata.write("key_datas", data);
    return error_of(read(tdata.path()));
  };
  const auto key = array(encrypt(key_bytes(100), key_of_passcode("")));
  const auto list = [&](const tl::Bytes& info) {
    return damaged(join({array(salt), key, array(encrypt(info, local_key()))}));
  };
  CHECK(has(damaged({}), "not of a version that is known"));
  CHECK(has(damaged(array(tl::Bytes(8, 1))), "not of a version that is known"));
  CHECK(has(damaged(join({array(salt), key, array(tl::Bytes(32, 1))})), "list of accounts"));
  CHECK(has(list(big_endian(0, 4)), "list of accounts"));
  CHECK(has(list(big_endian(0x7fffffff, 4)), "list of accounts"));
  CHECK(has(list(join({big_endian(1, 4), big_endian(99, 4)})), "list of accounts"));
  tdata.folder.write("tdata/key_datas", "TDF$ short");
  CHECK(has(error_of(read(tdata.path())), "no file of Telegram Desktop"));
  auto other = tdf(array(salt));
  other[20] = static_cast<char>(other[20] ^ 1);
  tdata.folder.write("tdata/key_datas", other);
  CHECK(has(error_of(read(tdata.path())), "checksum"));
  fs::remove(tdata.path() / "key_datas");
  tdata.folder.write("tdata/" + std::string(first_name) + "/map0", "old");
  CHECK(has(error_of(read(tdata.path())), "of an older Telegram Desktop"));
}

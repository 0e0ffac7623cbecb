#include "server/session_files/tdata.hpp"

#include <openssl/evp.h>

#include <catch2/catch.hpp>

#include "mtproto/crypto/sha.hpp"
#include "mtproto/message/bind_message.hpp"
#include "server/session_files/tdf.hpp"
#include "tests/server/session_files/fixture.hpp"

using namespace session_file_test;
using server::session_files::tdata_account_name;

namespace {

constexpr const char* first_name = "D877F783D5D3EF8C";
const tl::Bytes salt(32, 0x5a);

tl::Bytes big_endian(std::uint64_t number, std::size_t size) {
  tl::Bytes out;
  for (auto shift = size; shift-- > 0;) {
    out.push_back(static_cast<std::uint8_t>(number >> 8 * shift));
  }
  return out;
}

tl::Bytes join(std::initializer_list<tl::Bytes> pieces) {
  tl::Bytes out;
  for (const auto& piece : pieces) tl::append(out, piece);
  return out;
}

tl::Bytes array(const tl::Bytes& bytes) { return join({big_endian(bytes.size(), 4), bytes}); }

tl::Bytes reversed(tl::Bytes bytes) {
  std::ranges::reverse(bytes);
  return bytes;
}

mtproto::AuthKey local_key() {
  const auto bytes = key_bytes(100);
  return mtproto::AuthKey(std::span<const std::uint8_t, 256>(bytes));
}

tl::Bytes encrypt(const tl::Bytes& data, const mtproto::AuthKey& key) {
  auto plain = join({reversed(big_endian(data.size() + 4, 4)), data});
  plain.resize((plain.size() + 15) / 16 * 16, 0xcd);
  const auto hash = mtproto::sha1({plain});
  mtproto::MessageKey msg_key{};
  std::copy_n(hash.begin(), 16, msg_key.begin());
  const auto aes = mtproto::message_aes_v1(key, mtproto::Side::server, msg_key);
  mtproto::ige_encrypt(aes.key, aes.iv, plain);
  return join({tl::Bytes(msg_key.begin(), msg_key.end()), plain});
}

std::string tdf(const tl::Bytes& data) {
  const tl::Bytes magic{'T', 'D', 'F', '$'}, version{0x75, 0x20, 0x3d, 0x00};
  const auto sum = mtproto::md5({data, reversed(big_endian(data.size(), 4)), version, magic});
  return std::string(tl::as_text(join({magic, version, data, tl::Bytes(sum.begin(), sum.end())})));
}

// The key of a passcode as Telegram Desktop makes it, by OpenSSL alone.
mtproto::AuthKey key_of_passcode(const std::string& passcode) {
  tl::Bytes whole = join({salt, tl::Bytes(passcode.begin(), passcode.end()), salt});
  tl::Bytes hash(64), key(256);
  EVP_Digest(whole.data(), whole.size(), hash.data(), nullptr, EVP_sha512(), nullptr);
  PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(hash.data()), 64, salt.data(), 32,
                    passcode.empty() ? 1 : 100'000, EVP_sha512(), 256, key.data());
  return mtproto::AuthKey(std::span<const std::uint8_t, 256>(key));
}

using Keys = std::vector<std::pair<int, std::uint8_t>>;

tl::Bytes authorization(std::uint64_t user, int home, const Keys& keys) {
  auto out = join(
      {tl::Bytes(8, 0xff), big_endian(user, 8), big_endian(home, 4), big_endian(keys.size(), 4)});
  for (const auto& [dc, first] : keys) {
    tl::append(out, join({big_endian(dc, 4), key_bytes(first)}));
  }
  return join({out, big_endian(0, 4)});
}

class Tdata {
 public:
  explicit Tdata(std::vector<int> accounts = {0}, const std::string& passcode = "") {
    auto info = big_endian(accounts.size(), 4);
    for (const auto index : accounts) tl::append(info, big_endian(index, 4));
    tl::append(info, big_endian(~std::uint64_t{0}, 4));
    write("key_datas", join({array(salt), array(encrypt(key_bytes(100), key_of_passcode(passcode))),
                             array(encrypt(info, local_key()))}));
  }
  void account(const std::string& name, const tl::Bytes& said, int block = 75) {
    const auto plain = join({big_endian(block, 4), array(said)});
    write(name + "s", array(encrypt(plain, local_key())));
  }
  void environment(const std::string& name, int value) {
    const auto config = join({big_endian(1, 4), big_endian(value, 4), array(tl::Bytes(99, 1))});
    write(name + "/configs", array(encrypt(array(config), local_key())));
  }
  void write(const std::string& name, const tl::Bytes& data) const {
    folder.write("tdata/" + name, tdf(data));
  }
  fs::path path() const { return folder.path() / "tdata"; }

  support::TemporaryFolder folder;
};

}  // namespace

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
  CHECK(is_key(server::session_files::read_session_file(tdata.path(), person), 2));
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
  const auto found = server::session_files::read_session_file(tdata.path(), person);
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

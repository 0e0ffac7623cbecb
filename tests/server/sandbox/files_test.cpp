#include <catch2/catch.hpp>

#include "mtproto/crypto/sha.hpp"
#include "tests/server/sandbox/fixture.hpp"
#include "tests/support/hex.hpp"

using namespace fixture;

namespace {

struct Upload {
  Fixture fixture;
  Client ada{fixture};
  tl::Builder make{ada.arena()};

  Upload() { ada.sign_in("9996620001", "22222"); }

  std::string word(const Value& answer) {
    return answer.constructor() == "rpc_error" ? std::string(answer["error_message"].text()) : "";
  }
  std::string part(std::int64_t file, std::int32_t number, const tl::Bytes& bytes,
                   std::optional<std::int32_t> total = {}) {
    if (total) {
      return word(ada.call(
          make.object("upload.saveBigFilePart", {{"file_id", Value::integer(file)},
                                                 {"file_part", Value::integer(number)},
                                                 {"file_total_parts", Value::integer(*total)},
                                                 {"bytes", make.bytes(bytes)}})));
    }
    return word(ada.call(make.object("upload.saveFilePart", {{"file_id", Value::integer(file)},
                                                             {"file_part", Value::integer(number)},
                                                             {"bytes", make.bytes(bytes)}})));
  }
  Value send(std::int64_t file, std::int32_t parts, std::string_view md5 = "", bool photo = false) {
    const auto input = make.object("inputFile", {{"id", Value::integer(file)},
                                                 {"parts", Value::integer(parts)},
                                                 {"name", Value::string("a.txt")},
                                                 {"md5_checksum", make.string(md5)}});
    const auto media = photo ? make.object("inputMediaUploadedPhoto", {{"file", input}})
                             : make.object("inputMediaUploadedDocument",
                                           {{"file", input},
                                            {"mime_type", Value::string("text/plain")},
                                            {"attributes", make.array(std::span<const Value>{})}});
    return ada.call(make.object("messages.sendMedia", {{"peer", make.object("inputPeerSelf", {})},
                                                       {"media", media},
                                                       {"message", Value::string("a caption")}}));
  }
  Value get(const Value& document, std::int64_t offset, std::int64_t limit, bool precise = false,
            Client* by = nullptr) {
    const auto location =
        make.object("inputDocumentFileLocation", {{"id", document["id"]},
                                                  {"access_hash", document["access_hash"]},
                                                  {"file_reference", document["file_reference"]},
                                                  {"thumb_size", Value::string("")}});
    auto request = make.object("upload.getFile", {{"location", location},
                                                  {"offset", Value::integer(offset)},
                                                  {"limit", Value::integer(limit)}});
    if (precise) request = make.with(request, {{"precise", Value::boolean(true)}});
    return (by != nullptr ? *by : ada).call(request);
  }
};

}  // namespace

TEST_CASE("a file comes back as it was sent") {
  Upload u;
  tl::Bytes whole(3 * 4096 + 100);
  u.fixture.random.fill(whole);
  for (int i = 3; i >= 0; --i) {  // in any order
    const auto from = whole.begin() + i * 4096;
    CHECK(u.part(1, i, tl::Bytes(from, i == 3 ? whole.end() : from + 4096)) == "");
  }
  const auto sent = u.send(1, 4, support::hex(mtproto::md5({whole})));
  REQUIRE(sent.constructor() == "updates");
  const auto& message = sent["updates"].items()[1]["message"];
  CHECK(message["message"].text() == "a caption");
  const auto document = message["media"]["document"];
  CHECK(number(document["size"]) == static_cast<std::int64_t>(whole.size()));
  CHECK(document["attributes"].items()[0]["file_name"].text() == "a.txt");
  const auto got = u.get(document, 0, 1 << 20);
  REQUIRE(got.constructor() == "upload.file");
  CHECK(std::ranges::equal(got["bytes"].as_bytes(), whole));
  CHECK(u.get(document, 4096, 4096)["bytes"].as_bytes()[0] == whole[4096]);
  CHECK(u.get(document, 12288, 4096)["bytes"].as_bytes().size() == 100);
  CHECK(u.get(document, 1 << 20, 4096)["bytes"].as_bytes().empty());
}

TEST_CASE("parts are held to the rules") {
  Upload u;
  CHECK(u.part(1, -1, tl::Bytes(1024)) == "FILE_PART_INVALID");
  CHECK(u.part(1, 4000, tl::Bytes(1024)) == "FILE_PART_INVALID");
  CHECK(u.part(1, 0, {}) == "FILE_PART_EMPTY");
  CHECK(u.part(1, 0, tl::Bytes(512 * 1024 + 1)) == "FILE_PART_TOO_BIG");
  CHECK(u.part(1, 0, tl::Bytes(1000), 3) == "FILE_PART_SIZE_INVALID");
  CHECK(u.part(1, 0, tl::Bytes(3072), 3) == "FILE_PART_SIZE_INVALID");
  CHECK(u.part(1, 0, tl::Bytes(1024), 0) == "FILE_PARTS_INVALID");
  CHECK(u.part(1, 3, tl::Bytes(1024), 3) == "FILE_PART_INVALID");
  CHECK(u.part(2, 0, tl::Bytes(1024), 3) == "");
  CHECK(u.part(2, 1, tl::Bytes(2048), 3) == "FILE_PART_SIZE_CHANGED");

  CHECK(u.part(3, 0, tl::Bytes(1024)) == "");
  CHECK(u.part(3, 2, tl::Bytes(1024)) == "");
  CHECK(u.word(u.send(3, 3)) == "FILE_PART_1_MISSING");
  CHECK(u.word(u.send(3, 0)) == "FILE_PARTS_INVALID");
  CHECK(u.word(u.send(4, 1)) == "FILE_PART_0_MISSING");
  CHECK(u.part(3, 1, tl::Bytes(1024)) == "");
  CHECK(u.word(u.send(3, 2)) == "FILE_PARTS_INVALID");
  CHECK(u.word(u.send(3, 3, "00112233445566778899aabbccddeeff")) == "MD5_CHECKSUM_INVALID");
  CHECK(u.word(u.send(3, 3)) == "");
}

TEST_CASE("pieces are asked for by the rules, with the right reference, where the file lives") {
  Upload u;
  u.part(1, 0, tl::Bytes(100, 7));
  const auto document = u.send(1, 1)["updates"].items()[1]["message"]["media"]["document"];
  const auto word = [&](std::int64_t offset, std::int64_t limit, bool precise = false) {
    return u.word(u.get(document, offset, limit, precise));
  };
  CHECK(word(1, 4096) == "OFFSET_INVALID");
  CHECK(word(-4096, 4096) == "OFFSET_INVALID");
  CHECK(word(0, 0) == "LIMIT_INVALID");
  CHECK(word(0, 12288) == "LIMIT_INVALID");
  CHECK(word(0, 2 << 20) == "LIMIT_INVALID");
  CHECK(word(524288, 1 << 20) == "LIMIT_INVALID");
  CHECK(word(1024, 3072) == "OFFSET_INVALID");
  CHECK(word(1024, 3072, true) == "");
  CHECK(word(0, 4096) == "");
  auto other = u.make.with(document, {{"file_reference", u.make.bytes(tl::Bytes(21))}});
  CHECK(u.word(u.get(other, 0, 4096)) == "FILE_REFERENCE_INVALID");
  other = u.make.with(document, {{"file_reference", u.make.bytes({})}});
  CHECK(u.word(u.get(other, 0, 4096)) == "FILE_REFERENCE_EMPTY");
  other = u.make.with(document, {{"access_hash", Value::integer(1)}});
  CHECK(u.word(u.get(other, 0, 4096)) == "FILE_ID_INVALID");

  Client alan(u.fixture, 1);
  alan.sign_in("9996610003", "11111");
  CHECK(u.word(u.get(document, 0, 4096, false, &alan)) == "FILE_MIGRATE_2");
}

TEST_CASE("a photo must be one") {
  Upload u;
  u.part(1, 0, tl::Bytes(100, 7));
  CHECK(u.word(u.send(1, 1, "", true)) == "IMAGE_PROCESS_FAILED");
  auto png = support::unhex("89504e470d0a1a0a0000000d4948445200000040000000200806000000");
  png.resize(200);
  u.part(2, 0, png);
  const auto photo = u.send(2, 1, "", true)["updates"].items()[1]["message"]["media"]["photo"];
  CHECK(number(photo["sizes"].items()[0]["w"]) == 64);
  CHECK(number(photo["sizes"].items()[0]["h"]) == 32);
}

TEST_CASE("a profile photo is shown to others, who can fetch it, until it is taken away") {
  Upload u;
  auto png = support::unhex("89504e470d0a1a0a0000000d4948445200000040000000200806000000");
  png.resize(200);
  u.part(2, 0, png);
  Client alan(u.fixture, 1);
  alan.sign_in("9996610003", "11111");
  alan.heard.clear();
  CHECK(u.ada.refused("{'_cons':'photos.uploadProfilePhoto'}") == "400 PHOTO_FILE_MISSING");
  const auto done = u.ada.call(
      "{'_cons':'photos.uploadProfilePhoto','file':{'_cons':'inputFile','id':2,'parts':1,"
      "'name':'a.png','md5_checksum':''}}");
  const auto id = std::to_string(number(done["photo"]["id"]));
  std::string sizes;  // the smallest and the largest are what clients look for
  for (const auto& size : done["photo"]["sizes"].items()) sizes += size["type"].text();
  CHECK(sizes == "abc");
  CHECK(number(done["users"].items()[0]["photo"]["photo_id"]) == number(done["photo"]["id"]));
  REQUIRE(alan.heard.size() == 1);
  CHECK(alan.heard[0]["updates"].items()[0].constructor() == "updateUser");
  CHECK(number(alan.heard[0]["users"].items()[0]["photo"]["photo_id"]) ==
        number(done["photo"]["id"]));
  Client there(u.fixture, 2, u.ada.address().key);
  const auto fetch = [&](const std::string& photo) {
    return there.call(
        "{'_cons':'upload.getFile','offset':0,'limit':4096,'location':{"
        "'_cons':'inputPeerPhotoFileLocation','peer':{'_cons':'inputPeerSelf'},"
        "'photo_id':" +
        photo + "}}");
  };
  const auto fetched = fetch(id)["bytes"].as_bytes();
  CHECK(tl::Bytes(fetched.begin(), fetched.end()) == png);
  CHECK(u.word(fetch("1")) == "LOCATION_INVALID");
  const auto photos = [&] {
    return u.ada
        .call(
            "{'_cons':'photos.getUserPhotos','user_id':{'_cons':'inputUserSelf'},'offset':0,"
            "'max_id':0,'limit':10}")["photos"]
        .items()
        .size();
  };
  CHECK(photos() == 1);
  u.ada.call("{'_cons':'photos.updateProfilePhoto','id':{'_cons':'inputPhotoEmpty'}}");
  CHECK(photos() == 0);
  CHECK(u.word(fetch(id)) == "LOCATION_INVALID");
}

TEST_CASE("what is kept in files is bounded") {
  Files files;
  const mtproto::Time now{};
  const tl::Bytes part(512 * 1024);
  int refused = 0;
  for (int i = 0; i < 600; ++i) {
    if (!files.save_part(UserId(1), 1, i, -1, part, now)) ++refused;
  }
  CHECK(refused == 600 - 512);
  CHECK(files.bytes() <= std::size_t{256} << 20);
  // Another upload takes the place of the old one.
  CHECK(files.save_part(UserId(2), 1, 0, -1, part, now + std::chrono::hours(2)).has_value());
  CHECK(files.bytes() == part.size());
}

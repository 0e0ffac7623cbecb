// An authorization on its way to another data centre.
#include "server/account/auth_transfer.hpp"

#include <catch2/catch.hpp>

#include "tests/support/api_schema.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

using server::account::AuthTransfer;
using State = AuthTransfer::State;

namespace {

constexpr std::uint32_t export_id = 0xe5bfffcd, import_id = 0xa57a7dad;

std::shared_ptr<const tl::Schema> schema() {
  return support::small_schema(R"(
auth.exportedAuthorization#b434e2b8 id:long bytes:bytes = auth.ExportedAuthorization;
---functions---
auth.exportAuthorization#e5bfffcd dc_id:int = auth.ExportedAuthorization;
auth.importAuthorization#a57a7dad id:long bytes:bytes = auth.ExportedAuthorization;
)");
}

tl::Bytes exported() {
  tl::Bytes out;
  tl::Writer(out).nat(0xb434e2b8).int64(77).bytes(std::string_view("secret"));
  return out;
}
tl::Bytes done() { return exported(); }  // anything but an error
tl::Bytes error(std::int32_t code, std::string_view text) {
  tl::Bytes out;
  tl::Writer(out).nat(0x2144ca19).int32(code).bytes(text);
  return out;
}

template <class Step>
Step as(AuthTransfer::Step step) {
  REQUIRE(std::holds_alternative<Step>(step));
  return std::get<Step>(std::move(step));
}

}  // namespace

TEST_CASE("An authorization is exported at home and imported there") {
  AuthTransfer passage(schema(), mtproto::DcId(4));
  CHECK(passage.state() == State::closed);
  const auto ask = as<AuthTransfer::AskHome>(passage.begin(true));
  tl::Reader call(ask.body);
  CHECK(call.nat() == export_id);
  CHECK(call.int32() == 4);
  CHECK(passage.state() == State::exporting);
  const auto import = as<AuthTransfer::AskThere>(passage.home_answered(exported()));
  tl::Reader there(import.body);
  CHECK(there.nat() == import_id);
  CHECK(there.int64() == 77);
  CHECK(tl::as_text(there.bytes()) == "secret");
  CHECK(passage.state() == State::importing);
  as<AuthTransfer::Opened>(passage.there_answered(done()));
  CHECK(passage.state() == State::open);
}

TEST_CASE("Where nobody can be signed in at home nothing is exported") {
  AuthTransfer passage(schema(), mtproto::DcId(4));
  as<AuthTransfer::Opened>(passage.begin(false));
  AuthTransfer asked(schema(), mtproto::DcId(4));
  asked.begin(true);
  as<AuthTransfer::Opened>(asked.home_answered(error(401, "AUTH_KEY_UNREGISTERED")));
  CHECK(asked.state() == State::open);
}

TEST_CASE("A scheme without these calls goes without") {
  AuthTransfer passage(support::small_schema("a#1 = A;"), mtproto::DcId(4));
  as<AuthTransfer::Opened>(passage.begin(true));
}

TEST_CASE("Another refusal of an export is the answer of those who waited") {
  AuthTransfer passage(schema(), mtproto::DcId(4));
  passage.begin(true);
  const auto refusal = error(420, "FLOOD_WAIT_9");
  CHECK(as<AuthTransfer::Refused>(passage.home_answered(refusal)).answer == refusal);
  CHECK(passage.state() == State::closed);
}

TEST_CASE("Stale bytes are exported once more and not twice") {
  AuthTransfer passage(schema(), mtproto::DcId(4));
  passage.begin(true);
  passage.home_answered(exported());
  const auto refusal = error(400, "AUTH_BYTES_INVALID");
  as<AuthTransfer::AskHome>(passage.there_answered(refusal));
  CHECK(passage.state() == State::exporting);
  passage.home_answered(exported());
  CHECK(as<AuthTransfer::Refused>(passage.there_answered(refusal)).answer == refusal);
  // The next one begins anew.
  passage.begin(true);
  passage.home_answered(exported());
  as<AuthTransfer::AskHome>(passage.there_answered(refusal));
}

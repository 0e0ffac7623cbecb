#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "mtproto/message/bind_message.hpp"
#include "mtproto/message/container.hpp"
#include "mtproto/message/gzip.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/service_session.hpp"
#include "tests/support/peer.hpp"
#include "tests/support/places.hpp"
#include "tl/schema.hpp"

using namespace mtproto;

namespace {

std::shared_ptr<const tl::Schema> scheme() {
  std::ifstream in(support::data_folder() + "/../../scheme/mtproto.tl");
  const std::vector<tl::SchemaSource> sources{
      {"mtproto.tl", std::string(std::istreambuf_iterator<char>(in), {})}};
  auto schema = tl::Schema::parse(sources);
  REQUIRE(schema.has_value());
  return *schema;
}

// The fields of a struct as a scheme would call them.
struct Kinds {
  void operator()(const char* name, std::int32_t) { add(name, tl::Kind::int32); }
  void operator()(const char* name, std::uint64_t) { add(name, tl::Kind::int64); }
  template <class Tag>
  void operator()(const char* name, StrongId<Tag, std::uint64_t>) {
    add(name, tl::Kind::int64);
  }
  void operator()(const char* name, const Bytes&) { add(name, tl::Kind::bytes); }
  template <class T>
  void operator()(const char* name, const std::vector<T>&) {
    add(name, tl::Kind::vector);
  }
  void add(const char* name, tl::Kind kind) { fields.emplace_back(name, kind); }

  std::vector<std::pair<std::string, tl::Kind>> fields;
};

template <class T>
void tie(const tl::Schema& schema) {
  INFO(T::name);
  const auto* found = schema.constructor_by_id(T::id);
  if (found == nullptr) found = schema.function_by_id(T::id);
  REQUIRE(found != nullptr);
  CHECK(found->name == T::name);
  T value;
  Kinds kinds;
  T::fields(value, kinds);
  REQUIRE(kinds.fields.size() == found->fields.size());
  for (std::size_t i = 0; i < kinds.fields.size(); ++i) {
    CHECK(kinds.fields[i].first == found->fields[i].name);
    auto kind = found->fields[i].type.kind;
    if (kind == tl::Kind::string) kind = tl::Kind::bytes;  // the same on the wire
    CHECK(kinds.fields[i].second == kind);
  }
}

template <class... T>
void tie_all(const tl::Schema& schema) {
  (tie<T>(schema), ...);
}

}  // namespace

TEST_CASE("every typed service message is what the scheme says") {
  const auto schema = scheme();
  tie_all<MsgsAck, BadMsgNotification, BadServerSalt, MsgsStateReq, MsgsStateInfo, MsgsAllInfo,
          MsgDetailedInfo, MsgNewDetailedInfo, MsgResendReq, MsgResendAnsReq, Ping,
          PingDelayDisconnect, Pong, NewSessionCreated, GetFutureSalts, FutureSalt, FutureSalts,
          DestroySession, DestroySessionOk, DestroySessionNone, DestroyAuthKey, DestroyAuthKeyOk,
          DestroyAuthKeyNone, DestroyAuthKeyFail, HttpWait, RpcError, RpcDropAnswer,
          RpcAnswerUnknown, RpcAnswerDroppedRunning, RpcAnswerDropped, BindAuthKeyInner>(*schema);
  CHECK(schema->constructor_by_name("rpc_result")->id == RpcResult::id);
  CHECK(schema->constructor_by_name("msg_container")->id == msg_container_id);
  CHECK(schema->constructor_by_name("gzip_packed")->id == gzip_packed_id);
}

TEST_CASE("service messages are written as the bytes on the wire") {
  CHECK(write_service(MsgsAck{{MessageId(5)}}) ==
        support::words({0x62d6b459, 0x1cb5c415, 1, 5, 0}));
  // Salts stand in a bare vector, and bare themselves.
  CHECK(write_service(FutureSalts{MessageId(1), 2, {{3, 4, 5}}}) ==
        support::words({0xae500895, 1, 0, 2, 1, 3, 4, 5, 0}));
  CHECK(write_service(MsgsStateInfo{MessageId(1), {4, 1}}) ==
        support::words({0x04deb57d, 1, 0, 0x00010402}));
}

TEST_CASE("service messages are read back, and refused where they are cut short or lie") {
  const FutureSalts salts{MessageId(1), 2, {{3, 4, 5}, {6, 7, 8}}};
  const auto bytes = write_service(salts);
  const auto read = read_service<FutureSalts>(bytes);
  REQUIRE(read.has_value());
  CHECK(read->salts.size() == 2);
  CHECK(read->salts[1].salt == 8);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = read_service<FutureSalts>(ByteView(bytes).first(size));
    REQUIRE(cut.has_error());
    CHECK(cut.error() == errc::malformed_message);
  }
  CHECK(read_service<Pong>(bytes).error() == errc::malformed_message);
  CHECK(read_service<MsgsAck>(support::words({0x62d6b459, 0x1cb5c415, 0x7fffffff, 5, 0})).error() ==
        errc::malformed_message);
}

#include "mtproto/exchange/messages.hpp"

#include <fstream>
#include <iomanip>
#include <sstream>

#include "mtproto/exchange/plain_message.hpp"
#include "tests/mtproto/exchange/exchange_support.hpp"
#include "tests/support/places.hpp"

using namespace exchange_test;

namespace {

// Reads, checks that nothing is left, and writes again.
template <class Message>
std::string again(const Bytes& bytes) {
  tl::Reader in(bytes);
  const auto message = Message::read(in);
  CHECK(in);
  CHECK(in.left() == 0);
  return hex(serialise(message));
}

template <class Message>
bool readable(ByteView bytes) {
  tl::Reader in(bytes);
  Message::read(in);
  return in.ok();
}

template <class Message>
void check_all_of_it_is_needed(const Bytes& bytes) {
  CHECK(readable<Message>(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(readable<Message>(ByteView(bytes).first(size)));
  }
  auto other = bytes;
  other[0] ^= 1;
  CHECK_FALSE(readable<Message>(other));
}

Bytes body(const support::Vectors& vectors, const std::string& name) {
  auto packet = vectors.bytes(name);
  packet.erase(packet.begin(), packet.begin() + plain_message_head);
  return packet;
}

}  // namespace

TEST_CASE("The messages of a recorded exchange are read and written byte for byte") {
  const support::Vectors recorded("exchange_recorded.txt");
  CHECK(again<ReqPq>(recorded.bytes("step1_request")) == recorded.text("step1_request"));
  CHECK(again<ResPq>(recorded.bytes("step1_response")) == recorded.text("step1_response"));
  CHECK(again<PqInnerData>(recorded.bytes("inner_data")) == recorded.text("inner_data"));
  CHECK(again<ReqDhParams>(recorded.bytes("step2_request")) == recorded.text("step2_request"));
  CHECK(again<ServerDhParamsOk>(recorded.bytes("step2_response")) ==
        recorded.text("step2_response"));
  CHECK(again<SetClientDhParams>(recorded.bytes("step3_request")) ==
        recorded.text("step3_request"));
  CHECK(again<DhGenAnswer>(recorded.bytes("step3_response")) == recorded.text("step3_response"));
}

TEST_CASE("The messages of the official sample are read and written byte for byte") {
  const support::Vectors sample("exchange_sample.txt");
  const auto inner = sample.bytes("p_q_inner_data_dc");
  CHECK(again<PqInnerData>(inner) == hex(inner));
  tl::Reader in(inner);
  CHECK(PqInnerData::read(in).dc == 2);
  CHECK(again<ServerDhInnerData>(sample.bytes("answer_object")) == sample.text("answer_object"));
  CHECK(again<ClientDhInnerData>(sample.bytes("client_DH_inner_data")) ==
        sample.text("client_DH_inner_data"));
  CHECK(again<ResPq>(body(sample, "msg2_resPQ_packet_as_printed")) ==
        hex(body(sample, "msg2_resPQ_packet_as_printed")));
  CHECK(again<DhGenAnswer>(body(sample, "dh_gen_ok_packet_as_printed")) ==
        hex(body(sample, "dh_gen_ok_packet_as_printed")));
}

TEST_CASE("No message of the key exchange is read from a part of it, or from another one") {
  const Bytes some = {1, 2, 3, 4, 5};
  check_all_of_it_is_needed<ReqPq>(serialise(ReqPq{}));
  check_all_of_it_is_needed<ResPq>(serialise(ResPq{{}, {}, some, {1, 2, 3}}));
  check_all_of_it_is_needed<PqInnerData>(
      serialise(PqInnerData{some, some, some, {}, {}, {}, 2, 3}));
  check_all_of_it_is_needed<ReqDhParams>(serialise(ReqDhParams{{}, {}, some, some, 1, some}));
  check_all_of_it_is_needed<ServerDhParamsOk>(serialise(ServerDhParamsOk{{}, {}, some}));
  check_all_of_it_is_needed<ServerDhParamsFail>(serialise(ServerDhParamsFail{}));
  check_all_of_it_is_needed<ServerDhInnerData>(
      serialise(ServerDhInnerData{{}, {}, 3, some, some, 1}));
  check_all_of_it_is_needed<ClientDhInnerData>(serialise(ClientDhInnerData{{}, {}, {}, some}));
  check_all_of_it_is_needed<SetClientDhParams>(serialise(SetClientDhParams{{}, {}, some}));
  check_all_of_it_is_needed<DhGenAnswer>(serialise(DhGenAnswer{}));
}

TEST_CASE("All four forms of the inner data keep what they have") {
  for (auto dc : {std::optional<std::int32_t>(), std::optional(-10002)}) {
    for (auto expires_in : {std::optional<std::int32_t>(), std::optional(86400)}) {
      const auto bytes = serialise(PqInnerData{{}, {}, {}, {}, {}, {}, dc, expires_in});
      tl::Reader in(bytes);
      const auto back = PqInnerData::read(in);
      CHECK(in);
      CHECK(back.dc == dc);
      CHECK(back.expires_in == expires_in);
    }
  }
}

TEST_CASE("The old req_pq is read like req_pq_multi") {
  auto bytes = serialise(ReqPq{});
  bytes[0] = 0x78, bytes[1] = 0x97, bytes[2] = 0x46, bytes[3] = 0x60;
  CHECK(readable<ReqPq>(bytes));
}

TEST_CASE("The typed messages are those of mtproto.tl") {
  std::ifstream file(support::mtproto_tl_file());
  REQUIRE(file);
  std::stringstream scheme;
  scheme << file.rdbuf();
  const auto text = "\n" + scheme.str();
  const std::pair<std::string, std::uint32_t> ids[] = {
      {"req_pq_multi", ReqPq::id},
      {"req_pq", ReqPq::old_id},
      {"resPQ", ResPq::id},
      {"p_q_inner_data", PqInnerData::id},
      {"p_q_inner_data_dc", PqInnerData::id_dc},
      {"p_q_inner_data_temp", PqInnerData::id_temp},
      {"p_q_inner_data_temp_dc", PqInnerData::id_temp_dc},
      {"req_DH_params", ReqDhParams::id},
      {"server_DH_params_ok", ServerDhParamsOk::id},
      {"server_DH_params_fail", ServerDhParamsFail::id},
      {"server_DH_inner_data", ServerDhInnerData::id},
      {"client_DH_inner_data", ClientDhInnerData::id},
      {"set_client_DH_params", SetClientDhParams::id},
      {"dh_gen_ok", DhGenAnswer::id_ok},
      {"dh_gen_retry", DhGenAnswer::id_retry},
      {"dh_gen_fail", DhGenAnswer::id_fail}};
  for (const auto& [name, id] : ids) {
    std::stringstream line;
    line << "\n" << name << "#" << std::hex << std::setfill('0') << std::setw(8) << id << " ";
    INFO(line.str());
    CHECK(text.find(line.str()) != std::string::npos);
  }
}

TEST_CASE("An unencrypted message is written as in the official sample") {
  const support::Vectors sample("exchange_sample.txt");
  Bytes out;
  write_plain_message(MessageId(0x65abc0fc000df764), serialise(ReqPq{sample.array<16>("nonce")}),
                      out);
  CHECK(hex(out) == sample.text("msg1_req_pq_multi_full_packet"));
  const auto parsed = parse_plain_message(out);
  REQUIRE(parsed);
  CHECK(parsed->id == MessageId(0x65abc0fc000df764));
  CHECK(parsed->body.size() == 20);
}

TEST_CASE("An unencrypted message may carry bytes behind its object and behind its length") {
  auto packet = support::Vectors("exchange_sample.txt").bytes("msg2_resPQ_packet_as_printed");
  packet.resize(20 + 184, 0x77);    // what the real server appended, within its length
  tl::append(packet, Bytes(9, 1));  // a transport's padding
  const auto parsed = parse_plain_message(packet);
  REQUIRE(parsed);
  CHECK(parsed->body.size() == 184);
  CHECK(readable<ResPq>(parsed->body));
}

TEST_CASE("What is no unencrypted message is refused by name") {
  Bytes packet;
  write_plain_message(MessageId(4), Bytes(8, 1), packet);
  for (std::size_t size = 0; size < plain_message_head; ++size) {
    CHECK(parse_plain_message(ByteView(packet).first(size)).error() == errc::packet_too_short);
  }
  for (auto size = plain_message_head; size < packet.size(); ++size) {
    CHECK(parse_plain_message(ByteView(packet).first(size)).error() == errc::bad_message_length);
  }
  for (auto length : Bytes{0, 3, 5, 12}) {
    auto bad = packet;
    bad[16] = length;
    CHECK(parse_plain_message(bad).error() == errc::bad_message_length);
  }
  packet[19] = 0xff;
  CHECK(parse_plain_message(packet).error() == errc::bad_message_length);
  packet[3] = 1;
  CHECK(parse_plain_message(packet).error() == errc::wrong_auth_key);
}

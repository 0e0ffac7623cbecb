// Writes the seeds that are no text: make_fuzz_seeds FOLDER. Run again when a target reads its
// input in another way.
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>

#include "mtproto/message/container.hpp"
#include "mtproto/message/gzip.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/service_session.hpp"
#include "tests/fuzz/conversation_seeds.hpp"
#include "tests/support/peer.hpp"
#include "tests/tl/codec_helpers.hpp"
#include "tests/tl/generated_json.hpp"

namespace {

using tl::Bytes;

std::filesystem::path folder;

void write(const std::string& target, const std::string& name, const Bytes& bytes) {
  std::filesystem::create_directories(folder / target);
  std::ofstream out(folder / target / name, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
}

Bytes behind(std::initializer_list<std::uint8_t> front, const Bytes& rest) {
  Bytes out(front);
  tl::append(out, rest);
  return out;
}

// The choice of a type that is due, then an object's bytes.
void tl_seeds() {
  const auto& schema = support::api_schema();
  codec_test::GeneratedJson full(schema, tl::Notation::classic, true);
  for (const auto* name : {"updateShort", "userEmpty", "photo", "future_salts", "dataJSON",
                           "messages.sendMessage", "inputBotInlineMessageText", "jsonArray"}) {
    const auto* combinator = schema.constructor_by_name(name);
    if (combinator == nullptr) combinator = schema.function_by_name(name);
    const auto text = full.of(*combinator, 5);
    write("tl", name, behind({0}, codec_test::encode(schema, text).bytes));
  }
  for (const auto& [due, type, text] :
       {std::tuple{2, "Vector<int>", "[1,-2]"}, std::tuple{3, "Vector<long>", "[\"5000000000\"]"},
        std::tuple{4, "Bool", "true"},
        std::tuple{7, "Vector<Message>", R"([{"_cons":"messageEmpty","id":3}])"}}) {
    const auto bytes = codec_test::encode_as(schema, type, text).bytes;
    write("tl", std::string("due_") + std::to_string(due),
          behind({static_cast<std::uint8_t>(due - 1)}, bytes));
  }
}

// The way (framing, 4: to a server, 8: obfuscated, 16: a proxy's secret), the length of pieces.
void framing_seeds() {
  write("framing", "abridged_to_server", {4, 2, 0xef, 2, 1, 2, 3, 4, 5, 6, 7, 8, 0x81, 1, 2, 3, 4});
  write("framing", "intermediate_to_server",
        {5, 0, 0xee, 0xee, 0xee, 0xee, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
  write("framing", "padded_to_server",
        {6, 3, 0xdd, 0xdd, 0xdd, 0xdd, 10, 0, 0, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  write("framing", "full_to_server",
        {7, 1, 16, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0xc1, 0x5e, 0x0a, 0x6a});
  write("framing", "abridged_obfuscated", {12, 1, 1, 1, 2, 3, 4, 0x7f, 1, 0, 0, 5, 6, 7, 8});
  write("framing", "padded_with_secret", {30, 5, 9, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  write("framing", "intermediate_to_client", {1, 7, 4, 0, 0, 0, 0x6c, 0xfe, 0xff, 0xff});
  write("framing", "abridged_quick_ack", {0, 1, 0x81, 2, 3, 4, 1, 9, 9, 9, 9});
}

void envelope_seeds() {
  using namespace mtproto;
  support::ScriptedRandom random;
  auto server = support::Peer::server(support::fixed_key(), random);
  const auto pong = write_service(Pong{MessageId(4), 5});
  Bytes packet, container;
  seal(server.key, Side::server, {1, SessionId(2), MessageId(5), 1}, pong, server.random, packet);
  write("envelope", "packet", behind({0, 0}, packet));
  write_container(std::vector<InnerMessage>{{MessageId(5), 1, pong}, {MessageId(9), 2, pong}},
                  container);
  write("envelope", "container", behind({6, 0, 1, 2}, container));
  Bytes plain(32);
  plain[28] = static_cast<std::uint8_t>(pong.size());
  tl::append(plain, pong);
  plain.resize(plain.size() + 20);
  write("envelope", "plaintext", behind({1, 1}, plain));
  const Bytes long_body(400, 'x');
  const auto packed = *pack_gzip(long_body);
  write("envelope", "gzip", behind({2, 0}, packed));
  write("envelope", "pack", behind({3, 0}, long_body));
  write("envelope", "packed_body", behind({4, 0, 0, 1, 1}, long_body));
  write("envelope", "packed_twice", behind({4, 0, 1, 1, 1}, long_body));
  write("envelope", "packed_result", behind({5, 0}, long_body));
}

// Which message and how it is spoilt (0: not), then what the message itself wants to know.
void exchange_seeds() {
  write("client_exchange", "right", {0, 0, 0, 1, 0, 3, 0});
  write("client_exchange", "retry", {0, 0, 0, 1, 0, 4, 0, 3, 0});
  write("client_exchange", "fail", {0, 0, 0, 1, 0, 5, 0});
  write("client_exchange", "params_fail", {0, 0, 0, 2, 0});
  write("client_exchange", "other_pq", {0, 0, 2, 0x23, 0x01});
  write("client_exchange", "spoilt_inside", {0, 0, 0, 1, 2, 1, 40, 0, 1, 3, 0});
  write("client_exchange", "short_inside", {0, 0, 0, 1, 2, 0, 20});
  write("server_exchange", "right", {0, 0, 1, 0, 0, 2, 0});
  write("server_exchange", "temporary", {0, 0, 1, 0, 2, 0x80, 0x51, 1, 0, 2, 0});
  write("server_exchange", "repeats", {0, 0, 3, 1, 0, 0, 3, 2, 0, 3});
  write("server_exchange", "late", {0, 0, 4, 240, 1, 0, 0});
  write("server_exchange", "spoilt_inside", {0, 0, 1, 2, 0, 1, 40, 0, 1, 2, 0});
  write("server_exchange", "spoilt_outside",
        {0, 0, 1, 1, 0, 1, 30, 0, 1, 2, 1, 2, 5, 0, 9, 50, 0, 7});
}

// Steps: session_fuzz.cpp and host_fuzz.cpp say what each stands for.
void play_seeds() {
  write("session", "answered", {0, 0, 1, 7, 26});
  write("session", "known_session", {1, 0, 1, 7, 5, 7, 14, 0, 1, 1, 4, 1, 7, 26});
  write("session", "bad_salt", {0, 0, 5, 1, 6, 7, 12, 9, 0, 0, 1, 7, 26});
  write("session", "refused", {0, 0, 5, 7, 11, 0, 0, 5, 1, 0, 7, 11, 0, 1, 10, 1, 0, 7, 26});
  write("session", "new_session", {0, 1, 2, 7, 13, 0, 4, 1, 0, 7, 26});
  write("session", "resend", {0, 0, 2, 7, 15, 2, 0, 0, 3, 1, 0, 7, 26});
  write("session", "lost_links", {0, 0, 1, 1, 2, 7, 5, 7, 3, 6, 5, 7, 6, 0, 3, 5, 7, 26});
  write("session", "container", {0, 0, 1, 7, 9, 3, 1, 0, 1, 1, 2, 3, 4, 0, 2, 1, 2, 3, 4, 1, 0, 0});
  write("session", "odd_requests", {0, 2, 9, 3, 2, 16, 2, 32, 2, 65, 4, 7, 26, 2, 5, 20, 7});
  write("session", "clock", {0, 0, 1, 7, 26, 22, 8, 1, 0, 2, 7, 11, 0, 0, 1, 1, 0, 7, 26, 3, 5});
  write("host", "answered", {0, 0, 18, 11, 0, 4, 18, 14, 3});
  write("host", "container", {0, 3, 2, 1, 1, 2, 3, 4, 1, 5, 6, 7, 8, 0, 0, 18, 11, 0, 1, 18});
  write("host", "services", {1, 4, 0, 7, 0, 4, 2, 4, 0, 0, 0, 0, 4, 6, 2, 0, 1, 0, 18});
  write("host", "resend", {0, 0, 11, 0, 3, 18, 4, 7, 1, 0, 0, 18, 4, 8, 2, 0, 1, 0, 18});
  write("host", "repeats", {0, 0, 9, 9, 11, 0, 1, 9, 18, 16, 9, 18});
  write("host", "drop", {0, 0, 4, 5, 0, 0, 11, 0, 1, 18});
  write("host", "sessions", {0, 0, 8, 1, 0, 8, 2, 0, 4, 3, 1, 0, 13, 2, 18, 16, 0, 18});
  write("host", "delay", {0, 4, 1, 5, 0, 0, 0, 0, 15, 18});
  write("host", "clock", {0, 0, 17, 1, 6, 0, 18, 17, 0, 6, 0, 7, 0, 3, 0, 18});
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 1;
  folder = arguments[1];
  tl_seeds();
  framing_seeds();
  envelope_seeds();
  exchange_seeds();
  play_seeds();
  conversation_seeds(
      [](const std::string& name, const Bytes& bytes) { write("conversation", name, bytes); });
}

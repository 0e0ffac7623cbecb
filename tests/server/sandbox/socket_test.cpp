// The sandbox on real sockets, spoken to by the client's half of the protocol.
#include <catch2/catch.hpp>

#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory_resource>

#include "mtproto/crypto/system_random.hpp"
#include "mtproto/session/session.hpp"
#include "server/sandbox/private_file.hpp"
#include "server/sandbox/sandbox.hpp"
#include "server/upstream/pump.hpp"
#include "tests/server/sandbox/fixture.hpp"
#include "tests/support/contains.hpp"
#include "tests/support/places.hpp"

using namespace fixture;
using server::SandboxOptions;
using server::upstream::boot_time;
using server::upstream::wall_time;
namespace asio = boost::asio;

namespace {

SandboxOptions any_ports() {
  SandboxOptions options;
  options.enabled = true;
  options.port = 0;
  return options;
}

// A client that waits for its answers, over one socket.
class Dialler {
 public:
  Dialler(const SandboxInfo& info, std::int32_t dc, mtproto::ClientTransport speaks = {},
          mtproto::SessionState state = {})
      : session_(options(info, dc), std::move(state), random_) {
    for (const auto& address : info.addresses) {
      if (address.dc.value() != dc) continue;
      socket_.connect({asio::ip::make_address(address.host), address.port});
    }
    session_.connect(mtproto::Transport::client(speaks, random_), boot_time(), wall_time());
  }

  Value call(std::string_view text) {
    const auto message = tl::read_json(as_json(text), arena_);
    REQUIRE(message);
    const auto* function = newest()->function_by_name(message->constructor());
    REQUIRE(function != nullptr);
    tl::Bytes query;
    tl::EncodeOptions encoding;
    encoding.random = &random_;
    REQUIRE(tl::encode(*newest(), *message, encoding, query).has_value());
    tl::Bytes prefix;
    tl::Writer(prefix).nat(0xda9b0d0d).int32(228).nat(0xc1cd5ea9).nat(0).int32(1);
    for (int i = 0; i < 6; ++i) tl::Writer(prefix).bytes(std::string_view("x"));
    tl::append(prefix, query);
    const auto request = session_.send(std::move(prefix), {}, boot_time());
    std::optional<tl::Bytes> answer;
    run([&] {
      for (auto& one : answers_) {
        if (one.request == request) answer.emplace(one.body.begin(), one.body.end());
      }
      return answer.has_value();
    });
    REQUIRE(answer);
    return decode(*answer, function->result);
  }
  // The next thing pushed.
  Value hear() {
    run([&] { return !pushed_.empty(); });
    REQUIRE_FALSE(pushed_.empty());
    const auto body = std::move(pushed_.front());
    pushed_.erase(pushed_.begin());
    return decode(body, tl::any_object);
  }
  const mtproto::SessionState& state() const { return session_.state(); }

 private:
  static mtproto::SessionOptions options(const SandboxInfo& info, std::int32_t dc) {
    mtproto::SessionOptions out;
    out.keys = {info.key};
    out.dc = dc;
    return out;
  }

  Value decode(const tl::Bytes& body, tl::TypeRef due) {
    if (tl::Reader(body).peek() == 0x2144ca19) due = tl::any_object;
    const auto value = tl::decode_value(*with_service(), due, body, arena_);
    REQUIRE(value.has_value());
    return *value;
  }
  static const std::shared_ptr<const tl::Schema>& with_service() {
    static const auto schema =
        support::parse_schema({{"api.tl", support::read_file(support::api_tl_file())},
                               {"mtproto.tl", support::read_file(support::mtproto_tl_file())}});
    return schema;
  }

  template <class Done>
  void run(const Done& done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done() && std::chrono::steady_clock::now() < until) {
      const auto now = boot_time();
      for (auto& work : session_.take_work()) {
        work->run();
        session_.done(std::move(work), now);
      }
      if (const auto due = session_.deadline(); due && *due <= now) session_.tick(now);
      tl::Bytes out;
      while (session_.take_output(out)) {
        asio::write(socket_, asio::buffer(out));
        out.clear();
      }
      look();
      if (done()) return;
      pollfd wait{socket_.native_handle(), POLLIN, 0};
      if (::poll(&wait, 1, 20) > 0) {
        std::array<std::uint8_t, 65536> buffer{};
        boost::system::error_code failed;
        const auto size = socket_.read_some(asio::buffer(buffer), failed);
        REQUIRE_FALSE(failed);
        session_.receive(tl::ByteView(buffer).first(size), boot_time());
      }
      look();
    }
  }
  void look() {
    for (auto& event : session_.take_events()) {
      if (auto* answer = std::get_if<mtproto::Answer>(&event)) {
        answers_.push_back(std::move(*answer));
      } else if (auto* pushed = std::get_if<mtproto::Pushed>(&event)) {
        pushed_.emplace_back(pushed->body.begin(), pushed->body.end());
      } else if (auto* failed = std::get_if<mtproto::Failed>(&event)) {
        FAIL(failed->why.message());
      }
    }
  }

  mtproto::SystemRandom random_;
  mtproto::Session session_;
  asio::io_context context_;
  asio::ip::tcp::socket socket_{context_};
  std::pmr::monotonic_buffer_resource arena_;
  std::vector<mtproto::Answer> answers_;
  std::vector<tl::Bytes> pushed_;
};

Value sign_in(Dialler& client) {
  const auto sent = client.call(
      "{'_cons':'auth.sendCode','phone_number':'9996620001','api_id':1,'api_hash':'x'}");
  return client.call("{'_cons':'auth.signIn','phone_number':'9996620001','phone_code_hash':'" +
                     std::string(sent["phone_code_hash"].text()) + "','phone_code':'22222'}");
}

}  // namespace

TEST_CASE("a client signs in over a socket, writes to the echo bot and hears it") {
  Sandbox sandbox(any_ports(), {{228, newest()}});
  REQUIRE(sandbox.info().addresses.size() == 3);
  Dialler client(sandbox.info(), 2);
  const auto config = client.call("{'_cons':'help.getConfig'}");
  CHECK(config.constructor() == "config");
  CHECK(number(config["this_dc"]) == 2);
  CHECK(number(config["dc_options"].items()[0]["port"]) == sandbox.info().addresses[0].port);
  CHECK(sign_in(client)["user"]["first_name"].text() == "Ada");
  const auto bot = client.call("{'_cons':'contacts.resolveUsername','username':'echobot'}");
  client.call("{'_cons':'messages.sendMessage','peer':" +
              Client::input("inputPeerUser", bot["users"].items()[0]) + ",'message':'hi'}");
  CHECK(client.hear()["updates"].items()[0].constructor() == "updateUserTyping");
  const auto heard = client.hear();
  CHECK(heard["updates"].items().back()["message"]["message"].text() == "hi");
}

TEST_CASE("every framing reaches it, also obfuscated") {
  Sandbox sandbox(any_ports(), {{228, newest()}});
  std::int32_t dc = 1;
  for (const auto framing : {mtproto::Framing::abridged, mtproto::Framing::intermediate,
                             mtproto::Framing::padded, mtproto::Framing::full}) {
    for (const bool obfuscated : {false, true}) {
      if (obfuscated && framing == mtproto::Framing::full) continue;
      mtproto::ClientTransport speaks;
      speaks.framing = framing;
      speaks.obfuscated = obfuscated;
      Dialler client(sandbox.info(), dc, speaks);
      CHECK(number(client.call("{'_cons':'help.getNearestDc'}")["this_dc"]) == dc);
      dc = dc % 3 + 1;
    }
  }
}

TEST_CASE("a taken port is an error for people") {
  asio::io_context context;
  asio::ip::tcp::acceptor taken(context, {asio::ip::address_v4::loopback(), 0});
  auto options = any_ports();
  options.port = static_cast<std::uint16_t>(taken.local_endpoint().port() - 1);
  CHECK_THROWS_WITH(Sandbox(options, {{228, newest()}}), support::contains("can't listen on"));
}

TEST_CASE("with a state file a client is still signed in after a restart") {
  auto folder = (std::filesystem::temp_directory_path() / "sandbox-test-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  auto options = any_ports();
  options.key_file = folder + "/key.pem";
  options.public_key_file = folder + "/public.pem";
  options.state_file = folder + "/state";
  std::optional<mtproto::SessionState> kept;
  std::uint64_t fingerprint = 0;
  {
    Sandbox sandbox(options, {{228, newest()}});
    fingerprint = sandbox.info().key.fingerprint();
    Dialler client(sandbox.info(), 2);
    sign_in(client);
    client.call(
        "{'_cons':'messages.sendMessage','peer':{'_cons':'inputPeerSelf'},"
        "'message':'remember'}");
    kept = client.state();
  }
  {
    Sandbox sandbox(options, {{228, newest()}});
    CHECK(sandbox.info().key.fingerprint() == fingerprint);
    mtproto::SessionState state;
    state.key = kept->key;
    Dialler client(sandbox.info(), 2, {}, state);
    const auto history =
        client.call("{'_cons':'messages.getHistory','peer':{'_cons':'inputPeerSelf'}}");
    REQUIRE(history["messages"].items().size() == 1);
    CHECK(history["messages"].items()[0]["message"].text() == "remember");
  }
  server::sandbox::write_private_file(options.state_file, "{ not ours");
  CHECK_THROWS_WITH(Sandbox(options, {{228, newest()}}),
                    support::contains("is no state of a sandbox"));
  CHECK(server::sandbox::read_private_file(options.state_file) == "{ not ours");
  server::sandbox::write_private_file(options.key_file, "no key");
  CHECK_THROWS_WITH(Sandbox(options, {{228, newest()}}), support::contains("RSA"));
  std::filesystem::remove_all(folder);
}

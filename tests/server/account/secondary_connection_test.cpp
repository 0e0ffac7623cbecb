// An upstream connection to another data centre, with a scripted upstream connection under it and a
// scripted home.
#include "server/account/secondary_connection.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "tests/server/account/scripted_upstream.hpp"
#include "tests/support/api_schema.hpp"

using server::account::HomeCaller;
using server::account::SecondaryConnection;
using namespace server::upstream;
using support::error, support::ScriptedUpstream, support::word;
using namespace std::chrono_literals;
using mtproto::RequestId;

namespace {

constexpr std::uint32_t without_updates = 0xbf9459b7, import_id = 0xa57a7dad;

tl::Bytes exported() {
  tl::Bytes out;
  tl::Writer(out).nat(0xb434e2b8).int64(77).bytes(std::string_view("secret"));
  return out;
}

struct Branch final : HomeCaller, UpstreamCallbacks {
  boost::asio::io_context context{1};
  std::vector<std::shared_ptr<ScriptedUpstream>> ports;
  std::shared_ptr<SecondaryConnection> upstream;
  bool key = true;
  std::vector<Done> calls;
  std::map<std::uint64_t, std::uint32_t> answers;  // request → constructor
  std::vector<UpstreamFailure> failures;
  std::size_t readies = 0;

  explicit Branch(std::chrono::milliseconds kept = 60s) {
    SecondaryConnection::Settings settings;
    settings.dc = mtproto::DcId(3);
    settings.kept = kept;
    settings.schema = support::small_schema(R"(
auth.exportedAuthorization#b434e2b8 id:long bytes:bytes = auth.ExportedAuthorization;
---functions---
auth.exportAuthorization#e5bfffcd dc_id:int = auth.ExportedAuthorization;
auth.importAuthorization#a57a7dad id:long bytes:bytes = auth.ExportedAuthorization;
)");
    settings.make_upstream = [this](mtproto::SessionState state, UpstreamCallbacks& user) {
      return ports.emplace_back(
          std::make_shared<ScriptedUpstream>(UpstreamSettings{}, std::move(state), user));
    };
    upstream = std::make_shared<SecondaryConnection>(context.get_executor(), std::move(settings),
                                                     *this, *this);
  }
  ~Branch() override { upstream->close(); }

  ScriptedUpstream& port() { return *ports.back(); }
  RequestId ask(std::uint32_t method, mtproto::SendOptions options = {}) {
    return upstream->send(word(method), std::move(options));
  }
  void home_says(tl::Bytes answer) {
    const auto done = std::move(calls.back());
    calls.pop_back();
    done(std::move(answer));
  }
  // From the first request to an open way.
  void open_way() {
    home_says(exported());
    port().up = true;
    port().user.on_ready();
    port().answer(port().sent.size() - 1, word(1));
  }

  bool has_key() const override { return key; }
  void call_home(tl::Bytes, Done done) override { calls.push_back(std::move(done)); }
  void on_connecting() override {}
  void on_ready() override { ++readies; }
  void on_answer(RequestId id, tl::Slice body) override {
    answers[id.value()] = tl::Reader(body).nat();
  }
  void on_written(RequestId) override {}
  void on_lost(RequestId) override {}
  void on_refused(RequestId, boost::system::error_code) override {}
  void on_pushed(tl::Slice) override { FAIL("updates from there are nobody's"); }
  void on_down(const UpstreamFailure& failure) override { failures.push_back(failure); }
  void on_changed() override {}
};

}  // namespace

TEST_CASE("Calls wait for one transfer and go in their order without updates") {
  Branch branch;
  const auto a = branch.ask(0xa), b = branch.ask(0xb);
  CHECK(branch.calls.size() == 1);
  CHECK(branch.port().sent.empty());
  branch.home_says(exported());
  REQUIRE(branch.port().sent.size() == 1);
  CHECK(branch.port().method(0) == import_id);
  branch.port().answer(0, word(1));
  REQUIRE(branch.port().sent.size() == 3);
  CHECK(branch.port().method(1) == 0xa);
  CHECK(branch.port().method(2) == 0xb);
  CHECK(tl::Reader(branch.port().sent[1].body).nat() == without_updates);
  branch.port().answer(2, word(0xbb));
  branch.port().answer(1, word(0xaa));
  CHECK(branch.answers ==
        std::map<std::uint64_t, std::uint32_t>{{a.value(), 0xaa}, {b.value(), 0xbb}});
  branch.ask(0xc);
  CHECK(branch.calls.empty());
  CHECK(branch.port().method(3) == 0xc);
}

TEST_CASE("A service message does not wait and is not wrapped") {
  Branch branch;
  mtproto::SendOptions service;
  service.api = false;
  branch.ask(0x7abe77ec, service);
  CHECK(branch.calls.empty());
  REQUIRE(branch.port().sent.size() == 1);
  CHECK(std::ranges::equal(tl::ByteView(branch.port().sent[0].body), word(0x7abe77ec)));
}

TEST_CASE("Without a key at home nothing is exported") {
  Branch branch;
  branch.key = false;
  branch.ask(0xa);
  CHECK(branch.calls.empty());
  CHECK(branch.port().method(0) == 0xa);
}

TEST_CASE("Requests that name earlier ones name them as the upstream connection knows them") {
  Branch branch;
  const auto a = branch.ask(0xa);
  mtproto::SendOptions behind;
  behind.after = {a};
  branch.ask(0xb, behind);
  branch.open_way();
  REQUIRE(branch.port().sent.size() == 3);
  CHECK(branch.port().sent[2].options.after == std::vector{branch.port().sent[1].id});
}

TEST_CASE("After a 401 the next call brings the authorization once more") {
  Branch branch;
  const auto a = branch.ask(0xa);
  branch.ask(0xb);
  branch.open_way();
  branch.port().answer(1, error(401, "AUTH_KEY_UNREGISTERED"));
  CHECK(branch.answers.at(a.value()) == support::error_id);
  branch.ask(0xa);
  CHECK(branch.calls.size() == 1);
  // A refusal of what was sent before the second passage says nothing of it.
  branch.home_says(exported());
  branch.port().answer(3, word(1));
  branch.port().answer(2, error(401, "AUTH_KEY_UNREGISTERED"));
  branch.ask(0xc);
  CHECK(branch.calls.empty());
}

TEST_CASE("What Telegram refuses at home is the answer of all that waited") {
  Branch branch;
  const auto a = branch.ask(0xa), b = branch.ask(0xb);
  branch.home_says(error(420, "FLOOD_WAIT_5"));
  CHECK(branch.answers.at(a.value()) == support::error_id);
  CHECK(branch.answers.at(b.value()) == support::error_id);
  branch.ask(0xc);
  CHECK(branch.calls.size() == 1);
}

TEST_CASE("Where there is no way home its failure is told") {
  Branch branch;
  branch.ask(0xa);
  UpstreamFailure failure;
  failure.reason = "Connection refused";
  failure.dc = mtproto::DcId(2);
  const auto done = branch.calls.back();
  done(failure);
  REQUIRE(branch.failures.size() == 1);
  CHECK(branch.failures[0].dc == mtproto::DcId(2));
}

TEST_CASE("A passage that nobody waits for any more is given up") {
  Branch branch;
  branch.upstream->forget(branch.ask(0xa));
  branch.home_says(exported());  // late
  CHECK(branch.port().sent.empty());
  branch.ask(0xb);
  CHECK(branch.calls.size() == 1);
}

TEST_CASE("A line that nobody uses is hung up and the key and the passage are remembered") {
  Branch branch(1ms);
  branch.ask(0xa);
  branch.open_way();
  branch.port().session.session = mtproto::SessionId(7);
  branch.port().answer(1, word(0xaa));
  for (int i = 0; i < 1000 && !branch.port().closed; ++i) branch.context.run_one_for(10ms);
  CHECK(branch.port().closed);
  branch.ask(0xb);
  REQUIRE(branch.ports.size() == 2);
  CHECK(branch.port().session.session == mtproto::SessionId(7));
  CHECK(branch.calls.empty());
  CHECK(branch.port().method(0) == 0xb);
}

TEST_CASE("A line that somebody waits on is not hung up") {
  Branch branch(1ms);
  branch.ask(0xa);
  branch.open_way();
  branch.ask(0xb);
  branch.port().answer(1, word(0xaa));
  branch.context.run_for(20ms);
  CHECK_FALSE(branch.port().closed);
}

TEST_CASE("A key that is of no use is forgotten and so is who was signed in with it") {
  Branch branch;
  branch.ask(0xa);
  branch.open_way();
  branch.port().session.session = mtproto::SessionId(7);
  UpstreamFailure failure;
  failure.final = true;
  branch.port().user.on_down(failure);
  CHECK(branch.failures.size() == 1);
  branch.ask(0xb);
  REQUIRE(branch.ports.size() == 2);
  CHECK(branch.port().session.session == mtproto::SessionId(0));
  CHECK(branch.calls.size() == 1);
}

TEST_CASE("An import that was lost is begun anew") {
  Branch branch;
  branch.ask(0xa);
  branch.home_says(exported());
  branch.port().user.on_lost(branch.port().sent[0].id);
  CHECK(branch.calls.size() == 1);
  branch.home_says(exported());
  CHECK(branch.port().method(1) == import_id);
}

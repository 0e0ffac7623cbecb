#include "server/account/qr_refresher.hpp"

#include <catch2/catch.hpp>

#include "tests/server/account/signin_fixture.hpp"

using namespace server::account;
using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr mtproto::Duration timeout = 20s;

// A client that shows a code.
struct Screen final : QrRefresher::User {
  SigninDesk desk;
  QrRefresher code;
  Lines heard;  // what is pushed
  std::size_t refreshed = 0, due = 0;

  explicit Screen(bool pushes = true)
      : code(*desk.driver, desk.world.memory, timeout, pushes, *this) {}

  // A code that runs out 30 seconds from `at(0)`.
  void show() {
    REQUIRE_FALSE(desk.step(R"({"qr":true})"));
    desk.answer(token(30));
    REQUIRE(desk.driver->state() == "qr");
    code.plan(at(0));
  }
  static std::string token(int expires) {
    return R"({"_cons":"auth.loginToken","expires":)" + std::to_string(expires) +
           R"(,"token":"AAAA"})";
  }
  static DcChange change(DcChange::State state) { return {home_dc, state, nullptr}; }
  std::size_t sent() { return desk.home().sent.size(); }

  Account& code_account() const override { return *desk.account; }
  server::AppIdentity code_app() const override {
    server::AppIdentity app;
    app.api_id = 12345;
    app.api_hash = "0123456789abcdef";
    return app;
  }
  tl::Notation code_notation() const override { return tl::Notation::classic; }
  Account* on_signin_moves(mtproto::DcId dc, mtproto::Time now) override {
    return desk.on_signin_moves(dc, now);
  }
  void on_code(std::string_view signin) override { heard.emplace_back(signin); }
  void on_refreshed(mtproto::Time) override { ++refreshed; }
  void on_due() override { ++due; }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("A code that is shown is due again before it runs out", "[qr_refresher]") {
  Screen screen;
  CHECK_FALSE(screen.code.shows());
  CHECK_FALSE(screen.code.deadline());
  screen.show();
  CHECK(screen.code.shows());
  CHECK(screen.due == 1);
  REQUIRE(screen.code.deadline() == at(27));
  CHECK_FALSE(screen.code.is_due(at(26)));
  CHECK(screen.code.is_due(at(27)));
}

TEST_CASE("For a client that hears no pushes no code is kept fresh", "[qr_refresher]") {
  Screen screen(false);
  screen.show();
  CHECK_FALSE(screen.code.shows());
  CHECK_FALSE(screen.code.deadline());
}

TEST_CASE("A fresh code is asked for, told and planned for anew", "[qr_refresher]") {
  Screen screen;
  screen.show();
  screen.code.refresh(at(27));
  CHECK(screen.code.under_way());
  CHECK_FALSE(screen.code.is_due(at(99)));
  CHECK(screen.code.deadline() == at(27) + timeout);
  CHECK(screen.desk.called() == "auth.exportLoginToken");
  screen.desk.answer(Screen::token(57));
  CHECK_FALSE(screen.code.under_way());
  REQUIRE(screen.heard.size() == 1);
  CHECK(has(screen.heard[0], R"("state":"qr")"));
  CHECK(has(screen.heard[0], R"("expires":57)"));
  CHECK(screen.refreshed == 1);
  CHECK(screen.code.deadline());
}

TEST_CASE("A refresh that fails is told to nobody and tried again later", "[qr_refresher]") {
  Screen screen;
  screen.show();
  screen.code.refresh(at(27));
  const auto before = server::upstream::boot_time();
  screen.desk.home().go_down("no route");
  CHECK(screen.heard.empty());
  CHECK(screen.refreshed == 1);
  REQUIRE(screen.code.deadline());
  CHECK(*screen.code.deadline() >= before + QrRefresher::retry_after);
}

TEST_CASE("A refusal that leaves the code is told to nobody and tried again later",
          "[qr_refresher]") {
  Screen screen;
  screen.show();
  screen.code.refresh(at(27));
  screen.desk.refuse(420, "FLOOD_WAIT_5");
  CHECK(screen.heard.empty());
  CHECK(screen.code.shows());
  CHECK(screen.code.deadline());
}

TEST_CASE("A refusal that ends the code is told", "[qr_refresher]") {
  Screen screen;
  screen.show();
  screen.code.refresh(at(27));
  screen.desk.refuse(400, "API_ID_INVALID");
  REQUIRE(screen.heard.size() == 1);
  CHECK(has(screen.heard[0], R"("state":"start")"));
  CHECK_FALSE(screen.code.deadline());
}

TEST_CASE("A refresh without an answer is given up at its time and tried again later",
          "[qr_refresher]") {
  Screen screen;
  screen.show();
  screen.code.refresh(at(27));
  const auto end = at(27) + timeout;
  screen.code.tick(end - 1us);
  CHECK(screen.code.under_way());
  screen.code.tick(end);
  CHECK_FALSE(screen.code.under_way());
  CHECK(screen.heard.empty());
  CHECK(screen.refreshed == 1);
  CHECK(screen.code.deadline() == end + QrRefresher::retry_after);
  screen.desk.answer(Screen::token(57));
  CHECK(screen.heard.empty());
}

TEST_CASE("A code that was scanned is asked about at once, and signs in", "[qr_refresher]") {
  Screen screen;
  screen.show();
  const auto scanned = encoded(*SigninDesk::schema(), R"({"_cons":"updateShort","update":)"
                                                      R"({"_cons":"updateLoginToken"},"date":1})");
  CHECK(screen.code.claims(scanned));
  CHECK_FALSE(screen.code.claims(word(5)));
  screen.code.on_scanned(at(3));
  CHECK(screen.code.is_due(at(3)));
  screen.code.refresh(at(3));
  screen.desk.answer(R"({"_cons":"auth.loginTokenSuccess","authorization":)" +
                     std::string(user_json) + "}");
  REQUIRE(screen.heard.size() == 1);
  CHECK(has(screen.heard[0], R"("state":"done")"));
  CHECK_FALSE(screen.code.shows());
  CHECK_FALSE(screen.code.claims(scanned));
  CHECK_FALSE(screen.code.deadline());
}

TEST_CASE("A code that is scanned while a fresh one comes is asked about right after",
          "[qr_refresher]") {
  Screen screen;
  screen.show();
  screen.code.refresh(at(27));
  screen.code.on_scanned(at(28));
  CHECK(screen.code.deadline() == at(27) + timeout);
  screen.desk.answer(Screen::token(57));
  CHECK(screen.code.is_due(server::upstream::boot_time()));
}

TEST_CASE("When the connection is there again the code may have been scanned meanwhile",
          "[qr_refresher]") {
  Screen screen;
  screen.show();
  screen.code.on_dc({mtproto::DcId(3), DcChange::State::ready, nullptr}, at(4));
  screen.code.on_dc(Screen::change(DcChange::State::waiting), at(4));
  CHECK_FALSE(screen.code.is_due(at(4)));
  screen.code.on_dc(Screen::change(DcChange::State::ready), at(5));
  CHECK(screen.code.is_due(at(5)));
}

TEST_CASE("With its key the code is gone, and that is told", "[qr_refresher]") {
  Screen screen;
  screen.show();
  screen.code.on_dc(Screen::change(DcChange::State::failed), at(5));
  CHECK(screen.heard == Lines{R"({"state":"start"})"});
  CHECK_FALSE(screen.code.shows());
  CHECK_FALSE(screen.code.deadline());
  CHECK(screen.desk.driver->state() == "start");
}

TEST_CASE("A code that nobody shows any more is not refreshed", "[qr_refresher]") {
  Screen screen;
  screen.show();
  REQUIRE_FALSE(screen.desk.step(R"({"phone":"9996620001"})"));
  screen.desk.answer(sent_code);
  const auto before = screen.sent();
  screen.code.refresh(at(27));
  CHECK(screen.sent() == before);
  CHECK_FALSE(screen.code.under_way());
}

TEST_CASE("A code whose refresh leads to another data centre is got there", "[qr_refresher]") {
  Screen screen;
  screen.show();
  screen.code.on_scanned(at(3));
  screen.code.refresh(at(3));
  screen.desk.answer(R"({"_cons":"auth.loginTokenMigrateTo","dc_id":4,"token":"BBBB"})");
  CHECK(screen.desk.moves == std::vector{4});
  screen.desk.home().come_up();
  screen.desk.home().end_turn();
  CHECK(screen.desk.called() == "auth.importLoginToken");
  screen.desk.answer(R"({"_cons":"auth.loginTokenSuccess","authorization":)" +
                     std::string(user_json) + "}");
  REQUIRE(screen.heard.size() == 1);
  CHECK(has(screen.heard[0], R"("state":"done")"));
}

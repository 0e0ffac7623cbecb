// A client's connection to an account that is looked for among nodes. Whoever drives it looks at its
// deadline only when it is told to.
#include "server/gateway/account_connection.hpp"

#include <catch2/catch.hpp>

#include "tests/server/gateway/lone_node.hpp"

using namespace support;
using server::upstream::boot_time;

namespace {

class Driver final : public server::ObjectSink {
 public:
  server::LongText& begin() override { return out_; }
  void complete(server::ObjectNote) override { objects.push_back(std::exchange(out_, {}).copy()); }
  void wake() override { due = of->deadline(); }
  void update_usage() override {}
  void finish() override {}
  void reset(std::string_view) override {}

  server::RequestTaker* of = nullptr;
  std::vector<std::string> objects;
  std::optional<mtproto::Time> due;

 private:
  server::LongText out_;
};

struct Client {
  explicit Client(LoneNode& in) : node(in) { driver.of = &connection; }
  ~Client() { connection.close(); }

  void send(std::string_view json) {
    auto object = read_object(node.gateway.memory, json);
    connection.receive(std::get<server::Incoming>(std::move(object)), boot_time());
    driver.wake();
  }

  LoneNode& node;
  Driver driver;
  server::AccountConnection connection{node.thread, driver, {}, "ada"};
};

}  // namespace

TEST_CASE("what waited for its account to be found is over when its time is") {
  LoneNode node;
  Client ada(node);
  ada.send(R"({"id":1,"account":"ada","timeout":2,"signin":{"qr":true}})");
  CHECK(!ada.driver.due);
  REQUIRE(node.until([&] { return !node.telegram.asked.empty(); }));
  REQUIRE(ada.driver.due);
  ada.connection.tick(*ada.driver.due);
  REQUIRE(ada.driver.objects.size() == 1);
  CHECK(has(ada.driver.objects[0], R"("_cons":"rpc_timeout")"));
}

// What another node says over its link, in lines: one client's objects beside another's.
#include "server/gateway/node_session.hpp"

#include <catch2/catch.hpp>

#include "server/channel/json_lines.hpp"
#include "tests/server/gateway/lone_node.hpp"
#include "tests/support/byte_sink.hpp"

using namespace support;
using server::upstream::boot_time;

namespace {

constexpr std::size_t max_line = 4096;

struct Owner : LoneNode {
  ByteSink lines;
  std::unique_ptr<server::channel::JsonLines> link;

  Owner() : LoneNode(options()) {
    const std::string token(64, '5');
    gateway.node = *server::NodeIdentity::make(token, "");
    server::Caller caller;
    caller.admitted = true;
    link = std::make_unique<server::channel::JsonLines>(thread, lines, std::move(caller), true);
    say(R"({"node":{"version":1,"id":"x","token":")" + token + "\"}}");
    for (const char* channel : {"1", "2"}) {
      say(R"({"to":)" + std::string(channel) +
          R"(,"open":{"account":"ada","shape":"object","json":"plain","scope":null}})");
    }
  }
  ~Owner() {
    link->close();
    link.reset();
  }

  void say(const std::string& line) {
    const auto text = line + "\n";
    link->receive(tl::as_bytes(text), boot_time());
    turn();
  }
  bool hears(std::string_view part) {
    return until([&] { return has(lines.text(), part); });
  }

 private:
  static server::Options options() {
    server::Options out;
    out.max_line = max_line;
    out.max_memory = std::size_t{8} << 20;
    return out;
  }
};

std::string object(int id, std::size_t size) {
  const auto start = R"({"id":)" + std::to_string(id) + R"(,"options":{},"@extra":")";
  return start + std::string(size - start.size() - 2, 'x') + "\"}";
}

std::string frame(int channel, int number, const std::string& of) {
  const auto to = std::to_string(channel);
  return R"({"id":")" + to + "." + std::to_string(number) + R"(","to":)" + to + R"(,"object":)" +
         of + "}";
}

}  // namespace

TEST_CASE("an object as long as a client's line may be is read from another node") {
  Owner owner;
  owner.say(frame(1, 1, object(7, max_line)));
  CHECK(owner.hears("{\"id\":7,"));
  CHECK(owner.lines.reset_reason.empty());
}

TEST_CASE("a node's object for which there is no memory is refused alone") {
  Owner owner;
  owner.say(frame(1, 3, object(7, std::size_t{9} << 20)));
  CHECK(owner.hears(R"({"of":1,"refused":3,"error":"Busy","msg":)"));
  CHECK(owner.lines.reset_reason.empty());
  owner.say(frame(2, 1, object(8, 100)));
  CHECK(owner.hears("{\"id\":8,"));
}

TEST_CASE("a node's object that has no room while one before it is read is refused alone") {
  Owner owner;
  const auto first = frame(1, 1, object(7, 100'000));
  owner.say(first + "\n" + frame(2, 6, object(8, std::size_t{9} << 20)));
  CHECK(owner.hears(R"({"of":2,"refused":6,"error":"Busy","msg":)"));
  CHECK(owner.hears("{\"id\":7,"));
  CHECK(owner.lines.reset_reason.empty());
}

TEST_CASE("what can't be read of a node and is no client's object ends its link") {
  for (const char* line : {R"({"id":"1.x","to":1,"object":)", R"({"to":1,"object":)", "5"}) {
    Owner owner;
    owner.say(line);
    CHECK(owner.lines.reset_reason == "a node said what is no frame");
  }
}

#include "server/gateway/node_frames.hpp"

#include <catch2/catch.hpp>
#include <vector>

using server::NodeFrame;
using server::NodeFrames;

namespace {

// Each frame as its number and its payload.
std::vector<std::pair<std::uint64_t, std::string>> all_of(NodeFrames& frames) {
  std::vector<std::pair<std::uint64_t, std::string>> out;
  while (auto frame = frames.next()) {
    out.emplace_back(frame->header["of"].as_uint64().value_or(0), frame->payload);
  }
  return out;
}

const std::string three = "{\"of\":1,\"size\":5}\na\nb\nc\n{\"of\":2}\n{\"of\":3,\"size\":0}\n\n";
const std::vector<std::pair<std::uint64_t, std::string>> as_read{{1, "a\nb\nc"}, {2, ""}, {3, ""}};

}  // namespace

TEST_CASE("frames of a link are the same wherever their bytes are cut") {
  for (std::size_t size = 1; size <= three.size(); ++size) {
    NodeFrames frames;
    std::vector<std::pair<std::uint64_t, std::string>> out;
    for (std::size_t at = 0; at < three.size(); at += size) {
      frames.feed(std::string_view(three).substr(at, size));
      for (auto& one : all_of(frames)) out.push_back(std::move(one));
    }
    CHECK(out == as_read);
    CHECK_FALSE(frames.broken());
    CHECK(frames.held() == 0);
  }
}

TEST_CASE("a payload that is announced takes no room before it comes") {
  NodeFrames frames;
  frames.feed("{\"of\":1,\"size\":" + std::to_string(NodeFrames::longest_payload) + "}\nab");
  CHECK_FALSE(frames.next());
  CHECK_FALSE(frames.broken());
  CHECK(frames.held() == 2);
}

TEST_CASE("what is no frame of a link ends it") {
  const auto text = GENERATE(as<std::string>(), "5\n", "{\n", "\n", "[]\n", "{\"size\":-1}\n",
                             "{\"size\":\"x\"}\n", "{\"size\":268435457}\n", "{\"size\":2}\nabc\n",
                             std::string(NodeFrames::longest_header + 1, ' '));
  NodeFrames frames;
  frames.feed(text);
  CHECK(all_of(frames).empty());
  CHECK(frames.broken());
  frames.feed("{\"of\":1}\n");
  CHECK_FALSE(frames.next());
}

TEST_CASE("an object's number is read as it was written, and nothing else is one") {
  using server::ObjectNumber;
  for (const ObjectNumber number : {ObjectNumber{7, 3}, ObjectNumber{0, ~std::uint64_t{0}}}) {
    CHECK(server::read_object_number(server::text_of(number)) == number);
  }
  for (const char* id : {"", "7", "\"", "\"\"", "\"7\"", "\"7.\"", "\".3\"", "\"7.3.1\"",
                         "\"-7.3\"", "\"7.-3\"", "\"7.99999999999999999999\"", "\"7. 3\"", "7.3"}) {
    INFO(id);
    CHECK_FALSE(server::read_object_number(id));
  }
}

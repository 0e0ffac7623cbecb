// "me" and "@name" where a peer is due.
#include <catch2/catch.hpp>

#include "tests/tl/codec_helpers.hpp"

using namespace codec_test;
using tl::Peer;

namespace {

const tl::Schema& api() { return support::api_schema(); }

struct Peers {
  Book book;
  tl::EncodeOptions options;
  Peers() {
    book.peers["durov"] = {Peer::Kind::user, 1, 2};
    book.peers["news_1"] = {Peer::Kind::channel, 3, -4};
    book.peers["group"] = {Peer::Kind::chat, 5, 0};
    options.peers = &book;
  }
  std::string as(std::string_view type, std::string_view text) const {
    return bytes_of(encode_as(api(), type, text, options));
  }
};

}  // namespace

TEST_CASE("me is oneself, and no channel") {
  const Peers peers;
  CHECK(peers.as("InputPeer", "\"me\"") == peers.as("InputPeer", R"({"_cons":"inputPeerSelf"})"));
  CHECK(peers.as("InputUser", "\"me\"") == peers.as("InputUser", R"({"_cons":"inputUserSelf"})"));
  CHECK(encode_as(api(), "InputPeer", "\"me\"").result.has_value());
  const auto channel = encode_as(api(), "InputChannel", "\"me\"", peers.options);
  REQUIRE_FALSE(channel.result.has_value());
  CHECK(channel.result.error().kind == tl::Problem::Kind::type);
}

TEST_CASE("a known name is its peer, in the form that is due") {
  const Peers peers;
  CHECK(peers.as("InputPeer", "\"@durov\"") ==
        peers.as("InputPeer", R"({"_cons":"inputPeerUser","user_id":1,"access_hash":2})"));
  CHECK(peers.as("InputUser", "\"@DUROV\"") ==
        peers.as("InputUser", R"({"_cons":"inputUser","user_id":1,"access_hash":2})"));
  CHECK(peers.as("InputPeer", "\"@News_1\"") ==
        peers.as("InputPeer", R"({"_cons":"inputPeerChannel","channel_id":3,"access_hash":-4})"));
  CHECK(peers.as("InputChannel", "\"@news_1\"") ==
        peers.as("InputChannel", R"({"_cons":"inputChannel","channel_id":3,"access_hash":-4})"));
  CHECK(peers.as("InputPeer", "\"@group\"") ==
        peers.as("InputPeer", R"({"_cons":"inputPeerChat","chat_id":5})"));
}

TEST_CASE("a name of the wrong kind is refused") {
  const Peers peers;
  for (const auto& [type, name] :
       {std::pair{"InputUser", "\"@news_1\""}, std::pair{"InputChannel", "\"@durov\""},
        std::pair{"InputUser", "\"@group\""}, std::pair{"InputChannel", "\"@group\""}}) {
    const auto encoded = encode_as(api(), type, name, peers.options);
    REQUIRE_FALSE(encoded.result.has_value());
    CHECK(encoded.result.error().text.find(type) != std::string::npos);
  }
}

TEST_CASE("what is no name is refused where it stands") {
  const Peers peers;
  for (const auto* name : {"\"\"", "\"@\"", "\"durov\"", "\"@du rov\"", "\"@дуров\"", "\"Me\"",
                           "\"@@durov\"", "\"+99966201\""}) {
    CAPTURE(name);
    const auto encoded =
        encode(api(), R"({"_cons":"users.getUsers","id":["me",)" + std::string(name) + "]}",
               peers.options);
    REQUIRE_FALSE(encoded.result.has_value());
    CHECK(encoded.result.error().kind == tl::Problem::Kind::type);
    CHECK(encoded.result.error().path == "/id/1");
  }
}

TEST_CASE("names that are not known are collected, each once") {
  const Peers peers;
  const auto encoded = encode(api(),
                              R"({"_cons":"users.getUsers","id":["@Ann","@durov","@bob",)"
                              R"("@ann","me"]})",
                              peers.options);
  REQUIRE(encoded.result.has_value());
  CHECK(encoded.result->lacking == std::vector<std::string>{"ann", "bob"});
  CHECK(encode(api(), R"({"_cons":"users.getUsers","id":["@durov"]})", peers.options)
            .result->lacking.empty());
}

TEST_CASE("where no book of names is given a name is refused") {
  const auto encoded = encode_as(api(), "InputPeer", "\"@durov\"");
  REQUIRE_FALSE(encoded.result.has_value());
}

TEST_CASE("a string elsewhere than a peer stays a wrong type") {
  const Peers peers;
  CHECK_FALSE(encode_as(api(), "Peer", "\"me\"", peers.options).result.has_value());
  CHECK_FALSE(encode_as(api(), "InputDialogPeer", "\"@durov\"", peers.options).result.has_value());
}

#include "server/account/answer_decoder.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "server/protocol/long_text.hpp"
#include "tests/server/counted_new.hpp"
#include "tests/server/two_layers.hpp"
#include "tl/writer.hpp"

namespace {

// A pool without threads, whose work is done by whoever brings it and comes back when it is let.
class Desk {
 public:
  // `n` stands in the object, behind so many bytes.
  server::account::Received box(std::string_view n, std::size_t size = 0) {
    tl::Bytes body;
    tl::Writer(body)
        .nat(schema->constructor_by_name("message")->id)
        .int32(1)
        .bytes(std::string(size, ' ') + std::string(n));
    return {meter, 0, std::move(body)};
  }
  // What a connection does with all that comes: what is large is decoded apart, in its turn.
  void deliver(server::account::Received received) {
    if (decoder.keep(received)) return;
    if (server::account::AnswerDecoder::is_large(received.body)) {
      return decoder.decode_text(caller(), schema, tl::any_object, tl::Notation::classic,
                                 std::move(received),
                                 [this](tl::TextParts& text, const server::Failure* failure) {
                                   heard.push_back(failure ? failure->error : last_of(text));
                                 });
    }
    heard.emplace_back(1, static_cast<char>(received.body.begin()[9]));
  }
  server::account::AnswerDecoder::Owner caller() {
    return {{pool_, context_.get_executor()}, owner, [this] {
              while (auto next = decoder.next()) deliver(std::move(*next));
            }};
  }
  void come_back() {
    context_.restart();
    context_.poll();
  }

  const server::account::AnswerDecoder::Schema schema = support::two_layers()->first().schema;
  server::MemoryMeter meter{16 << 20};
  server::account::AnswerDecoder decoder;
  std::shared_ptr<int> owner = std::make_shared<int>();
  std::vector<std::string> heard;

 private:
  static std::string last_of(tl::TextParts& parts) {
    std::string text;
    while (parts.size() != 0) parts.next(text);
    return {text.at(text.size() - 3)};
  }

  boost::asio::io_context context_{1};
  server::upstream::WorkPool pool_{0};
};

constexpr auto large = server::account::AnswerDecoder::apart_above;

}  // namespace

TEST_CASE("What comes while something is decoded waits for its turn", "[decoder]") {
  Desk desk;
  desk.deliver(desk.box("1"));
  desk.deliver(desk.box("2", large));
  desk.deliver(desk.box("3"));
  desk.deliver(desk.box("4", large));
  desk.deliver(desk.box("5"));
  CHECK(desk.heard == std::vector<std::string>{"1"});
  CHECK_FALSE(desk.decoder.next());
  for (int i = 0; i < 2; ++i) desk.come_back();
  CHECK(desk.heard == std::vector<std::string>{"1", "2", "3", "4", "5"});
  CHECK(desk.meter.used() == 0);
}

TEST_CASE("What waited is forgotten with its session, and what comes then still waits",
          "[decoder]") {
  Desk desk;
  desk.deliver(desk.box("1", large));
  desk.deliver(desk.box("2"));
  desk.decoder.forget_kept();
  desk.deliver(desk.box("3"));
  desk.come_back();
  CHECK(desk.heard == std::vector<std::string>{"1", "3"});
}

TEST_CASE("Nobody is called back once the decoder is gone", "[decoder]") {
  Desk desk;
  desk.deliver(desk.box("1", large));
  desk.owner.reset();
  desk.come_back();
  CHECK(desk.heard.empty());
}

TEST_CASE("Where there is no room for a text as a whole it is made all the same", "[decoder]") {
  Desk desk;
  auto received = desk.box("1", large);
  desk.meter.take(desk.meter.left());
  desk.deliver(std::move(received));
  desk.come_back();
  CHECK(desk.heard == std::vector<std::string>{"1"});
}

TEST_CASE("A text that is longer than a client can be sent is told of", "[decoder]") {
  Desk desk;
  auto received = desk.box("1", std::size_t{11} << 20);
  auto bytes = received.body.bytes();
  std::fill(bytes.begin() + 12, bytes.begin() + (11 << 20), 1);  // each is six of JSON
  desk.deliver(std::move(received));
  desk.come_back();
  CHECK(desk.heard == std::vector<std::string>{"AnswerTooLong"});
  CHECK(desk.meter.used() == 0);
}

TEST_CASE("A value comes back with its bytes, and none where the scheme does not fit",
          "[decoder]") {
  Desk desk;
  std::vector<bool> read;
  const auto decode = [&](server::account::Received received) {
    const auto size = received.body.size();
    desk.decoder.decode_value(desk.caller(), desk.schema, std::move(received),
                              [&, size](tl::ByteView body, const tl::Value* value) {
                                CHECK(body.size() == size);
                                read.push_back(value != nullptr);
                              });
    desk.come_back();
  };
  decode(desk.box("1", large));
  decode({desk.meter, 0, tl::Bytes(large + 1)});
  CHECK(read == std::vector<bool>{true, false});
  CHECK(desk.meter.used() == 0);
}

TEST_CASE("A large answer takes a tenth of its text beside its bytes, until all of it is sent",
          "[decoder]") {
  Desk desk;
  server::LongText waiting;
  auto received = desk.box("1", 8 << 20);
  const auto before = support::bytes_held();
  support::most_bytes_held();
  desk.decoder.decode_text(desk.caller(), desk.schema, tl::any_object, tl::Notation::classic,
                           std::move(received),
                           [&](tl::TextParts& text, const server::Failure* failure) {
                             CHECK(failure == nullptr);
                             waiting += "{\"id\":1,\"message\":";
                             waiting.attach(std::move(text));
                             waiting += '}';
                           });
  desk.come_back();
  const auto size = waiting.size();
  CHECK(size > 8 << 20);
  CHECK(desk.meter.used() >= 8 << 20);
  CHECK(waiting.memory_usage() < 100);
  std::size_t sent = 0;
  std::string part;
  for (waiting.take(part); !part.empty(); waiting.take(part)) sent += part.size();
  CHECK(sent == size);
  CHECK(support::most_bytes_held() - before < static_cast<std::ptrdiff_t>(size / 10));
  CHECK(desk.meter.used() == 0);
}

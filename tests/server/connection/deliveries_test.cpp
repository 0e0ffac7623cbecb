// What Telegram said, on its way to the client: in the order in which it came.
#include "server/connection/deliveries.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/server/connection/client_half.hpp"

using namespace support;
using Told = std::vector<std::string>;

namespace {

// What is told stands in `told` by one word each: a letter for what was pushed, "update N" for one
// that is recovered, "kept N" for an answer whose turn has come, "decoded N".
class Post final : public ClientHalf, private server::ObjectSink, private server::Deliveries::User {
 public:
  explicit Post(const Terms& terms = {}) : ClientHalf(silence, terms) {}
  ~Post() override { deliveries->close(); }

  // An object that holds `letter`, behind so many blanks.
  tl::Bytes box(char letter, std::size_t size = 0) const {
    return telegram.encoded(R"({"_cons":"message","id":1,"message":")" + std::string(size, ' ') +
                            letter + "\"}");
  }
  tl::Bytes large(char letter) const { return box(letter, 300'000); }
  void decode(std::uint64_t number, tl::Bytes answer) {
    server::ClientRequest request(memory);
    request.number = number;
    request.encoding.result = tl::any_object;
    deliveries->decode(request, std::move(answer));
  }
  // The pool gives back what it has done, one piece a time.
  void settle() {
    for (int i = 0; i < 4; ++i) turn();
  }

  server::ReplyWriter replies{queue, static_cast<server::ObjectSink&>(*this), memory, false};
  std::shared_ptr<server::Deliveries> deliveries = std::make_shared<server::Deliveries>(
      replies, attributes, memory, runner(), static_cast<server::Deliveries::User&>(*this));
  Told told;
  bool closes_on_kept = false;

 private:
  server::LongText& begin() override { return out_; }
  void complete(server::ObjectNote) override {
    const auto text = std::exchange(out_, {}).copy();
    const auto at = text.find("\"update_seq\":");
    const auto letter = text.substr(text.rfind("\"}}") - 1, 1);
    told.push_back(at == text.npos ? letter : "update " + text.substr(at + 13, 1));
  }
  void wake() override {}
  void finish() override {}
  void reset(std::string_view) override {}
  void on_decoded(std::uint64_t number, tl::TextParts&, const server::Failure* failure,
                  mtproto::Time) override {
    told.push_back((failure != nullptr ? "refused " : "decoded ") + std::to_string(number));
  }
  void on_kept_answer(std::uint64_t number, tl::Slice, mtproto::Time) override {
    told.push_back("kept " + std::to_string(number));
    if (closes_on_kept) deliveries->close();
  }
  void on_undeliverable(const server::Failure& failure) override { told.push_back(failure.error); }

  server::LongText out_;
};

}  // namespace

TEST_CASE("Nothing overtakes a large answer", "[deliveries]") {
  Post post;
  post.decode(7, post.large('A'));
  CHECK_FALSE(post.deliveries->ready());
  post.deliveries->push(post.box('B'));
  post.deliveries->push_update(5, post.box('C'));
  post.deliveries->keep(8, post.box('D'));
  post.deliveries->push(post.box('E'));
  CHECK(post.told.empty());
  post.settle();
  CHECK(post.told == Told{"decoded 7", "B", "update 5", "kept 8", "E"});
  CHECK(post.deliveries->ready());
}

TEST_CASE("What is pushed is told at once where nothing is being decoded", "[deliveries]") {
  Post post;
  post.deliveries->push(post.box('A'));
  post.deliveries->push_update(6, post.box('B'));
  CHECK(post.told == Told{"A", "update 6"});
}

TEST_CASE("A large push is told in its place among small ones", "[deliveries]") {
  Post post;
  post.deliveries->push(post.box('A'));
  post.deliveries->push(post.large('B'));
  post.deliveries->push(post.box('C'));
  post.deliveries->push(post.large('D'));
  post.deliveries->push(post.box('E'));
  CHECK(post.told == Told{"A"});
  post.settle();
  CHECK(post.told == Told{"A", "B", "C", "D", "E"});
}

TEST_CASE("What waits is on the meter until it is told", "[deliveries]") {
  Post post;
  const auto before = post.memory.used();
  post.deliveries->push(post.large('A'));
  post.deliveries->push(post.box('B', 100'000));
  CHECK(post.memory.used() >= before + 100'000);
  post.settle();
  CHECK(post.told.size() == 2);
  CHECK(post.memory.used() == before);
}

TEST_CASE("What waited is forgotten with the session that it came from", "[deliveries]") {
  Post post;
  post.decode(7, post.large('A'));
  post.deliveries->push(post.box('B'));
  post.deliveries->forget_kept();
  post.deliveries->push(post.box('C'));
  post.settle();
  CHECK(post.told == Told{"decoded 7", "C"});
}

TEST_CASE("A large push needs no room for its text as a whole", "[deliveries]") {
  Terms terms;
  terms.max_memory = 2'000'000;
  Post post(terms);
  post.deliveries->push(post.large('A'));
  const auto left = post.memory.left() - 100'000;
  post.memory.take(left);
  post.deliveries->push(post.box('B'));
  post.settle();
  post.memory.give(left);
  CHECK(post.told == Told{"A", "B"});
}

TEST_CASE("Once they are closed nothing is told", "[deliveries]") {
  Post post;
  post.decode(7, post.large('A'));
  post.deliveries->push(post.box('B'));
  post.deliveries->close();
  post.settle();
  CHECK(post.told.empty());
}

TEST_CASE("What waits behind an answer that ends the connection is told to nobody",
          "[deliveries]") {
  Post post;
  post.closes_on_kept = true;
  post.decode(7, post.large('A'));
  post.deliveries->keep(8, post.box('B'));
  post.deliveries->push(post.box('C'));
  post.settle();
  CHECK(post.told == Told{"decoded 7", "kept 8"});
}

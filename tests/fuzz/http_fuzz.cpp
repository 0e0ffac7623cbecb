// Requests of HTTP/1.1, one after another on one connection: the same however they are cut.
#include "server/http/request_reader.hpp"
#include "tests/fuzz/support.hpp"

namespace {

using server::http::Head;
using server::http::RequestReader;
using Step = RequestReader::Step;

constexpr std::uint64_t longest_body = 300;

// Heads and bodies. When a broken head is noticed is the parser's affair: it may want the end of its
// line first.
struct Seen {
  std::string text;
};

void tell(const Head& head, std::string& out) {
  out += head.method + " " + head.path + "?" + head.query + " " + std::to_string(head.version);
  out += head.keep_alive ? " keep" : " close";
  out += head.websocket ? " websocket" : "";
  out += head.expects_continue ? " expects" : "";
  for (const auto& [name, value] : head.fields) out += "\n" + name + ": " + value;
  for (const auto* name : {"q", "token"}) out += "\n" + head.parameter(name).value_or("none");
  out += "\n";
}

// Bytes come in pieces; false once the connection would be closed.
class Connection {
 public:
  void feed(tl::ByteView piece) {
    if (over_) return;
    in_ += tl::as_text(piece);
    std::size_t turns = 0;
    while (!over_ && step()) fuzz::promise(++turns < 10'000, "reading makes progress");
  }
  const Seen& seen() const { return seen_; }

 private:
  bool step() {
    const auto before = in_.size();
    std::string_view rest(in_);
    const auto result = reader_->read(rest, [&](std::string_view part, bool) {
      seen_.text += part;
      body_ += part.size();
    });
    in_.erase(0, in_.size() - rest.size());
    fuzz::promise(in_.size() <= before, "reading takes from the front");
    fuzz::promise(body_ <= longest_body, "a body is no longer than allowed");
    switch (result) {
      case Step::more:
        return false;
      case Step::head:
        tell(reader_->head(), seen_.text);
        return true;
      case Step::done:
        seen_.text += "|done\n";
        over_ = !reader_->head().keep_alive;
        reader_.emplace(longest_body);
        body_ = 0;
        return !over_ && !in_.empty();
      default:
        over_ = true;
        return false;
    }
  }

  std::optional<RequestReader> reader_{std::in_place, longest_body};
  std::string in_;
  std::size_t body_ = 0;
  Seen seen_;
  bool over_ = false;
};

Seen read(tl::ByteView bytes, std::size_t piece) {
  Connection connection;
  fuzz::in_pieces(bytes, piece, [&](auto part) { connection.feed(part); });
  return connection.seen();
}

}  // namespace

FUZZ_TARGET(http) {
  fuzz::Input in(bytes);
  const std::size_t piece = 1 + in.below(32);
  const auto body = in.rest();
  const auto whole = read(body, 0).text;
  fuzz::promise(read(body, piece).text == whole, "requests are the same however they are cut");
}

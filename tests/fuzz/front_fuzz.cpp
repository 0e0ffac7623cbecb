// What a proxy says of its client: a PROXY header, the same however it is cut; Forwarded and
// X-Forwarded-For, in which nothing that a client makes up outweighs what its proxy adds.
#include "server/channel/proxy_header.hpp"
#include "server/http/forwarded.hpp"
#include "tests/fuzz/support.hpp"

namespace {

using server::Peer;
using server::channel::ProxyHeader;
using server::http::Head;
using State = ProxyHeader::State;

struct Outcome {
  State state = State::more;
  std::string source, rest;

  bool operator==(const Outcome&) const = default;
};

// What comes behind the decision is no longer the header's.
Outcome read(tl::ByteView bytes, std::size_t piece) {
  ProxyHeader header;
  Outcome out;
  fuzz::in_pieces(bytes, piece, [&](tl::ByteView part) {
    if (out.state != State::more) {
      out.rest += tl::as_text(part);
      return;
    }
    out.state = header.feed(part);
    if (out.state != State::more) out.rest = tl::as_text(header.rest());
  });
  if (out.state == State::done && header.source()) out.source = header.source()->to_string();
  if (out.state == State::more) {
    fuzz::promise(bytes.size() < ProxyHeader::longest, "a header that does not end is refused");
  }
  if (out.state == State::none) {
    fuzz::promise(out.rest == tl::as_text(bytes), "what has no header is kept whole");
  }
  if (out.state == State::wrong) out.rest.clear();
  return out;
}

// Where `made_up` came from a client and a proxy added, in its own way, that this is `client`.
void check_forwarded(std::string_view made_up, bool same_field) {
  static const server::access::TrustedProxies proxies({"10.0.0.0/8"});
  const auto client = boost::asio::ip::make_address("192.0.2.1");
  const Peer proxy{boost::asio::ip::make_address("10.0.0.1")};
  for (const auto& [name, added] :
       {std::pair<std::string, std::string>("forwarded", "for=192.0.2.1"),
        std::pair<std::string, std::string>("x-forwarded-for", "192.0.2.1")}) {
    Head head;
    if (same_field) {
      head.fields = {{name, std::string(made_up) + ", " + added}};
    } else {
      head.fields = {{name, std::string(made_up)}, {name, added}};
    }
    const auto found = server::http::client_of(proxy, head, proxies);
    fuzz::promise(!found || found->address == client, "what a client makes up does not count");
    fuzz::promise(found || name == "forwarded", "there is no wrong X-Forwarded-For");
  }
}

}  // namespace

FUZZ_TARGET(front) {
  fuzz::Input in(bytes);
  const std::size_t piece = 1 + in.below(32);
  const bool same_field = in.flag();
  const auto body = in.rest();
  fuzz::promise(read(body, piece) == read(body, 0), "a header is the same however it is cut");
  check_forwarded(tl::as_text(body), same_field);
}

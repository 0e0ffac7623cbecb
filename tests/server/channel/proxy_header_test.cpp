// The PROXY protocol: headers cut anywhere, right ones and wrong ones.
#include "server/channel/proxy_header.hpp"

#include <catch2/catch.hpp>

using server::channel::ProxyHeader;
using State = ProxyHeader::State;

namespace {

using Text = std::string;

const Text signature("\r\n\r\n\0\r\nQUIT\n", 12);

Text binary(std::uint8_t command, std::uint8_t family, const Text& body) {
  Text out = signature;
  for (const auto byte : {int{command}, int{family}, static_cast<int>(body.size() >> 8),
                          static_cast<int>(body.size() & 0xff)}) {
    out += static_cast<char>(byte);
  }
  return out + body;
}

const Text v4_addresses("\xc0\x00\x02\x01\xc6\x33\x64\x01\xdc\x04\x01\xbb", 12);
const Text v6_addresses = Text("\x20\x01\x0d\xb8", 4) + Text(11, '\0') + "\x07" +
                          Text("\x20\x01\x0d\xb8", 4) + Text(11, '\0') + "\x01" +
                          "\xdc\x04\x01\xbb";

struct Reading {
  State state = State::more;
  Text source, rest;
  bool operator==(const Reading&) const = default;
};

std::ostream& operator<<(std::ostream& to, const Reading& reading) {
  return to << static_cast<int>(reading.state) << " " << reading.source << " " << reading.rest;
}

Reading outcome(const ProxyHeader& header, State state) {
  return {state, header.source() ? header.source()->to_string() : "",
          Text(tl::as_text(header.rest()))};
}

Reading read(const Text& bytes) {
  ProxyHeader header;
  const auto state = header.feed(tl::as_bytes(bytes));
  return outcome(header, state);
}

// The same, however its bytes are cut: byte by byte, nothing is decided before the last one.
Reading read_in_pieces(const Text& bytes) {
  ProxyHeader header;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    const auto state = header.feed(tl::as_bytes(std::string_view(bytes).substr(i, 1)));
    if (state != State::more) return outcome(header, state);
  }
  const auto state = header.feed(tl::as_bytes(std::string_view(bytes).substr(bytes.size() - 1)));
  return outcome(header, state);
}

}  // namespace

TEST_CASE("a PROXY header names the client, in a line or in bytes, and what follows is kept") {
  for (const auto& [header, source] : std::vector<std::pair<Text, Text>>{
           {"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", "192.0.2.1"},
           {"PROXY TCP6 2001:db8::7 2001:db8::1 0 65535\r\n", "2001:db8::7"},
           {"PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1"},
           {binary(0x21, 0x11, v4_addresses), "192.0.2.1"},
           {binary(0x21, 0x21, v6_addresses), "2001:db8::7"}}) {
    INFO(source);
    CHECK(read(header + "{\"id\":1}") == Reading{State::done, source, "{\"id\":1}"});
    CHECK(read_in_pieces(header) == Reading{State::done, source, ""});
  }
}

TEST_CASE("TLVs behind the addresses of a PROXY header are skipped") {
  const auto tlvs =
      "\x02" + Text("\0\x0b", 2) + "example.org" + "\x04" + Text("\0\x03", 2) + "{}\n";
  CHECK(read(binary(0x21, 0x11, v4_addresses + tlvs) + "GET") ==
        Reading{State::done, "192.0.2.1", "GET"});
  CHECK(read(binary(0x20, 0x00, tlvs) + "GET") == Reading{State::done, "", "GET"});
}

TEST_CASE("a proxy that speaks for itself, or does not know for whom, names nobody") {
  for (const auto& header :
       {Text("PROXY UNKNOWN\r\n"), Text("PROXY UNKNOWN ffff::1 any thing at all\r\n"),
        binary(0x20, 0x00, ""), binary(0x20, 0x11, v4_addresses), binary(0x21, 0x00, ""),
        binary(0x21, 0x31, Text(216, 'x'))}) {
    CHECK(read(header + "{") == Reading{State::done, "", "{"});
    CHECK(read_in_pieces(header) == Reading{State::done, "", ""});
  }
}

TEST_CASE("what begins otherwise has no PROXY header, and is kept whole") {
  for (const auto& text : {Text("{\"id\":1}\n"), Text("POST /json HTTP/1.1\r\n"), Text("PROXIMA"),
                           Text("\r\n{\"id\":1}\n"), Text("\r\n\r\n{}"), Text("\x16\x03\x01"),
                           Text(" PROXY TCP4"), Text("proxy TCP4 ")}) {
    CHECK(read(text) == Reading{State::none, "", text});
  }
  for (const auto& text : {Text("P"), Text("PROXY"), Text("\r"), Text("\r\n\r\n"), signature}) {
    CHECK(read(text).state == State::more);
  }
}

TEST_CASE("a PROXY header that is not right to the letter is none") {
  for (const auto& text :
       {Text("PROXY \r\n"), Text("PROXY TCP4\r\n"), Text("PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n"),
        Text("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n"),
        Text("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n"),
        Text("PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n"),
        Text("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n"),
        Text("PROXY TCP4 2001:db8::1 192.0.2.2 1 2\r\n"), Text("PROXY TCP6 192.0.2.1 ::1 1 2\r\n"),
        Text("PROXY TCP4 192.0.2.1 example.org 1 2\r\n"),
        Text("PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n"),
        Text("PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n"), Text("PROXY TCP6 fe80::1%1 ::1 1 2\r\n"),
        Text("PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n"),
        Text("PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n"), Text("PROXY UNKNOWNS\r\n"),
        Text("PROXY tcp4 192.0.2.1 192.0.2.2 1 2\r\n")}) {
    INFO(text);
    CHECK(read(text + "{}").state == State::wrong);
  }
  for (const auto& bytes : {binary(0x11, 0x11, v4_addresses), binary(0x22, 0x11, v4_addresses),
                            binary(0x21, 0x12, v4_addresses), binary(0x21, 0x41, v4_addresses),
                            binary(0x21, 0x11, v4_addresses.substr(1)),
                            binary(0x21, 0x21, v4_addresses), binary(0x21, 0x31, Text(215, 'x'))}) {
    CHECK(read(bytes).state == State::wrong);
  }
}

TEST_CASE("a PROXY header that does not end is refused as soon as it is too long") {
  const Text begin = "PROXY UNKNOWN ";
  CHECK(read(begin + Text(ProxyHeader::longest_line - begin.size() - 2, 'x') + "\r\n").state ==
        State::done);
  CHECK(read(begin + Text(ProxyHeader::longest_line - begin.size() - 1, 'x')).state == State::more);
  CHECK(read(begin + Text(ProxyHeader::longest_line - begin.size(), 'x')).state == State::wrong);
  CHECK(read(begin + Text(ProxyHeader::longest_line - begin.size() - 1, 'x') + "\r\n").state ==
        State::wrong);
  CHECK(read(binary(0x20, 0, Text(ProxyHeader::longest - 16, 'x'))).state == State::done);
  CHECK(read(binary(0x20, 0, Text(ProxyHeader::longest - 15, 'x')).substr(0, 16)).state ==
        State::wrong);
}

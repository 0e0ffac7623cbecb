#include "tests/bench/load/framing.hpp"

#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::uint8_t whole_text = 0x81, masked = 0x80;

void put_size(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xff);
  }
}

// RFC 6455, 5.2; a mask of zeros leaves the text as it is.
void put_message(std::string& out, std::string_view object) {
  out += static_cast<char>(whole_text);
  if (object.size() < 126) {
    put_size(out, masked | object.size(), 1);
  } else if (object.size() < 0x10000) {
    put_size(out, masked | 126, 1);
    put_size(out, object.size(), 2);
  } else {
    put_size(out, masked | 127, 1);
    put_size(out, object.size(), 8);
  }
  out.append(4, '\0');
  out += object;
}

std::optional<Taken> take_message(std::string_view in) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(in[i]); };
  if (in.size() < 2) return {};
  if (byte(0) != whole_text)
    throw std::runtime_error("a WebSocket frame of another kind than text");
  const std::size_t more = byte(1) == 126 ? 2 : byte(1) == 127 ? 8 : 0;
  if (in.size() < 2 + more) return {};
  std::uint64_t size = more ? 0 : byte(1);
  for (std::size_t i = 0; i < more; ++i) size = size << 8 | byte(2 + i);
  if (in.size() - 2 - more < size) return {};
  return Taken{in.substr(2 + more, size), 2 + more + size};
}

std::optional<Taken> take_line(std::string_view in) {
  const auto end = in.find('\n');
  if (end == in.npos) return {};
  return Taken{in.substr(0, end), end + 1};
}

void put_post(std::string& out, std::string_view object, std::string_view path) {
  out.append("POST ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
  out += "Content-Type: application/json\r\nContent-Length: ";
  out.append(std::to_string(object.size())).append("\r\n\r\n").append(object);
}

// Of a body in chunks, the first.
std::optional<Taken> take_chunks(std::string_view in, std::size_t body) {
  constexpr std::string_view last = "\r\n0\r\n\r\n";
  const auto end = in.find(last, body);
  const auto begin = in.find('\n', body);
  if (end == in.npos || begin > end) return {};
  return Taken{in.substr(begin + 1, end - begin - 1), end + last.size()};
}

std::optional<Taken> take_response(std::string_view in) {
  constexpr std::string_view field = "\r\nContent-Length: ";
  const auto end = in.find("\r\n\r\n");
  if (end == in.npos) return {};
  if (!in.starts_with("HTTP/1.1 200 ")) {
    throw std::runtime_error("an error: " + std::string(in.substr(0, 1000)));
  }
  const auto head = in.substr(0, end + 2);
  const auto at = head.find(field);
  if (at == head.npos) return take_chunks(in, end + 4);
  const auto digits = head.substr(at + field.size());
  std::size_t size = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (in.size() - end - 4 < size) return {};
  return Taken{in.substr(end + 4, size), end + 4 + size};
}

}  // namespace

std::string greeting(Framing framing) {
  if (framing != Framing::web_socket) return {};
  return "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n";
}

void put(Framing framing, std::string& out, std::string_view object, std::string_view path) {
  if (framing == Framing::posts) return put_post(out, object, path);
  if (framing == Framing::web_socket) return put_message(out, object);
  out += object;
  out += '\n';
}

std::optional<Taken> take(Framing framing, std::string_view in) {
  if (framing == Framing::posts) return take_response(in);
  return framing == Framing::lines ? take_line(in) : take_message(in);
}

std::size_t greeted(Framing framing, std::string_view in) {
  if (framing != Framing::web_socket) return 0;
  const auto end = in.find("\r\n\r\n");
  if (end == in.npos) return 0;
  if (!in.starts_with("HTTP/1.1 101 ")) throw std::runtime_error("the WebSocket was refused");
  return end + 4;
}

}  // namespace bench

#include "mtproto/framing/transport.hpp"

#include <utility>
#include <variant>

#include "mtproto/framing/abridged.hpp"
#include "mtproto/framing/detection.hpp"
#include "mtproto/framing/full.hpp"
#include "mtproto/framing/intermediate.hpp"
#include "mtproto/framing/obfuscated2.hpp"
#include "mtproto/framing/tls_records.hpp"

namespace mtproto {
namespace {

using Codec = std::variant<Abridged, Intermediate, Full>;

Codec make_codec(Framing framing, Side side, tl::Random& random) {
  switch (framing) {
    case Framing::abridged:
      return Abridged(side);
    case Framing::intermediate:
      break;
    case Framing::padded:
      return Intermediate(side, Intermediate::Padding::random, random);
    case Framing::full:
      return Full();
  }
  return Intermediate(side, Intermediate::Padding::none, random);
}

Bytes plain_tag(Framing framing) {
  switch (framing) {
    case Framing::abridged:
      return {abridged_tag};
    case Framing::intermediate:
      return Bytes(4, 0xee);
    case Framing::padded:
      return Bytes(4, 0xdd);
    case Framing::full:
      break;
  }
  return {};
}

}  // namespace

struct Records {
  RecordReader reader;
  RecordWriter writer{RecordWriter::Begin::after_change};
};

struct Transport::State {
  State(Side which, tl::Random& source, ByteView secret)
      : side(which), random(source), proxy_secret(secret.begin(), secret.end()) {}

  Side side;
  tl::Random& random;
  Bytes proxy_secret;
  Bytes prefix;  // a client's tag or header, until it is sent
  std::optional<Framing> framing;
  std::optional<Codec> codec;
  std::optional<CtrStream> encrypt;
  std::optional<CtrStream> decrypt;
  std::optional<Records> records;
  std::int16_t dc = 0;
  InputBuffer in;
  boost::system::error_code error;

  void speak(Framing which) {
    framing = which;
    codec = make_codec(which, side, random);
  }

  static tl::Result<bool> unknown() {
    return {boost::system::in_place_error, make_error_code(errc::framing_unknown)};
  }

  // Whether it is known now what the client speaks.
  tl::Result<bool> find_out() {
    const auto found = detect(std::as_const(in).view());
    if (std::holds_alternative<MoreNeeded>(found)) return false;
    if (std::holds_alternative<Obfuscated>(found)) return open_obfuscated();
    const auto* plain = std::get_if<Plain>(&found);
    // Behind a proxy's secret nobody is served who does not know it.
    if (plain == nullptr || !proxy_secret.empty()) return unknown();
    in.consume(plain->tag);
    speak(plain->framing);
    return true;
  }

  tl::Result<bool> open_obfuscated() {
    auto opened =
        open_obfuscation(std::as_const(in).view().first<obfuscation_header>(), proxy_secret);
    const auto inside = framing_of(opened.tag);
    if (!inside) return unknown();
    in.consume(obfuscation_header);
    dc = opened.dc;
    decrypt = std::move(opened.to_server);
    encrypt = std::move(opened.to_client);
    decrypt->apply(in.view());
    speak(*inside);
    return true;
  }

  template <class Append>
  void send(Bytes& out, Append append) {
    if (!codec) return;
    const auto begin = out.size();
    tl::append(out, std::exchange(prefix, {}));
    const auto at = out.size();
    std::visit(append, *codec);
    if (encrypt) encrypt->apply(std::span(out).subspan(at));
    if (records) put_into_records(out, begin);
  }

  void put_into_records(Bytes& out, std::size_t from) {
    const Bytes stream(out.begin() + static_cast<std::ptrdiff_t>(from), out.end());
    out.resize(from);
    records->writer.write(stream, out);
  }

  void feed(ByteView bytes) {
    auto appended = in.append(bytes);
    if (decrypt) decrypt->apply(appended);
  }
};

Transport::Transport(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transport::~Transport() = default;
Transport::Transport(Transport&&) noexcept = default;
Transport& Transport::operator=(Transport&&) noexcept = default;

Transport Transport::client(const ClientTransport& options, tl::Random& random) {
  auto state = std::make_unique<State>(Side::client, random, options.proxy_secret);
  auto framing = options.framing;
  if (options.obfuscated || !options.proxy_secret.empty()) {
    if (framing == Framing::full) framing = Framing::intermediate;
    auto made = make_obfuscation(tag_of(framing), options.dc, options.proxy_secret, random);
    state->prefix.assign(made.header.begin(), made.header.end());
    state->encrypt = std::move(made.to_server);
    state->decrypt = std::move(made.to_client);
    state->dc = options.dc;
    if (options.tls) state->records.emplace();
  } else {
    state->prefix = plain_tag(framing);
  }
  state->speak(framing);
  return Transport(std::move(state));
}

Transport Transport::server(tl::Random& random, ByteView proxy_secret) {
  return Transport(std::make_unique<State>(Side::server, random, proxy_secret));
}

void Transport::write(ByteView payload, Bytes& out) {
  state_->send(out, [&](auto& codec) { codec.write(payload, out); });
}

void Transport::write_quick_ack(std::uint32_t token, Bytes& out) {
  state_->send(out, [&](auto& codec) { codec.write_quick_ack(token, out); });
}

void Transport::feed(ByteView bytes) {
  if (state_->error || bytes.empty()) return;
  if (!state_->records) return state_->feed(bytes);
  Bytes data;
  const auto read = state_->records->reader.read(bytes, data);
  if (!read) state_->error = read.error();
  if (!data.empty()) state_->feed(data);
}

tl::Result<std::optional<Packet>> Transport::next() {
  auto fail = [this](boost::system::error_code error) {
    state_->error = error;
    state_->in.clear();
    return error;
  };
  if (state_->error) return state_->error;
  if (!state_->codec) {
    auto known = state_->find_out();
    if (!known) return fail(known.error());
    if (!*known) return std::nullopt;
  }
  auto packet = std::visit([this](auto& codec) { return codec.read(state_->in); }, *state_->codec);
  if (!packet) return fail(packet.error());
  return packet;
}

std::optional<Framing> Transport::framing() const { return state_->framing; }
bool Transport::obfuscated() const { return state_->encrypt.has_value(); }
std::int16_t Transport::dc() const { return state_->dc; }
std::size_t Transport::buffered() const { return state_->in.size(); }

}  // namespace mtproto

#include "mtproto/framing/proxy_relay.hpp"

#include <cstdlib>

#include "mtproto/errc.hpp"
#include "mtproto/framing/detection.hpp"
#include "mtproto/framing/fake_tls.hpp"
#include "mtproto/framing/obfuscated2.hpp"
#include "mtproto/framing/tls_records.hpp"

namespace mtproto {

struct ProxyRelay::State {
  State(ProxySecret secret_given, tl::Random& random)
      : secret(std::move(secret_given)), handshake(secret, random) {}

  tl::Result<void> undo_tls(ByteView bytes, UnixTime now, Bytes& data, Bytes& to_client) {
    if (shaken) return reader.read(bytes, data);
    auto done = handshake.receive(bytes, now, to_client);
    if (!done) return done.error();
    if (!*done) return {};
    shaken = true;
    return reader.read(handshake.take_rest(), data);
  }

  // The header is not whole before its 64 bytes are.
  tl::Result<void> open(Bytes& to_server) {
    auto opened =
        open_obfuscation(ByteView(header).first<obfuscation_header>(), secret.key.bytes());
    const auto framing = framing_of(opened.tag);
    if (!framing || (secret.padded && *framing != Framing::padded)) {
      return errc::wrong_proxy_secret;
    }
    const auto tag_size = *framing == Framing::abridged ? 1U : 4U;
    to_server.insert(to_server.end(), tag_size, static_cast<std::uint8_t>(opened.tag & 0xff));
    auto rest = Bytes(header.begin() + obfuscation_header, header.end());
    opened.to_server.apply(rest);
    tl::append(to_server, rest);
    Bytes().swap(header);
    streams.emplace(std::move(opened));
    return {};
  }

  ProxySecret secret;
  FakeTlsServer handshake;
  RecordReader reader;
  RecordWriter writer{RecordWriter::Begin::at_once};
  bool shaken = false;
  Bytes header;
  std::optional<Obfuscation> streams;
};

ProxyRelay::ProxyRelay(ProxySecret secret, tl::Random& random)
    : state_(std::make_unique<State>(std::move(secret), random)) {}
ProxyRelay::~ProxyRelay() = default;

tl::Result<void> ProxyRelay::from_client(ByteView bytes, UnixTime now, Bytes& to_server,
                                         Bytes& to_client) {
  Bytes data;
  if (state_->secret.tls()) {
    auto undone = state_->undo_tls(bytes, now, data, to_client);
    if (!undone) return undone;
  } else {
    data.assign(bytes.begin(), bytes.end());
  }
  if (state_->streams) {
    state_->streams->to_server.apply(data);
    tl::append(to_server, data);
    return {};
  }
  tl::append(state_->header, data);
  if (state_->header.size() < obfuscation_header) return {};
  return state_->open(to_server);
}

void ProxyRelay::from_server(ByteView bytes, Bytes& to_client) {
  Bytes data(bytes.begin(), bytes.end());
  state_->streams->to_client.apply(data);
  if (state_->secret.tls()) {
    state_->writer.write(data, to_client);
  } else {
    tl::append(to_client, data);
  }
}

std::optional<ProxyRelay::Wish> ProxyRelay::wish() const {
  if (!state_->streams) return std::nullopt;
  Wish out;
  out.dc = std::abs(static_cast<std::int32_t>(state_->streams->dc));
  out.media = state_->streams->dc < 0;
  out.test = out.dc > test_data_centres;
  if (out.test) out.dc -= test_data_centres;
  return out;
}

}  // namespace mtproto

// TLS between bytes and bytes, against OpenSSL's own client.
#include "server/channel/tls_filter.hpp"

#include <openssl/ssl.h>

#include <catch2/catch.hpp>

#include "tests/server/channel/tls_pair.hpp"

using namespace server::channel;
using namespace support;
using State = TlsFilter::State;

namespace {

// A client that talks to the filter by hand-carried bytes.
struct Talk {
  Context clients{SSL_CTX_new(TLS_client_method())};
  Ssl client{SSL_new(clients.get())};
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  TlsFilter server{*server_context()};
  std::string heard;

  explicit Talk(int newest = TLS1_3_VERSION) {
    SSL_set_max_proto_version(client.get(), newest);
    SSL_set_bio(client.get(), in, out);
    SSL_set_connect_state(client.get());
  }

  void carry(std::size_t piece = 1 << 16) {
    for (int i = 0; i < 6; ++i) {
      if (SSL_do_handshake(client.get()) == 1) break;
      to_server(piece);
      to_client();
    }
    to_server(piece);
    to_client();
  }
  void to_server(std::size_t piece = 1 << 16) {
    char* data = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(out, &data));
    const std::string bytes(data, size);
    BIO_reset(out);
    for (std::size_t at = 0; at < size; at += piece) {
      server.feed(tl::as_bytes(std::string_view(bytes).substr(at, piece)),
                  [this](tl::ByteView plain) { heard += tl::as_text(plain); });
    }
  }
  void to_client() {
    std::string bytes;
    server.take_output(bytes);
    BIO_write(in, bytes.data(), static_cast<int>(bytes.size()));
  }
  std::string read() {
    std::string text(1 << 17, '\0');
    std::size_t all = 0;
    for (;;) {
      const auto size =
          SSL_read(client.get(), text.data() + all, static_cast<int>(text.size() - all));
      if (size <= 0) break;
      all += static_cast<std::size_t>(size);
    }
    text.resize(all);
    return text;
  }
};

}  // namespace

TEST_CASE("What a client says inside TLS is heard, however its bytes are cut") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const std::size_t piece : {1, 7, 65536}) {
      Talk talk(version);
      talk.carry(piece);
      REQUIRE(talk.server.state() == State::open);
      const std::string said(40'000, 'x');
      SSL_write(talk.client.get(), said.data(), static_cast<int>(said.size()));
      talk.to_server(piece);
      CHECK(talk.heard == said);
    }
  }
}

TEST_CASE("What is sealed comes out at the client, a piece at a time") {
  Talk talk;
  talk.carry();
  std::string said(50'000, 'y'), sent;
  while (sent.size() < said.size()) {
    const auto size = talk.server.seal(tl::as_bytes(said).subspan(sent.size()));
    REQUIRE(size > 0);
    CHECK(size <= TlsFilter::piece);
    sent += said.substr(sent.size(), size);
    talk.to_client();
  }
  CHECK(talk.read() == said);
}

TEST_CASE("A client's goodbye ends the input, and what we still say arrives") {
  Talk talk;
  talk.carry();
  SSL_shutdown(talk.client.get());
  talk.to_server();
  CHECK(talk.server.state() == State::ended);
  CHECK(talk.server.seal(tl::as_bytes("last")) == 4);
  talk.server.shut();
  talk.to_client();
  CHECK(talk.read() == "last");
  CHECK((SSL_get_shutdown(talk.client.get()) & SSL_RECEIVED_SHUTDOWN) != 0);
}

TEST_CASE("Rubbish fails with an alert, and nothing of it is heard") {
  Talk talk;
  const std::string hello = "{\"message\":{}}\n";
  const auto record =
      std::string("\x16\x03\x01", 3) + '\0' + static_cast<char>(hello.size()) + hello;
  talk.server.feed(tl::as_bytes(record),
                   [&](tl::ByteView plain) { talk.heard += tl::as_text(plain); });
  CHECK(talk.server.state() == State::failed);
  std::string out;
  talk.server.take_output(out);
  CHECK(out.starts_with("\x15"));  // alert
  CHECK(talk.heard.empty());
}

TEST_CASE("A record that was changed on its way fails, and nothing of it is heard") {
  Talk talk;
  talk.carry();
  SSL_write(talk.client.get(), "hello", 5);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(talk.out, &data);
  data[size - 1] = static_cast<char>(data[size - 1] ^ 1);
  talk.to_server();
  CHECK(talk.server.state() == State::failed);
  CHECK(talk.heard.empty());
}

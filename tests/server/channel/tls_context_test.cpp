// Two PEM files, and what a client finds behind them.
#include "server/channel/tls_context.hpp"

#include <catch2/catch.hpp>

#include "tests/server/channel/tls_pair.hpp"

using namespace server::channel;
using namespace support;
using server::test::TemporaryFile;

namespace {

struct Handshake {
  Ssl server, client;
  bool done = false;

  explicit Handshake(
      SSL_CTX* context, void (*prepare)(SSL*) = [](SSL*) {}) {
    static const Context clients(SSL_CTX_new(TLS_client_method()));
    server.reset(SSL_new(context));
    client.reset(SSL_new(clients.get()));
    SSL_set_accept_state(server.get());
    SSL_set_connect_state(client.get());
    SSL_set_security_level(client.get(), 0);
    prepare(client.get());
    BIO *here = nullptr, *there = nullptr;
    BIO_new_bio_pair(&here, 0, &there, 0);
    SSL_set_bio(server.get(), here, here);
    SSL_set_bio(client.get(), there, there);
    for (int i = 0; i < 8 && !done; ++i) {
      const int a = SSL_do_handshake(client.get()), b = SSL_do_handshake(server.get());
      done = a == 1 && b == 1;
    }
  }

  std::string protocol() const {
    const unsigned char* text = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.get(), &text, &size);
    return {reinterpret_cast<const char*>(text), size};
  }
};

template <std::size_t N>
void offer(SSL* client, const char (&protocols)[N]) {
  SSL_set_alpn_protos(client, reinterpret_cast<const unsigned char*>(protocols), N - 1);
}

std::string wrong(const std::string& cert, const std::string& key) {
  const auto loaded = load_tls_context(cert, key);
  REQUIRE_FALSE(loaded);
  return loaded.error();
}

}  // namespace

TEST_CASE("TLS 1.3 and 1.2 are spoken, older ones are not") {
  const auto context = server_context();
  const Handshake newest(context.get());
  REQUIRE(newest.done);
  CHECK(SSL_version(newest.server.get()) == TLS1_3_VERSION);
  const Handshake older(context.get(),
                        [](SSL* it) { SSL_set_max_proto_version(it, TLS1_2_VERSION); });
  REQUIRE(older.done);
  CHECK(SSL_version(older.server.get()) == TLS1_2_VERSION);
  CHECK_FALSE(Handshake(context.get(), [](SSL* it) {
                SSL_set_min_proto_version(it, TLS1_VERSION);
                SSL_set_max_proto_version(it, TLS1_1_VERSION);
              }).done);
}

TEST_CASE("in TLS 1.2 nothing without forward secrecy or authentication is agreed on") {
  const auto context = server_context();
  for (auto* prepare : {+[](SSL* it) {
                          SSL_set_max_proto_version(it, TLS1_2_VERSION);
                          SSL_set_cipher_list(it, "ECDHE-ECDSA-AES128-SHA256");
                        },
                        +[](SSL* it) {
                          SSL_set_max_proto_version(it, TLS1_2_VERSION);
                          SSL_set_cipher_list(it, "aNULL");
                        }}) {
    CHECK_FALSE(Handshake(context.get(), prepare).done);
  }
}

TEST_CASE("HTTP/1.1 is agreed on where it is offered, and nothing else is forced") {
  const auto context = server_context();
  const Handshake browser(context.get(), [](SSL* it) { offer(it, "\x02h2\x08http/1.1"); });
  CHECK(browser.done);
  CHECK(browser.protocol() == "http/1.1");
  const Handshake other(context.get(), [](SSL* it) { offer(it, "\x02h2"); });
  CHECK(other.done);
  CHECK(other.protocol().empty());
  const Handshake silent(context.get());
  CHECK(silent.done);
  CHECK(silent.protocol().empty());
}

TEST_CASE("a client can't make us negotiate again") {
  const auto context = server_context();
  const Handshake link(context.get(),
                       [](SSL* it) { SSL_set_max_proto_version(it, TLS1_2_VERSION); });
  REQUIRE(link.done);
  CHECK((SSL_get_options(link.server.get()) & SSL_OP_NO_RENEGOTIATION) != 0);
  SSL_renegotiate(link.client.get());
  SSL_do_handshake(link.client.get());
  char byte = 0;
  SSL_read(link.server.get(), &byte, 1);
  SSL_do_handshake(link.client.get());
  CHECK(SSL_renegotiate_pending(link.client.get()) == 1);
}

TEST_CASE("TLS files that will not do are named with what is wrong") {
  const TemporaryFile cert(ours().cert_pem), key(ours().key_pem), locked(ours().locked_pem);
  const TemporaryFile stranger(Pair().key_pem), rubbish("rubbish");
  CHECK(wrong("/no/such.pem", key.name()) == "/no/such.pem: No such file or directory");
  CHECK(wrong(cert.name(), "/no/such.pem") == "/no/such.pem: No such file or directory");
  CHECK(wrong(rubbish.name(), key.name()).starts_with(rubbish.name() + ": no certificate"));
  CHECK(wrong(key.name(), key.name()).starts_with(key.name() + ": no certificate"));
  CHECK(wrong(cert.name(), rubbish.name()).starts_with(rubbish.name() + ": no private key"));
  CHECK(wrong(cert.name(), locked.name()).starts_with(locked.name() + ": no private key"));
  CHECK(wrong(cert.name(), stranger.name()) ==
        stranger.name() + ": not the key of the certificate in " + cert.name());
}

TEST_CASE("a snapshot outlives the one that takes its place") {
  auto context = server_context();
  const Handshake link(context.get());
  context = server_context();
  CHECK(link.done);
  CHECK(Handshake(context.get()).done);
}

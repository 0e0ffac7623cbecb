#include "mtproto/exchange/client_key_exchange.hpp"

#include <algorithm>

#include "mtproto/exchange/half.hpp"

namespace mtproto {
namespace {

enum class AwaitedByClient : std::uint8_t {
  nothing,
  res_pq,
  factors,
  server_params,
  powers,
  confirmation,
};

}  // namespace

struct ClientKeyExchange::State : ExchangeHalf<AwaitedByClient> {
  State(ClientExchangeOptions from, tl::Random& source)
      : ExchangeHalf(source, AwaitedByClient::nothing), options(std::move(from)) {}

  ClientExchangeOptions options;
  std::size_t chosen_key = 0;
  DhNumber p{};
  std::int32_t g = 0;
  DhNumber g_a{};
  std::optional<AuthKey> key;
  ServerClock clock;

  template <class Message>
  void send(const Message& message, AwaitedByClient answer) {
    output = serialise(message);
    awaiting = answer;
  }

  tl::Result<void> receive(ByteView body, Time now) {
    tl::Reader in(body);
    const auto id = in.peek();
    if (in.left() < 4) return make_error_code(errc::exchange_malformed);
    switch (awaiting) {
      case AwaitedByClient::res_pq:
        if (id == ResPq::id) return on_res_pq(in);
        break;
      case AwaitedByClient::server_params:
        if (id == ServerDhParamsOk::id) return on_server_params(in, now);
        if (id == ServerDhParamsFail::id) return on_params_fail(in);
        break;
      case AwaitedByClient::confirmation:
        if (id == DhGenAnswer::id_ok || id == DhGenAnswer::id_retry || id == DhGenAnswer::id_fail) {
          return on_dh_gen(in, now);
        }
        break;
      case AwaitedByClient::nothing:
      case AwaitedByClient::factors:
      case AwaitedByClient::powers:
        break;
    }
    return make_error_code(errc::exchange_unexpected);
  }

  tl::Result<void> on_res_pq(tl::Reader& in) {
    const auto message = ResPq::read(in);
    if (!in) return make_error_code(errc::exchange_malformed);
    if (!same_secret(message.nonce, nonce)) return make_error_code(errc::wrong_nonce);
    server_nonce = message.server_nonce;
    const auto& keys = options.keys;
    const auto chosen = std::find_if(keys.begin(), keys.end(), [&](const RsaPublicKey& ours) {
      return std::find(message.fingerprints.begin(), message.fingerprints.end(),
                       ours.fingerprint()) != message.fingerprints.end();
    });
    if (chosen == keys.end()) return make_error_code(errc::unknown_fingerprint);
    chosen_key = static_cast<std::size_t>(chosen - keys.begin());
    const auto number = from_big_endian(message.pq);
    if (!number) return make_error_code(errc::bad_pq);
    pq.assign(message.pq.begin(), message.pq.end());
    hand_out(std::make_unique<Factoring>(*number), AwaitedByClient::factors);
    return {};
  }

  tl::Result<void> on_factors(const Factoring& step) {
    if (!step.factors) return make_error_code(errc::bad_pq);
    const auto first = minimal(step.factors->first);
    const auto second = minimal(step.factors->second);
    random.fill(new_nonce.bytes());
    PqInnerData inner{pq,           first,     second,     nonce,
                      server_nonce, new_nonce, options.dc, options.expires_in};
    if (options.legacy_inner_data) inner.dc.reset();
    Bytes serialised;
    serialised.reserve(144);  // so that growing leaves no copy of new_nonce behind
    tl::Writer writer(serialised);
    inner.write(writer);
    const auto& rsa = options.keys[chosen_key];
    const auto encrypted = rsa.encrypt_padded(serialised, random);
    wipe(serialised);
    send(ReqDhParams{nonce, server_nonce, first, second, rsa.fingerprint(), encrypted},
         AwaitedByClient::server_params);
    return {};
  }

  tl::Result<void> on_params_fail(tl::Reader& in) {
    const auto message = read<ServerDhParamsFail>(in);
    if (!message) return message.error();
    if (!same_secret(message->new_nonce_hash, params_fail_hash(new_nonce))) {
      return make_error_code(errc::bad_new_nonce_hash);
    }
    return make_error_code(errc::params_refused);
  }

  tl::Result<void> on_server_params(tl::Reader& in, Time now) {
    const auto message = read<ServerDhParamsOk>(in);
    if (!message) return message.error();
    tmp = tmp_aes(new_nonce.bytes(), server_nonce);
    const auto plain = unseal(message->encrypted_answer, tmp);
    if (!plain) return plain.error();
    const auto inner = read_inner<ServerDhInnerData>(*plain);
    if (!inner) return inner.error();
    if (inner->dh_prime.size() != p.size()) return make_error_code(errc::bad_prime);
    if (inner->g_a.size() > g_a.size()) return make_error_code(errc::bad_g_a);
    std::copy(inner->dh_prime.begin(), inner->dh_prime.end(), p.begin());
    std::copy_backward(inner->g_a.begin(), inner->g_a.end(), g_a.end());
    g = inner->g;
    clock.correct(now, UnixTime(std::chrono::seconds(inner->server_time)));
    draw_b();
    return {};
  }

  void draw_b() {
    auto step = std::make_unique<ClientPowers>();
    step->p = p;
    step->g = g;
    step->g_a = g_a;
    random.fill(step->b.bytes());
    hand_out(std::move(step), AwaitedByClient::powers);
  }

  tl::Result<void> on_powers(const ClientPowers& step) {
    if (!step.checked) return step.checked.error();
    if (!in_range(step.g_b, p)) {
      draw_b();
      return {};
    }
    key.emplace(step.auth_key.bytes());
    const auto inner = serialise(ClientDhInnerData{nonce, server_nonce, retry_id, step.g_b});
    const auto sealed = seal(inner, tmp, random);
    send(SetClientDhParams{nonce, server_nonce, sealed}, AwaitedByClient::confirmation);
    return {};
  }

  tl::Result<void> on_dh_gen(tl::Reader& in, Time now) {
    const auto message = read<DhGenAnswer>(in);
    if (!message) return message.error();
    // Before anything is done about it: else anybody could have us try another b.
    const auto number = static_cast<std::uint8_t>(message->kind);
    if (!same_secret(message->new_nonce_hash, key->new_nonce_hash(new_nonce.bytes(), number))) {
      return make_error_code(errc::bad_new_nonce_hash);
    }
    switch (message->kind) {
      case DhGenAnswer::Kind::ok:
        fresh = FreshKey{*key, first_salt(new_nonce, server_nonce), clock.at(now),
                         options.expires_in, options.dc};
        forget();
        return {};
      case DhGenAnswer::Kind::retry:
        if (++retries > most_retries) break;
        retry_id = key->aux_hash();
        draw_b();
        return {};
      case DhGenAnswer::Kind::fail:
        break;
    }
    return make_error_code(errc::exchange_refused);
  }

  tl::Result<void> done(const Work* finished) {
    if (outdated(finished)) return {};
    if (auto* it = finished_as<Factoring>(finished, AwaitedByClient::factors))
      return on_factors(*it);
    if (auto* it = finished_as<ClientPowers>(finished, AwaitedByClient::powers))
      return on_powers(*it);
    return make_error_code(errc::exchange_unexpected);
  }

  void forget() {
    ExchangeHalf::forget(AwaitedByClient::nothing);
    key.reset();
  }

  tl::Result<void> or_forget(tl::Result<void> result) {
    if (!result) {
      forget();
      output.reset();
    }
    return result;
  }
};

ClientKeyExchange::ClientKeyExchange(ClientExchangeOptions options, tl::Random& random)
    : state_(std::make_unique<State>(std::move(options), random)) {}

ClientKeyExchange::~ClientKeyExchange() = default;

void ClientKeyExchange::start() {
  state_->forget();
  state_->random.fill(state_->nonce);
  state_->send(ReqPq{state_->nonce}, AwaitedByClient::res_pq);
}

tl::Result<void> ClientKeyExchange::receive(ByteView body, Time now) {
  return state_->or_forget(state_->receive(body, now));
}

WorkList ClientKeyExchange::take_work() { return std::exchange(state_->work, {}); }

tl::Result<void> ClientKeyExchange::done(std::unique_ptr<Work> work, Time) {
  return state_->or_forget(state_->done(work.get()));
}

std::optional<Bytes> ClientKeyExchange::take_output() {
  return std::exchange(state_->output, std::nullopt);
}

std::optional<FreshKey> ClientKeyExchange::take_key() {
  return std::exchange(state_->fresh, std::nullopt);
}

}  // namespace mtproto

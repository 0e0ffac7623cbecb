#include "mtproto/exchange/server_key_exchange.hpp"

#include <algorithm>
#include <cstdlib>

#include "mtproto/crypto/factorize.hpp"
#include "mtproto/exchange/answer_cache.hpp"
#include "mtproto/exchange/half.hpp"

namespace mtproto {
namespace {

constexpr std::int32_t generator = 3;  // of known_prime()
constexpr std::int32_t longest_temporary = 30 * 24 * 3600;

enum class AwaitedByServer : std::uint8_t {
  req_pq,
  req_dh_params,
  opening,
  client_params,
  power,
};

std::uint64_t draw_prime_of_31_bits(tl::Random& random) {
  constexpr std::uint64_t top = std::uint64_t{1} << 30;
  while (true) {
    const auto candidate = (random.word() & (top - 1)) | top | 1;
    if (is_prime(candidate)) return candidate;
  }
}

bool equal(ByteView a, ByteView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace

struct ServerKeyExchange::State : ExchangeHalf<AwaitedByServer> {
  State(ServerExchangeOptions from, tl::Random& source)
      : ExchangeHalf(source, AwaitedByServer::req_pq), options(std::move(from)) {}

  ServerExchangeOptions options;
  Time started{};
  Time received{};  // the last request, and what the wall clock showed then
  UnixTime wall{};

  Bytes p;
  Bytes q;
  Secret<256> a;
  std::int32_t dc = 0;
  std::optional<std::int32_t> expires_in;
  AnswerCache answers;

  template <class Message>
  void answer(const Message& message, AwaitedByServer next) {
    output = serialise(message);
    answers.answer(*output);
    awaiting = next;
  }

  tl::Result<void> receive(ByteView body, Time now) {
    const auto request = sha256({body});
    if (const auto* known = answers.find(request, now)) {
      if (known->body) output = *known->body;
      return {};
    }
    if (awaiting != AwaitedByServer::req_pq && now - started >= exchange_lifetime) forget();
    tl::Reader in(body);
    const auto id = in.peek();
    if (in.left() < 4) return make_error_code(errc::exchange_malformed);
    const bool is_start = id == ReqPq::id || id == ReqPq::old_id;
    if (is_start) forget();
    answers.begin(request, now);
    if (is_start) return on_req_pq(in, now);
    if (id == ReqDhParams::id && awaiting == AwaitedByServer::req_dh_params)
      return on_req_dh_params(in);
    if (id == SetClientDhParams::id && awaiting == AwaitedByServer::client_params) {
      return on_set_client_params(in);
    }
    return make_error_code(errc::exchange_unexpected);
  }

  tl::Result<void> on_req_pq(tl::Reader& in, Time now) {
    const auto message = ReqPq::read(in);
    if (!in) return make_error_code(errc::exchange_malformed);
    started = now;
    nonce = message.nonce;
    random.fill(server_nonce);
    const auto one = draw_prime_of_31_bits(random);
    auto other = draw_prime_of_31_bits(random);
    while (other == one) other = draw_prime_of_31_bits(random);
    pq = minimal(one * other);
    p = minimal(std::min(one, other));
    q = minimal(std::max(one, other));
    ResPq out{nonce, server_nonce, pq, {}};
    for (const auto& key : options.keys) out.fingerprints.push_back(key.public_key().fingerprint());
    answer(out, AwaitedByServer::req_dh_params);
    return {};
  }

  tl::Result<void> on_req_dh_params(tl::Reader& in) {
    const auto message = read<ReqDhParams>(in);
    if (!message) return message.error();
    if (!equal(message->p, p) || !equal(message->q, q)) return make_error_code(errc::bad_pq);
    const auto key =
        std::find_if(options.keys.begin(), options.keys.end(), [&](const RsaPrivateKey& ours) {
          return ours.public_key().fingerprint() == message->public_key_fingerprint;
        });
    if (key == options.keys.end()) return make_error_code(errc::unknown_fingerprint);
    auto step = std::make_unique<ServerOpening>(*key);
    step->encrypted_data.assign(message->encrypted_data.begin(), message->encrypted_data.end());
    step->g = generator;
    random.fill(step->a.bytes());
    hand_out(std::move(step), AwaitedByServer::opening);
    return {};
  }

  bool names_us(std::int32_t named) const {
    const auto number = std::llabs(static_cast<long long>(named));
    const auto is = [&](bool test) {
      return options.test.value_or(test) == test && number == dc_number(options.dc, test);
    };
    return is(false) || is(true);
  }

  tl::Result<void> check_inner(const PqInnerData& inner) {
    if (!equal(inner.pq, pq) || !equal(inner.p, p) || !equal(inner.q, q)) {
      return make_error_code(errc::bad_inner_data);
    }
    if (auto same = check_nonces(inner); !same) return same;
    if (inner.dc && !names_us(*inner.dc)) return make_error_code(errc::wrong_data_centre);
    if (inner.expires_in && (*inner.expires_in < 1 || *inner.expires_in > longest_temporary)) {
      return make_error_code(errc::bad_inner_data);
    }
    return {};
  }

  tl::Result<void> on_opened(const ServerOpening& step, Time now) {
    if (!step.inner_data) return step.inner_data.error();
    tl::Reader in(step.inner_data->bytes());
    const auto inner = PqInnerData::read(in);
    if (!in) return make_error_code(errc::bad_inner_data);
    if (auto checked = check_inner(inner); !checked) return checked;
    if (!in_range(step.g_a, known_prime())) return draw_a_again(step);
    new_nonce = inner.new_nonce;
    dc = inner.dc.value_or(dc_number(options.dc, options.test.value_or(false)));
    expires_in = inner.expires_in;
    a = step.a;
    tmp = tmp_aes(new_nonce.bytes(), server_nonce);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wall + (now - received));
    const auto answer_data =
        serialise(ServerDhInnerData{nonce, server_nonce, generator, known_prime(), step.g_a,
                                    static_cast<std::int32_t>(seconds.time_since_epoch().count())});
    const auto sealed = seal(answer_data, tmp, random);
    answer(ServerDhParamsOk{nonce, server_nonce, sealed}, AwaitedByServer::client_params);
    return {};
  }

  tl::Result<void> draw_a_again(const ServerOpening& failed) {
    auto step = std::make_unique<ServerOpening>(failed);
    random.fill(step->a.bytes());
    hand_out(std::move(step), AwaitedByServer::opening);
    return {};
  }

  tl::Result<void> on_set_client_params(tl::Reader& in) {
    const auto message = read<SetClientDhParams>(in);
    if (!message) return message.error();
    const auto plain = unseal(message->encrypted_data, tmp);
    if (!plain) return plain.error();
    const auto inner = read_inner<ClientDhInnerData>(*plain);
    if (!inner) return inner.error();
    if (!same_secret(inner->retry_id, retry_id)) return make_error_code(errc::bad_inner_data);
    if (!in_range(inner->g_b, known_prime())) return make_error_code(errc::bad_g_b);
    auto step = std::make_unique<ServerPower>();
    std::copy_backward(inner->g_b.begin(), inner->g_b.end(), step->g_b.end());
    step->a = a;
    hand_out(std::move(step), AwaitedByServer::power);
    return {};
  }

  tl::Result<void> on_power(const ServerPower& step, Time now) {
    using Kind = DhGenAnswer::Kind;
    const AuthKey key(step.auth_key.bytes());
    const bool taken = key.id() == AuthKeyId{} || (options.taken && options.taken(key.id()));
    const auto kind = !taken ? Kind::ok : ++retries <= most_retries ? Kind::retry : Kind::fail;
    const auto hash = key.new_nonce_hash(new_nonce.bytes(), static_cast<std::uint8_t>(kind));
    answer(DhGenAnswer{kind, nonce, server_nonce, hash},
           kind == Kind::retry ? AwaitedByServer::client_params : AwaitedByServer::req_pq);
    if (kind == Kind::retry) {
      retry_id = key.aux_hash();
      return {};
    }
    if (kind == Kind::ok) {
      fresh = FreshKey{key, first_salt(new_nonce, server_nonce), wall + (now - received),
                       expires_in, dc};
    }
    end();
    return {};
  }

  tl::Result<void> done(const Work* finished, Time now) {
    if (outdated(finished)) return {};
    if (auto* it = finished_as<ServerOpening>(finished, AwaitedByServer::opening)) {
      return on_opened(*it, now);
    }
    if (auto* it = finished_as<ServerPower>(finished, AwaitedByServer::power))
      return on_power(*it, now);
    return make_error_code(errc::exchange_unexpected);
  }

  // What is said stays to be taken, and to be said again.
  void end() {
    ExchangeHalf::forget(AwaitedByServer::req_pq);
    a = {};
  }

  void forget() {
    end();
    output.reset();
    answers.clear();
  }

  tl::Result<void> or_forget(tl::Result<void> result) {
    if (!result) forget();
    return result;
  }
};

ServerKeyExchange::ServerKeyExchange(ServerExchangeOptions options, tl::Random& random)
    : state_(std::make_unique<State>(std::move(options), random)) {}

ServerKeyExchange::~ServerKeyExchange() = default;

tl::Result<void> ServerKeyExchange::receive(ByteView body, Time now, UnixTime wall) {
  state_->received = now;
  state_->wall = wall;
  return state_->or_forget(state_->receive(body, now));
}

WorkList ServerKeyExchange::take_work() { return std::exchange(state_->work, {}); }

tl::Result<void> ServerKeyExchange::done(std::unique_ptr<Work> work, Time now) {
  return state_->or_forget(state_->done(work.get(), now));
}

std::optional<Bytes> ServerKeyExchange::take_output() {
  return std::exchange(state_->output, std::nullopt);
}

std::optional<FreshKey> ServerKeyExchange::take_key() {
  return std::exchange(state_->fresh, std::nullopt);
}

}  // namespace mtproto

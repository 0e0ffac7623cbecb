// The client's half of the key exchange against a server that says what the input wants: right
// messages in any order, and spoilt ones, outside and inside of what is sealed.
#include "mtproto/exchange/client_key_exchange.hpp"
#include "tests/fuzz/exchange.hpp"

namespace {

using namespace fuzz;

class Server {
 public:
  explicit Server(Input& in) : in_(in), client_({{rsa_key().public_key()}}, random_) {
    server_nonce_.fill(7);
    client_.start();
    const auto first = *client_.take_output();
    tl::Reader read(first);
    nonce_ = ReqPq::read(read).nonce;
  }

  void run() {
    for (int turns = 0; turns < 8 && !in_.empty(); ++turns) {
      auto told = client_.receive(message(), now_);
      if (told) told = work(client_, now_);
      const auto out = client_.take_output();
      promise(!out || out->size() <= 1024, "what a client says is short");
      const auto fresh = client_.take_key();
      promise(told || (!out && !fresh), "after an error nothing is said");
      if (fresh) check(*fresh);
      promise(!client_.take_key(), "a key is given once");
    }
  }

 private:
  const Bytes& a() {
    static const Bytes drawn(256, 0x5a);
    return drawn;
  }
  const DhNumber& g_a() {
    static const auto power = power_of_three(a());
    return power;
  }
  NewNonce new_nonce() const {
    if (random_.first_32.size() != 32) return {};
    return NewNonce(ByteView(random_.first_32).first<32>());
  }
  AuthKey key() {
    if (random_.last_256.empty()) return AuthKey(known_prime());
    return AuthKey(power(g_a(), random_.last_256, known_prime()).bytes());
  }

  Bytes message() {
    const auto which = in_.below(6);
    const auto chosen = how(in_);
    return outer(chosen, right(which, chosen), in_);
  }
  Bytes right(std::size_t which, How chosen) {
    switch (which) {
      case 0:
        return res_pq();
      case 1:
        return params(chosen);
      case 2:
        return serialise(ServerDhParamsFail{nonce_, server_nonce_, params_fail_hash(new_nonce())});
      default:
        return dh_gen(static_cast<DhGenAnswer::Kind>(which - 2));
    }
  }
  Bytes res_pq() {
    const auto number = in_.byte();
    const Bytes given = number == 0 ? Bytes{15} : minimal(in_.number(number % 9));
    return serialise(
        ResPq{nonce_, server_nonce_, given, {1, rsa_key().public_key().fingerprint()}});
  }
  Bytes params(How chosen) {
    const ServerDhInnerData data{nonce_, server_nonce_, 3, known_prime(), g_a(), 1'700'000'000};
    const auto plain = inner(chosen, serialise(data), in_);
    const auto sealed = seal(plain, tmp_aes(new_nonce().bytes(), server_nonce_), own_random_);
    return serialise(ServerDhParamsOk{nonce_, server_nonce_, sealed});
  }
  Bytes dh_gen(DhGenAnswer::Kind kind) {
    const auto hash = key().new_nonce_hash(new_nonce().bytes(), static_cast<std::uint8_t>(kind));
    return serialise(DhGenAnswer{kind, nonce_, server_nonce_, hash});
  }

  void check(const FreshKey& fresh) {
    promise(fresh.key.id() == key().id(), "both sides have the same key");
    promise(fresh.server_salt == first_salt(new_nonce(), server_nonce_), "and the same salt");
  }

  Input& in_;
  WatchedRandom random_;
  support::ScriptedRandom own_random_{6};
  ClientKeyExchange client_;
  Time now_ = start_time;
  Nonce nonce_{}, server_nonce_{};
};

}  // namespace

FUZZ_TARGET(client_exchange) {
  Input in(bytes);
  Server(in).run();
}

// The server's half of the key exchange against a client that says what the input wants: right
// messages in any order, spoilt ones, outside and inside of what is encrypted, and repeats.
#include <map>

#include "mtproto/crypto/factorize.hpp"
#include "mtproto/exchange/server_key_exchange.hpp"
#include "tests/fuzz/exchange.hpp"

namespace {

using namespace fuzz;

std::pair<Bytes, Bytes> factors(ByteView pq) {
  static std::map<std::uint64_t, std::pair<Bytes, Bytes>> known;
  const auto number = from_big_endian(pq).value_or(0);
  const auto found = known.find(number);
  if (found != known.end()) return found->second;
  support::ScriptedRandom walk;
  const auto both = factorize(number, walk);
  promise(both.has_value(), "a server's number has two factors");
  return known[number] = {minimal(both->first), minimal(both->second)};
}

class Client {
 public:
  explicit Client(Input& in) : in_(in), server_(options(), random_) {
    nonce_.fill(9);
    std::fill(new_nonce_.bytes().begin(), new_nonce_.bytes().end(), std::uint8_t{8});
  }

  void run() {
    for (int turns = 0; turns < 8 && !in_.empty(); ++turns) say(message());
    // Whatever was said before, a client that begins anew is served.
    for (const auto which : {0, 1, 2}) {
      in_ = Input({});
      say(right(static_cast<std::size_t>(which), How::right));
      promise(told_good_, "a client that begins anew is served");
    }
    promise(keys_ > 0, "and gets its key");
  }

 private:
  static ServerExchangeOptions options() {
    ServerExchangeOptions out;
    out.keys = {rsa_key()};
    return out;
  }
  const Bytes& b() {
    static const Bytes drawn(256, 0x3c);
    return drawn;
  }
  const DhNumber& g_b() {
    static const auto power = power_of_three(b());
    return power;
  }

  void say(const Bytes& body) {
    auto told = server_.receive(body, now_, start_wall);
    if (told) told = work(server_, now_);
    told_good_ = told.has_value();
    const auto out = server_.take_output();
    const auto fresh = server_.take_key();
    promise(told_good_ || !fresh, "after an error there is no key");
    promise(!out || out->size() <= 1024, "what a server says is short");
    promise(!server_.take_key(), "a key is given once");
    if (fresh) check(*fresh);
    if (out) hear(*out, body);
  }

  void hear(const Bytes& out, const Bytes& body) {
    const auto [known, first] = answers_.try_emplace(body, out);
    promise(first || known->second == out || tl::Reader(body).peek() == ReqPq::id ||
                tl::Reader(body).peek() == ReqPq::old_id,
            "a repeat gets the same answer");
    tl::Reader read(out);
    if (read.peek() == ResPq::id) {
      const auto message = ResPq::read(read);
      server_nonce_ = message.server_nonce;
      heard_nonce_ = message.nonce;
      std::tie(p_, q_) = factors(message.pq);
      pq_.assign(message.pq.begin(), message.pq.end());
      answers_.clear();
      spoilt_ = false;
    } else if (read.peek() == ServerDhParamsOk::id) {
      const auto message = ServerDhParamsOk::read(read);
      const auto plain =
          unseal(message.encrypted_answer, tmp_aes(new_nonce_.bytes(), server_nonce_));
      if (!plain) return;
      const auto data = read_unsealed<ServerDhInnerData>(plain->bytes());
      if (!data) return;  // it was another new_nonce
      promise(data->g == 3 && data->g_a.size() == 256, "a server's parameters are what they are");
      std::copy(data->g_a.begin(), data->g_a.end(), g_a_.begin());
    }
  }

  Bytes message() {
    const auto which = in_.below(5);
    if (which == 3) return last_;
    if (which == 4) now_ += std::chrono::seconds(in_.byte() * 5);
    const auto chosen = how(in_);
    spoilt_ = spoilt_ || chosen != How::right;
    return last_ = outer(chosen, right(which, chosen), in_);
  }
  Bytes right(std::size_t which, How chosen) {
    switch (which) {
      case 1:
        return req_dh(chosen);
      case 2:
        return set_client(chosen);
      default: {
        nonce_[0] = static_cast<std::uint8_t>(nonce_[0] + 1);
        return serialise(ReqPq{nonce_});
      }
    }
  }
  Bytes req_dh(How chosen) {
    PqInnerData data{pq_, p_, q_, heard_nonce_, server_nonce_, new_nonce_, 2, {}};
    const auto kind = in_.below(4);
    if (kind == 1) data.dc.reset();
    if (kind == 2) data.expires_in = static_cast<std::int32_t>(in_.number(4));
    auto plain = inner(chosen, serialise(data), in_);
    plain.resize(std::min<std::size_t>(plain.size(), 144));
    const auto encrypted = rsa_key().public_key().encrypt_padded(plain, own_random_);
    return serialise(ReqDhParams{heard_nonce_, server_nonce_, p_, q_,
                                 rsa_key().public_key().fingerprint(), encrypted});
  }
  Bytes set_client(How chosen) {
    ClientDhInnerData data{heard_nonce_, server_nonce_, {}, g_b()};
    const auto plain = inner(chosen, serialise(data), in_);
    const auto sealed = seal(plain, tmp_aes(new_nonce_.bytes(), server_nonce_), own_random_);
    return serialise(SetClientDhParams{heard_nonce_, server_nonce_, sealed});
  }

  void check(const FreshKey& fresh) {
    ++keys_;
    if (spoilt_) return;  // it may have taken another new_nonce or g_b than ours
    const AuthKey key(power(g_a_, b(), known_prime()).bytes());
    promise(fresh.key.id() == key.id(), "both sides have the same key");
    promise(fresh.server_salt == first_salt(new_nonce_, server_nonce_), "and the same salt");
  }

  Input& in_;
  support::ScriptedRandom random_{4};
  support::ScriptedRandom own_random_{6};
  ServerKeyExchange server_;
  Time now_ = start_time;
  Nonce nonce_{}, heard_nonce_{}, server_nonce_{};
  NewNonce new_nonce_;
  Bytes pq_{15}, p_{3}, q_{5}, last_;
  DhNumber g_a_{};
  std::map<Bytes, Bytes> answers_;
  bool told_good_ = false;
  bool spoilt_ = false;
  int keys_ = 0;
};

}  // namespace

FUZZ_TARGET(server_exchange) {
  Input in(bytes);
  Client(in).run();
}

#include "mtproto/exchange/messages.hpp"

namespace mtproto {

ReqPq ReqPq::read(tl::Reader& in) {
  const auto constructor = in.nat();
  if (constructor != id && constructor != old_id) in.fail();
  return {in.array<16>()};
}

void ReqPq::write(tl::Writer& out) const { out.nat(id).raw(nonce); }

ResPq ResPq::read(tl::Reader& in) {
  ResPq out;
  in.expect(id);
  out.nonce = in.array<16>();
  out.server_nonce = in.array<16>();
  out.pq = in.bytes();
  const auto count = in.count(true, 8);
  out.fingerprints.reserve(count);
  for (std::uint32_t i = 0; i < count && in; ++i) {
    out.fingerprints.push_back(static_cast<std::uint64_t>(in.int64()));
  }
  return out;
}

void ResPq::write(tl::Writer& out) const {
  out.nat(id).raw(nonce).raw(server_nonce).bytes(pq);
  out.vector(static_cast<std::uint32_t>(fingerprints.size()));
  for (auto fingerprint : fingerprints) out.int64(static_cast<std::int64_t>(fingerprint));
}

PqInnerData PqInnerData::read(tl::Reader& in) {
  PqInnerData out;
  const auto constructor = in.nat();
  const bool has_dc = constructor == id_dc || constructor == id_temp_dc;
  const bool is_temporary = constructor == id_temp || constructor == id_temp_dc;
  if (!has_dc && !is_temporary && constructor != id) in.fail();
  out.pq = in.bytes();
  out.p = in.bytes();
  out.q = in.bytes();
  out.nonce = in.array<16>();
  out.server_nonce = in.array<16>();
  if (auto raw = in.raw(32); raw.size() == 32) out.new_nonce = NewNonce(raw.first<32>());
  if (has_dc) out.dc = in.int32();
  if (is_temporary) out.expires_in = in.int32();
  return out;
}

void PqInnerData::write(tl::Writer& out) const {
  out.nat(expires_in ? (dc ? id_temp_dc : id_temp) : (dc ? id_dc : id));
  out.bytes(pq).bytes(p).bytes(q).raw(nonce).raw(server_nonce).raw(new_nonce.bytes());
  if (dc) out.int32(*dc);
  if (expires_in) out.int32(*expires_in);
}

ReqDhParams ReqDhParams::read(tl::Reader& in) {
  ReqDhParams out;
  in.expect(id);
  out.nonce = in.array<16>();
  out.server_nonce = in.array<16>();
  out.p = in.bytes();
  out.q = in.bytes();
  out.public_key_fingerprint = static_cast<std::uint64_t>(in.int64());
  out.encrypted_data = in.bytes();
  return out;
}

void ReqDhParams::write(tl::Writer& out) const {
  out.nat(id).raw(nonce).raw(server_nonce).bytes(p).bytes(q);
  out.int64(static_cast<std::int64_t>(public_key_fingerprint)).bytes(encrypted_data);
}

ServerDhParamsOk ServerDhParamsOk::read(tl::Reader& in) {
  ServerDhParamsOk out;
  in.expect(id);
  out.nonce = in.array<16>();
  out.server_nonce = in.array<16>();
  out.encrypted_answer = in.bytes();
  return out;
}

void ServerDhParamsOk::write(tl::Writer& out) const {
  out.nat(id).raw(nonce).raw(server_nonce).bytes(encrypted_answer);
}

ServerDhParamsFail ServerDhParamsFail::read(tl::Reader& in) {
  ServerDhParamsFail out;
  in.expect(id);
  out.nonce = in.array<16>();
  out.server_nonce = in.array<16>();
  out.new_nonce_hash = in.array<16>();
  return out;
}

void ServerDhParamsFail::write(tl::Writer& out) const {
  out.nat(id).raw(nonce).raw(server_nonce).raw(new_nonce_hash);
}

ServerDhInnerData ServerDhInnerData::read(tl::Reader& in) {
  ServerDhInnerData out;
  in.expect(id);
  out.nonce = in.array<16>();
  out.server_nonce = in.array<16>();
  out.g = in.int32();
  out.dh_prime = in.bytes();
  out.g_a = in.bytes();
  out.server_time = in.int32();
  return out;
}

void ServerDhInnerData::write(tl::Writer& out) const {
  out.nat(id).raw(nonce).raw(server_nonce).int32(g).bytes(dh_prime).bytes(g_a).int32(server_time);
}

ClientDhInnerData ClientDhInnerData::read(tl::Reader& in) {
  ClientDhInnerData out;
  in.expect(id);
  out.nonce = in.array<16>();
  out.server_nonce = in.array<16>();
  out.retry_id = in.array<8>();
  out.g_b = in.bytes();
  return out;
}

void ClientDhInnerData::write(tl::Writer& out) const {
  out.nat(id).raw(nonce).raw(server_nonce).raw(retry_id).bytes(g_b);
}

SetClientDhParams SetClientDhParams::read(tl::Reader& in) {
  SetClientDhParams out;
  in.expect(id);
  out.nonce = in.array<16>();
  out.server_nonce = in.array<16>();
  out.encrypted_data = in.bytes();
  return out;
}

void SetClientDhParams::write(tl::Writer& out) const {
  out.nat(id).raw(nonce).raw(server_nonce).bytes(encrypted_data);
}

DhGenAnswer DhGenAnswer::read(tl::Reader& in) {
  DhGenAnswer out;
  switch (in.nat()) {
    case id_ok:
      out.kind = Kind::ok;
      break;
    case id_retry:
      out.kind = Kind::retry;
      break;
    case id_fail:
      out.kind = Kind::fail;
      break;
    default:
      in.fail();
  }
  out.nonce = in.array<16>();
  out.server_nonce = in.array<16>();
  out.new_nonce_hash = in.array<16>();
  return out;
}

void DhGenAnswer::write(tl::Writer& out) const {
  out.nat(kind == Kind::ok ? id_ok : kind == Kind::retry ? id_retry : id_fail);
  out.raw(nonce).raw(server_nonce).raw(new_nonce_hash);
}

}  // namespace mtproto

#include "mtproto/errc.hpp"

#include <string>

namespace mtproto {
namespace {

const char* describe(errc code) {
  switch (code) {
    case errc::frame_too_long:
      return "frame longer than allowed";
    case errc::frame_too_short:
      return "frame shorter than its header";
    case errc::frame_bad_length:
      return "frame length is no multiple of four";
    case errc::frame_bad_checksum:
      return "wrong checksum of a frame";
    case errc::frame_bad_sequence:
      return "wrong sequence number of a frame";
    case errc::framing_unknown:
      return "no known MTProto transport";
    case errc::transport_error:
      return "transport error";
    case errc::auth_key_not_found:
      return "the key is unknown there (-404)";
    case errc::transport_flood:
      return "too many connections (-429)";
    case errc::wrong_data_centre:
      return "wrong data centre for this key (-444)";
    case errc::exchange_malformed:
      return "key exchange: malformed message";
    case errc::exchange_unexpected:
      return "key exchange: unexpected message";
    case errc::wrong_nonce:
      return "key exchange: wrong nonce";
    case errc::wrong_server_nonce:
      return "key exchange: wrong server_nonce";
    case errc::unknown_fingerprint:
      return "key exchange: none of the offered RSA keys is known";
    case errc::bad_pq:
      return "key exchange: pq is no product of two primes";
    case errc::bad_answer_hash:
      return "key exchange: wrong hash of the answer";
    case errc::bad_answer_padding:
      return "key exchange: wrong padding of the answer";
    case errc::bad_prime:
      return "key exchange: dh_prime is no safe 2048-bit prime";
    case errc::bad_generator:
      return "key exchange: g generates no subgroup of prime order";
    case errc::bad_g_a:
      return "key exchange: g_a out of range";
    case errc::bad_g_b:
      return "key exchange: g_b out of range";
    case errc::bad_new_nonce_hash:
      return "key exchange: wrong new_nonce_hash";
    case errc::bad_rsa_pad:
      return "key exchange: RSA_PAD does not check";
    case errc::bad_inner_data:
      return "key exchange: wrong inner data";
    case errc::params_refused:
      return "key exchange: the server refused our parameters";
    case errc::exchange_refused:
      return "key exchange: the server refused the key";
    case errc::packet_too_short:
      return "packet too short";
    case errc::packet_bad_length:
      return "packet length is no multiple of 16";
    case errc::wrong_auth_key:
      return "packet of another key";
    case errc::bad_msg_key:
      return "msg_key does not check";
    case errc::bad_message_length:
      return "message length out of range";
    case errc::bad_padding:
      return "padding out of range";
    case errc::wrong_session:
      return "message of another session";
    case errc::bad_message_id:
      return "message id of the wrong side";
    case errc::bad_message_time:
      return "message id too far from the present";
    case errc::duplicate_message:
      return "message received before";
    case errc::malformed_message:
      return "malformed message";
    case errc::bad_container:
      return "malformed container";
    case errc::bad_gzip:
      return "gzip does not unpack";
    case errc::gzip_too_long:
      return "gzip unpacks to more than allowed";
    case errc::body_too_long:
      return "message too long to send";
    case errc::too_many_repairs:
      return "the server refuses every repaired message";
    case errc::temporary_key_unknown:
      return "the temporary key is unknown there (-404)";
    case errc::temporary_key_expired:
      return "the temporary key has expired";
    case errc::binding_refused:
      return "no temporary key can be bound to the permanent one";
    case errc::permanent_key_refused:
      return "the key is unknown there (ENCRYPTED_MESSAGE_INVALID)";
    case errc::bad_key:
      return "malformed key";
    case errc::bad_srp:
      return "two-step password parameters do not check";
    case errc::bad_proxy_secret:
      return "malformed proxy secret";
  }
  return "unknown MTProto error";
}

// Boost's base has a protected destructor and lets friends destroy it; g++ 12 calls that
// accessible.
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "mtproto"; }
  std::string message(int code) const override { return describe(static_cast<errc>(code)); }
};

}  // namespace

const boost::system::error_category& error_category() {
  static const Category category;
  return category;
}

}  // namespace mtproto

// What can go wrong between two MTProto peers. Each value is one check that failed, so that a
// test can corrupt one field and name what must refuse it.
#pragma once

#include <boost/system/error_code.hpp>

namespace mtproto {

enum class errc {
  // framing
  frame_too_long = 1,
  frame_too_short,
  frame_bad_length,  // not a multiple of four
  frame_bad_checksum,
  frame_bad_sequence,
  framing_unknown,
  // what a server says in four bytes instead of a message
  transport_error,     // another code than the ones below
  auth_key_not_found,  // −404
  transport_flood,     // −429
  wrong_data_centre,   // −444
  // key exchange
  exchange_malformed,
  exchange_unexpected,
  wrong_nonce,
  wrong_server_nonce,
  unknown_fingerprint,
  bad_pq,
  bad_answer_hash,
  bad_answer_padding,
  bad_prime,
  bad_generator,
  bad_g_a,
  bad_g_b,
  bad_new_nonce_hash,
  bad_rsa_pad,
  bad_inner_data,
  params_refused,    // server_DH_params_fail
  exchange_refused,  // dh_gen_fail, or too many dh_gen_retry
  // envelope
  packet_too_short,
  packet_bad_length,  // not a multiple of 16
  wrong_auth_key,
  bad_msg_key,
  bad_message_length,
  bad_padding,
  wrong_session,
  bad_message_id,  // parity
  bad_message_time,
  duplicate_message,
  // content
  malformed_message,
  bad_container,
  bad_gzip,
  gzip_too_long,
  body_too_long,
  // session
  too_many_repairs,  // bad_msg_notification or bad_server_salt again and again
  // perfect forward secrecy
  temporary_key_unknown,  // −404 for a temporary key: the next connection makes another
  temporary_key_expired,
  binding_refused,        // again and again
  permanent_key_refused,  // ENCRYPTED_MESSAGE_INVALID: the permanent key is no good there
  // arithmetic
  bad_key,  // RSA key or auth key that is none
  bad_srp,
  bad_proxy_secret,
};

const boost::system::error_category& error_category();

inline boost::system::error_code make_error_code(errc code) {
  return {static_cast<int>(code), error_category()};
}

}  // namespace mtproto

template <>
struct boost::system::is_error_code_enum<mtproto::errc> : std::true_type {};

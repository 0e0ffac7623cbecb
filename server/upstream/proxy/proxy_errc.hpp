// What can go wrong between us and a proxy, in words for people.
#pragma once

#include <boost/system/error_code.hpp>

namespace server::upstream {

enum class proxy_errc {
  closed = 1,  // in the middle of the dialogue
  silent,
  chatter,  // it says more than the dialogue has room for
  wants_password,
  wrong_password,
  unknown_ways,  // of signing in
  not_socks5,
  not_http,
  bad_target,
  // what a proxy may say of the other side
  general_failure,
  not_allowed,
  network_unreachable,
  host_unreachable,
  refused,
  expired,
  no_command,
  no_address_type,
  // an MTProxy
  not_tls,
  no_proof,
  secret_unanswered,
  secret_refused,
  // 1000 and more: the status of an HTTP proxy's answer, and 1000
  http_status = 1000,
};

const boost::system::error_category& proxy_category();

inline boost::system::error_code make_error_code(proxy_errc code) {
  return {static_cast<int>(code), proxy_category()};
}

// Another address may well be reached through the same proxy.
bool is_about_target(const boost::system::error_code&);

}  // namespace server::upstream

template <>
struct boost::system::is_error_code_enum<server::upstream::proxy_errc> : std::true_type {};

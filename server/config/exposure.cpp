#include "server/config/exposure.hpp"

#include <boost/asio/ip/address.hpp>

namespace server::config {
namespace {

std::string missing(const Options& options) {
  std::string out;
  if (options.token_file.empty()) out = "--token-file FILE";
  if (!options.tls_cert.empty()) return out;
  return (out.empty() ? out : out + " and ") + "--tls-cert FILE with --tls-key FILE";
}

}  // namespace

std::optional<std::string> exposure_refusal(const Options& options, bool loopback_only) {
  if (loopback_only || options.insecure) return std::nullopt;
  const auto due = missing(options);
  if (due.empty()) return std::nullopt;
  return "listening on " + options.host + " would let in whoever reaches that address: it takes " +
         due +
         ". Or listen on localhost alone; or insist with --insecure, where a proxy in front asks "
         "for passwords and encrypts";
}

std::optional<std::string> exposure_warning(const Options& options, bool loopback_only) {
  if (loopback_only) {
    if (options.trust_proxy.empty() || !options.token_file.empty()) return std::nullopt;
    return "--trust-proxy without --token-file: whomever the proxy lets in can use this gateway";
  }
  if (missing(options).empty()) return std::nullopt;
  std::string out = "listening on " + options.host + ":";
  if (options.token_file.empty()) out += " whoever reaches that address can use this gateway";
  if (!options.tls_cert.empty()) return out;
  return out + (options.token_file.empty() ? ", and" : "") + " nothing is encrypted on the way";
}

bool certainly_exposed(const Options& options) {
  if (!options.tcp) return false;
  boost::system::error_code why;
  const auto address = boost::asio::ip::make_address(options.host, why);
  return !why && !address.is_loopback();
}

}  // namespace server::config

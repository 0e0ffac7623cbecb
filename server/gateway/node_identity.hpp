// By what the nodes that share a store know each other.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "tl/bytes.hpp"
#include "tl/result.hpp"

namespace server {

class NodeIdentity {
 public:
  // `master_key`: the store's, which all of them have; what they show each other is made of it and
  // tells nothing of it. `ca_file`: PEM, whose certificates nodes have; empty: the system's.
  // An error is a sentence that names the file.
  static tl::Result<std::shared_ptr<const NodeIdentity>, std::string> make(
      tl::ByteView master_key, const std::string& ca_file);

  // 64 hexadecimal digits.
  const std::string& token() const { return token_; }
  // In constant time.
  bool is_token(std::string_view shown) const;
  boost::asio::ssl::context& tls() const { return *tls_; }

  NodeIdentity(std::string token, std::unique_ptr<boost::asio::ssl::context> tls)
      : token_(std::move(token)), tls_(std::move(tls)) {}

 private:
  const std::string token_;
  const std::unique_ptr<boost::asio::ssl::context> tls_;
};

}  // namespace server

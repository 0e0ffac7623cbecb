// By what the nodes that share a store know each other.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "tl/bytes.hpp"
#include "tl/result.hpp"

namespace server {

// What nodes show each other: 64 hexadecimal digits, made of their store's key, which all of them
// have; they tell nothing of it.
std::string node_token(tl::ByteView master_key);

class NodeIdentity {
 public:
  // `token`: as of node_token(). `ca_file`: PEM, whose certificates nodes have; empty: the system's.
  // An error is a sentence that names the file.
  static tl::Result<std::shared_ptr<const NodeIdentity>, std::string> make(
      std::string token, const std::string& ca_file);

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

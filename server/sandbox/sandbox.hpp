// Telegram in a box: data centres 1 to 3 on loopback ports, one world of users, chats and
// messages, with an RSA key of its own. Real MTProto clients can sign in. It runs on a thread of
// its own and shares nothing with the gateway but what info() says.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mtproto/crypto/rsa.hpp"
#include "mtproto/ids.hpp"
#include "server/config/options.hpp"
#include "tl/schema.hpp"

namespace server::sandbox {

// Somebody to sign in as, for the banner and for `server`'s `accounts`.
struct Account {
  std::string phone;
  std::string name;
  std::string code;
  std::string password;   // empty: none
  std::string bot_token;  // of a bot, which has none of the above but a name
};

struct SandboxInfo {
  struct Address {
    mtproto::DcId dc;
    std::string host;
    std::uint16_t port;
  };
  std::vector<Address> addresses;
  mtproto::RsaPublicKey key;
  std::vector<Account> accounts;
  std::uint16_t mtproxy_port = 0;  // 0: there is none
};

// A scheme and the layer that it is.
struct Layer {
  int number = 0;
  std::shared_ptr<const tl::Schema> schema;
};

// Layers whose files are at hand, each read when a client first speaks it.
struct Shelf {
  std::vector<int> numbers;
  // Null where the file can't be read; it has been said why.
  std::function<std::shared_ptr<const tl::Schema>(int number)> read;
};

class Sandbox {
 public:
  // Listens, then runs until it is destroyed. Throws std::system_error or std::runtime_error with a
  // sentence for people (a taken port, an unreadable key file).
  Sandbox(const SandboxOptions&, std::vector<Layer> layers, Shelf shelf = {});
  ~Sandbox();

  const SandboxInfo& info() const;
  // After SIGHUP: for connections to come.
  void set_layers(std::vector<Layer> layers, Shelf shelf = {});
  // Reads the file of faults again, if there is one; what is wrong with it, and then nothing has
  // changed.
  std::optional<std::string> reload_faults();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace server::sandbox

// The named accounts of one thread. A name is always in the same thread of a process. One that
// nobody uses stays for a while, as whoever comes again soon is served at once.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "server/named/named_account.hpp"
#include "server/named/open_queue.hpp"

namespace server::named {

class NamedAccounts final : private NamedAccount::Owner {
 public:
  static constexpr std::chrono::seconds kept{60};
  static constexpr std::chrono::minutes kept_signing_in{10};
  static constexpr std::size_t most_idle = 256;
  static constexpr std::chrono::seconds start_again_after{5};

  explicit NamedAccounts(NamedServices services);
  ~NamedAccounts() override;

  // Which of `threads` it lives in.
  static std::size_t thread_of(std::string_view name, std::size_t threads);

  // Those of this thread that are connected though nobody asks for them.
  void start(std::size_t threads);
  // As the store has it now.
  void set_keep(std::string_view account, store::Keep keep);
  // A webhook was put into the store, or removed from it.
  void webhook_put(std::string_view account, const std::string& webhook);
  void webhook_removed(std::string_view account, const std::string& webhook);
  // Begins to load it, where it is not here.
  std::shared_ptr<NamedAccount> open(std::string_view name);
  // The same where nobody asked for it: it stays where it is one that stays connected.
  void open_unasked(std::string_view name);
  // So many of those that stay connected though nobody uses them are closed: another node can have
  // them.
  void give_away(std::size_t most);
  // Whatever this process was kept from in the meantime: those whose lease is over are closed. To be
  // called before anything else is done in a turn.
  void close_what_is_over();
  const NamedServices& services() const { return services_; }
  std::size_t size() const { return all_.size(); }
  void close();

 private:
  struct Entry {
    std::shared_ptr<NamedAccount> account;
    std::unique_ptr<boost::asio::steady_timer> idle{};
    std::list<std::string>::iterator place{};  // in idle_
    bool unasked = false;                      // opened for what the store has of it
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  void start_again(std::size_t threads);
  void on_unused(NamedAccount&) override;
  bool comes_again(const Entry&) const;
  void keep(Entries::iterator, std::chrono::seconds how_long);
  void stop_keeping(Entry&);
  void remove(Entries::iterator);

  const NamedServices services_;
  const upstream::WorkRunner runner_;
  Entries all_;
  std::list<std::string> idle_;  // the one that was left first is first
  OpenQueue to_open_;
  std::unique_ptr<boost::asio::steady_timer> starting_;  // while the store is away at the start
  bool closed_ = false;
};

}  // namespace server::named

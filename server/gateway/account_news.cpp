#include "server/gateway/account_news.hpp"

#include "server/gateway/gateway.hpp"
#include "server/gateway/node_link.hpp"
#include "server/gateway/node_news.hpp"

namespace server {
namespace {

using named::NamedAccount;
using What = AccountNews::What;

void apply(named::NamedAccounts& accounts, const AccountNews& news) {
  switch (news.what) {
    case What::keep:
      return accounts.set_keep(news.account, news.text == name_of(store::Keep::always)
                                                 ? store::Keep::always
                                                 : store::Keep::attached);
    case What::webhook_put:
      return accounts.webhook_put(news.account, news.text);
    case What::webhook_removed:
      return accounts.webhook_removed(news.account, news.text);
  }
}

// The one who waits for where it is.
struct Telling {
  ThreadState& home;
  AccountNews news;

  void tell(const NamedAccount& account) const {
    const auto url = other_node_with(home.gateway, account);
    if (url.empty()) return;
    struct Nobody final : NodeChannelUser {
      void on_frame(const tl::Value&, std::string&&) override {}
      void on_link_lost(bool) override {}
    } nobody;
    NodeChannel(*home.nodes, url, nobody).say(news_members(news));
  }
};

}  // namespace

void take_account_news(const Gateway& gateway, AccountNews news) {
  auto name = news.account;
  in_thread_of(
      gateway, std::move(name),
      [news = std::move(news)](auto& accounts, const std::string&) { apply(accounts, news); });
}

void tell_account(const Gateway& gateway, AccountNews news) {
  auto* const home = thread_of_account(gateway, news.account);
  if (!gateway.leases || home == nullptr) return take_account_news(gateway, std::move(news));
  boost::asio::post(home->executor, [home, news = std::move(news)]() mutable {
    auto& accounts = home->named->accounts;
    apply(accounts, news);
    const auto account = accounts.open(news.account);
    const auto telling = std::make_shared<const Telling>(Telling{*home, std::move(news)});
    if (!account->busy()) return telling->tell(*account);
    const std::weak_ptr<void> waiter = std::const_pointer_cast<Telling>(telling);
    account->when_free(waiter, [telling, weak = std::weak_ptr(account)] {
      if (const auto there = weak.lock()) telling->tell(*there);
    });
  });
}

}  // namespace server

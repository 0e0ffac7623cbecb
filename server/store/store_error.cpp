#include "server/store/store_error.hpp"

namespace server::store {

std::string_view name_of(StoreErrc code) {
  switch (code) {
    case StoreErrc::unavailable:
      return "StoreUnavailable";
    case StoreErrc::full:
      return "StoreFull";
    case StoreErrc::read_only:
      return "StoreReadOnly";
    case StoreErrc::bad_address:
      return "StoreAddress";
    case StoreErrc::wrong_key:
      return "StoreKeyWrong";
    case StoreErrc::no_key:
      return "StoreKeyMissing";
    case StoreErrc::too_new:
      return "StoreTooNew";
    case StoreErrc::damaged:
      return "StoreDamaged";
    case StoreErrc::account_exists:
      return "AccountExists";
    case StoreErrc::no_such_account:
      return "NoSuchAccount";
    case StoreErrc::account_in_use:
      return "AccountInUse";
    case StoreErrc::updates_missing:
      return "UpdatesMissing";
    case StoreErrc::lease_lost:
      return "LeaseLost";
    case StoreErrc::account_elsewhere:
      return "AccountElsewhere";
    case StoreErrc::no_such_webhook:
      return "NoSuchWebhook";
    case StoreErrc::too_many_webhooks:
      return "TooManyWebhooks";
    case StoreErrc::failed:
      break;
  }
  return "StoreError";
}

std::string words_for_clients(const StoreError& error) {
  switch (error.code) {
    case StoreErrc::account_exists:
    case StoreErrc::no_such_account:
    case StoreErrc::account_in_use:
    case StoreErrc::no_such_webhook:
    case StoreErrc::too_many_webhooks:
      return error.text;
    case StoreErrc::unavailable:
      return "the store of accounts can't be reached at the moment";
    case StoreErrc::lease_lost:
    case StoreErrc::account_elsewhere:
      return "another gateway has this account at the moment";
    case StoreErrc::full:
      return "there is no room in the store of accounts";
    case StoreErrc::read_only:
      return "the store of accounts can't be written";
    default:
      return "the store of accounts does not do as it should; the gateway's log has more";
  }
}

}  // namespace server::store

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
    case StoreErrc::updates_missing:
      return "UpdatesMissing";
    case StoreErrc::no_such_webhook:
      return "NoSuchWebhook";
    case StoreErrc::too_many_webhooks:
      return "TooManyWebhooks";
    case StoreErrc::failed:
      break;
  }
  return "StoreError";
}

}  // namespace server::store

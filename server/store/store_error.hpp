// What goes wrong in a store, by name and in words for people. No text holds a key or a password.
#pragma once

#include <string>
#include <string_view>

#include "tl/result.hpp"

namespace server::store {

enum class StoreErrc {
  unavailable,  // not to be reached now, or somebody else holds it; worth trying again
  full,         // no room on the disk
  read_only,    // it can't be written
  bad_address,  // the URL, or what it names, can't be a store
  wrong_key,    // sealed by another master key, or changed by hand
  no_key,       // the master key is missing or can't be read
  too_new,      // made by a newer version of this program
  damaged,      // what is in it contradicts itself
  account_exists,
  no_such_account,
  updates_missing,    // the log would get a hole
  account_in_use,     // its session is used by others right now
  lease_lost,         // the write names a lease that is old: another node may own the account
  account_elsewhere,  // another node owns it
  no_such_webhook,
  too_many_webhooks,
  failed,  // anything else
};

struct StoreError {
  StoreErrc code = StoreErrc::failed;
  std::string text;  // a sentence
};

// "StoreUnavailable": for replies and logs.
std::string_view name_of(StoreErrc);

// What clients are told of it: nothing of where the store is.
std::string words_for_clients(const StoreError&);

template <class T>
using StoreResult = tl::Result<T, StoreError>;
using StoreStatus = tl::Result<void, StoreError>;

}  // namespace server::store

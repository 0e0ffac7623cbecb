// What shows whether a master key is the store's: a known text that is sealed with it.
#pragma once

#include "server/store/master_key.hpp"
#include "server/store/transaction.hpp"

namespace server::store {

tl::Bytes make_key_check(const MasterKey&);

// Fails the transaction with wrong_key where the store is sealed with another one.
void check_key(Transaction&, const MasterKey&);

}  // namespace server::store

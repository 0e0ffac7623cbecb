#include "server/store/key_check.hpp"

namespace server::store {
namespace {

constexpr std::string_view known_text = "the key of this store", check_place = "meta.key_check";

}  // namespace

tl::Bytes make_key_check(const MasterKey& key) {
  return key.seal(tl::as_bytes(known_text), check_place);
}

void check_key(Transaction& transaction, const MasterKey& key) {
  const auto rows = transaction.rows("SELECT key_check FROM meta");
  if (!transaction.ok()) return;
  if (rows.size() != 1) {
    return transaction.fail(StoreErrc::damaged, "its table meta should have one row");
  }
  if (!key.unseal(rows[0][0].blob(), check_place)) {
    transaction.fail(StoreErrc::wrong_key,
                     "this is not the master key that the store is sealed with; give the right "
                     "one with --store-key FILE");
  }
}

}  // namespace server::store

// Whether a store could be opened, for --check-config: nothing is made or migrated.
#pragma once

#include "server/store/key_file.hpp"

namespace server::store {

// Where there is none yet: whether it could be made.
StoreStatus look_at_store(const StoreUrl&, const KeyFile&);

}  // namespace server::store

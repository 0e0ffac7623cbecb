// Where the master key is: --store-key FILE, systemd's LoadCredential=store-key:…, or beside the
// file of SQLite. 32 bytes that nobody but their owner may read.
// systemd.io/CREDENTIALS
#pragma once

#include <optional>
#include <string>

#include "server/store/master_key.hpp"
#include "server/store/store_url.hpp"

namespace server::store {

struct KeyFile {
  std::string path;         // empty: the store is in memory, and so is its key
  bool credential = false;  // systemd's own: it sees to who may read it
};

// `option`: what --store-key says, or empty; `credentials`: $CREDENTIALS_DIRECTORY, or empty. No
// key is looked for beside PostgreSQL.
StoreResult<KeyFile> find_key_file(const StoreUrl&, const std::string& option,
                                   const std::string& credentials);

StoreResult<MasterKey> read_key_file(const KeyFile&);
// None where there is no such file.
StoreResult<std::optional<MasterKey>> read_key_file_if_there(const KeyFile&);
// Mode 0600, on the disk when this returns. Where another process made it first, its key.
StoreResult<MasterKey> make_key_file(const KeyFile&);

}  // namespace server::store

// Secrets that the service manager hands over as files in a folder of the process's own, which it
// names in the environment: systemd's LoadCredential=. What is there counts without an option, and
// any option wins over it. systemd.exec(5), "Credentials".
#pragma once

#include <string>
#include <vector>

#include "server/config/environment.hpp"
#include "server/config/said.hpp"
#include "tl/result.hpp"

namespace server::config {

// `api-id`, `api-hash` and `proxy` hold what the options of these names take; `tokens`, `tls-cert`
// and `tls-key` are files as --token-file, --tls-cert and --tls-key take them. (`store-key` is looked
// for by the store.) Or what can't be read.
tl::Result<std::vector<Entry>, std::string> read_credential_files(const Environment&);

}  // namespace server::config

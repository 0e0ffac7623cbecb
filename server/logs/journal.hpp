// Whether what is written to stderr goes to systemd's journal: then lines begin with a priority.
// systemd.exec(5), "JOURNAL_STREAM"; sd-daemon(3).
#pragma once

#include <optional>
#include <string_view>

#include "server/logs/logger.hpp"

namespace server::logs {

// `stream`: "device:inode", as JOURNAL_STREAM names it. A variable that was inherited, while stderr
// was sent elsewhere, names another file.
bool is_file(std::string_view stream, int descriptor);

// The same of the process's own variable and stderr.
bool stderr_is_journal();

// "<6>": as syslog(3) numbers them.
std::string_view priority(Level);

}  // namespace server::logs

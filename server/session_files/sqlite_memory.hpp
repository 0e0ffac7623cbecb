// SQLite within this process: its memory is wiped as it is given back, since pages of a database
// hold keys, and there is a limit to it.
#pragma once

#include <sqlite3.h>

namespace server::session_files {

// Before anything else of SQLite is used; further calls do nothing.
void start_sqlite();

// `under` with what is freed wiped before. One at a time: the functions are C's and keep `under`
// in a static.
sqlite3_mem_methods wiping_methods(const sqlite3_mem_methods& under);

}  // namespace server::session_files

// What reads a stranger's files does it with little to break: bounds of memory and time, no file to
// be opened, no program to be started, no core to be left behind.
#pragma once

namespace server {

// For the rest of this process. Standard input and output stay as they are.
void confine();

}  // namespace server

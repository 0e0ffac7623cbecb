// What a client that wants events hears of its connections to Telegram: {"id":0,"connection":{…}}.
#pragma once

#include <string>

#include "server/account/account_event.hpp"

namespace server {

// Appends {"dc":2,"state":…}. `dc`: the number of the data centre.
void write_connection(int dc, const account::DcChange&, std::string& out);
// Appends the object around it.
void write_connection_event(int dc, const account::DcChange&, std::string& out);

}  // namespace server

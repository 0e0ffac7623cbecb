// What the list of devices shows as the system, where nobody says otherwise: "Linux 6.1.0-18".
#pragma once

#include <string>

namespace server::config {

std::string system_version();

}  // namespace server::config

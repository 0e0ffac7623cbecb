#include "server/config/system_version.hpp"

#include <sys/utsname.h>

namespace server::config {

std::string system_version() {
  utsname names{};
  if (uname(&names) != 0) return "";
  return std::string(names.sysname) + " " + names.release;
}

}  // namespace server::config

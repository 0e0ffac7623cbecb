// GET /metrics: what the process counts, as Prometheus reads it (text format 0.0.4), in base units.
#pragma once

#include <string>
#include <string_view>

namespace server {
class Gateway;
}

namespace server::http {

inline constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_page(const Gateway&);

}  // namespace server::http

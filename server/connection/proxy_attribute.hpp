// The member `proxy` of the attribute `server`: text as --proxy takes it, an MTProxy's host, port
// and secret, or false for the direct way.
#pragma once

#include <memory>
#include <string>

#include "server/upstream/proxy/proxy.hpp"
#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server {

using ProxyPointer = std::shared_ptr<const upstream::Proxy>;  // none: the direct way

struct ProxyProblem {
  std::string path;  // within `proxy`: "", "/port"
  std::string text;
};

// What `current` is shown as means `current`, so that a reply can be pasted back.
tl::Result<ProxyPointer, ProxyProblem> read_proxy_attribute(const tl::Value& value,
                                                            const ProxyPointer& current);

}  // namespace server

// What goes around an API call until one was answered on a connection: the layer that we speak and
// who we are. core.telegram.org/api/invoking
//
//   da9b0d0d layer [ c1cd5ea9 flags=0 api_id device_model system_version app_version
//   system_lang_code lang_pack="" lang_code ] query…
//
// The same for every layer since 2018, so it needs no scheme.
#pragma once

#include "server/config/options.hpp"
#include "tl/bytes.hpp"

namespace server::account {

// Without init_connection (no api_id is known) the layer alone; Telegram then says what it lacks.
tl::Bytes init_prefix(const AppIdentity& app, int layer, bool with_init_connection);

}  // namespace server::account

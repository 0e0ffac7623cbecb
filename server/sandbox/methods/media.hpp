// What InputMedia stands for: files that were uploaded, files that are here already, contact
// cards and places.
#pragma once

#include "server/sandbox/methods/call.hpp"

namespace server::sandbox {

Outcome<Media> media_of(Call& call, const tl::Value& input);
// What InputChatPhoto stands for; null: none.
Outcome<FilePtr> chat_photo_of(Call& call, const tl::Value& input);
// By id, access hash and reference; null where the hash or id is wrong.
Outcome<FilePtr> file_of(const Call& call, const tl::Value& input, bool photo);

}  // namespace server::sandbox

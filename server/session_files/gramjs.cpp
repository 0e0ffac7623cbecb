// GramJS's StoreSession. A client that has dropped its key leaves the word `undefined` in its place.
#include "server/session_files/json_sessions.hpp"
#include "server/session_files/wiping_memory.hpp"
#include "tl/json_reader.hpp"

namespace server::session_files {

Outcome<FoundSession> read_gramjs(std::string_view auth_key, std::string_view dc_id) {
  if (auth_key.empty() || auth_key == "undefined" || auth_key == "null") {
    return std::string("there is no key in its authKey: GramJS has not signed in, or dropped it");
  }
  WipingMemory memory;
  std::pmr::monotonic_buffer_resource arena(&memory);
  const auto buffer = tl::read_json(auth_key, arena);
  auto key = buffer ? auth_key_of_numbers((*buffer)["data"]) : std::nullopt;
  if (!key) return std::string("its authKey is no Buffer of 256 bytes as JSON");
  if (dc_id.empty()) {
    return std::string("its file dcId is missing, which says the key's data centre");
  }
  const auto number = tl::read_json(dc_id, arena);
  const auto dc = number ? dc_of(number->as_int64()) : std::nullopt;
  if (!dc) return std::string("its dcId is no data centre's number");
  return FoundSession{"GramJS", std::move(*key), *dc};
}

}  // namespace server::session_files

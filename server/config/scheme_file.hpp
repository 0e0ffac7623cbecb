// A scheme file before and after it is read as TL: what people name by mistake is refused with a
// sentence that says what it is.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tl/result.hpp"
#include "tl/schema.hpp"

namespace server::config {

// The largest known, TDLib's td_api.tl, has 1.2 MB.
inline constexpr std::size_t longest_scheme = std::size_t{16} << 20;

// Its text. The error is a sentence that begins with the file's name, as all of these do.
tl::Result<std::string, std::string> read_scheme_file(const std::filesystem::path& file);

// Why this is no TL at all: nothing, JSON, another encoding, no text.
std::optional<std::string> no_tl(const tl::SchemaSource&);

// Of a source that is the first of `schema`: why Telegram's data centres do not speak it.
std::optional<std::string> no_api(const std::string& file, const tl::Schema& schema);

// Whether the first source of `schema` has MTProto's service messages without the API: one of the
// files into which some projects split theirs.
bool only_service_messages(const tl::Schema& schema);

}  // namespace server::config

#include "server/config/scheme_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>
#include <system_error>

#include "tl/byte_order_mark.hpp"

namespace server::config {
namespace {

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

bool names(const tl::Schema& schema, bool function, std::string_view name) {
  const auto own = schema.first_source();
  return std::any_of(own.begin(), own.end(), [&](const tl::Combinator& combinator) {
    return combinator.is_function == function && combinator.name == name;
  });
}

}  // namespace

tl::Result<std::string, std::string> read_scheme_file(const std::filesystem::path& path) {
  using Out = tl::Result<std::string, std::string>;
  const auto failed = [&](const std::string& why) {
    return Out(boost::system::in_place_error, path.string() + " can't be read: " + why);
  };
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) {
    return Out(boost::system::in_place_error, path.string() + " is a folder; name the file in it");
  }
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return failed(std::generic_category().message(errno));
  std::string text;
  std::array<char, 16384> part;
  std::size_t read = part.size();
  while (read == part.size() && text.size() <= longest_scheme) {
    read = std::fread(part.data(), 1, part.size(), file.get());
    text.append(part.data(), read);
  }
  text.shrink_to_fit();  // it is kept
  if (std::ferror(file.get()) != 0) return failed(std::generic_category().message(errno));
  if (text.size() > longest_scheme) return failed("it is longer than 16 MiB");
  return Out(boost::system::in_place_value, std::move(text));
}

std::optional<std::string> no_tl(const tl::SchemaSource& source) {
  const std::string_view text = tl::without_mark(source.text);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return source.file + " is in UTF-16; save it as UTF-8";
  }
  if (text.find('\0') != text.npos) return source.file + " is no text";
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return source.file + " is empty";
  if (text[begin] == '{' || text[begin] == '[') {
    return source.file + " is JSON; a scheme in TL is due, as in a file api.tl";
  }
  return {};
}

std::optional<std::string> no_api(const std::string& file, const tl::Schema& schema) {
  if (schema.first_source().empty()) return file + " defines nothing";
  if (names(schema, true, "setTdlibParameters") ||
      names(schema, false, "authorizationStateWaitTdlibParameters")) {
    return file +
           " is the interface of TDLib, which Telegram's data centres do not speak; theirs is "
           "telegram_api.tl beside it";
  }
  return {};
}

bool only_service_messages(const tl::Schema& schema) {
  const bool service = names(schema, false, "resPQ") || names(schema, false, "msgs_ack");
  return service && !names(schema, true, "help.getConfig") &&
         !names(schema, true, "invokeWithLayer");
}

}  // namespace server::config

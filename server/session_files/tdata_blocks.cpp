#include "server/session_files/tdata_blocks.hpp"

#include "server/session_files/qt_reader.hpp"

namespace server::session_files {
namespace {

constexpr std::int32_t most_accounts = 32;
constexpr std::int32_t most_keys = 32;
constexpr std::int32_t authorization_block = 75;
constexpr std::uint64_t wide_ids = ~std::uint64_t{0};

}  // namespace

std::optional<std::vector<std::size_t>> read_account_list(tl::ByteView bytes) {
  QtReader in(bytes);
  const auto count = in.int32();
  if (!in || count < 1 || count > most_accounts) return {};
  std::vector<std::size_t> out;
  for (std::int32_t i = 0; i < count; ++i) {
    const auto index = in.int32();
    if (!in || index < 0 || index >= most_accounts) return {};
    out.push_back(static_cast<std::size_t>(index));
  }
  return out;
}

std::optional<Authorization> read_authorization(tl::ByteView bytes) {
  QtReader block(bytes);
  if (block.int32() != authorization_block) return {};
  QtReader in(block.array());
  const auto first = in.number(8);
  const bool wide = first == wide_ids;
  const auto user = wide ? in.number(8) : first >> 32;
  const auto home = wide ? in.int32() : static_cast<std::int32_t>(first);
  const auto count = in.int32();
  if (!block || !in || user >> 63 != 0 || count < 0 || count > most_keys) return {};
  Authorization out{static_cast<std::int64_t>(user), mtproto::DcId(home), {}};
  for (std::int32_t i = 0; i < count; ++i) {
    const auto dc = in.int32();
    const auto key = in.raw(mtproto::AuthKey::size);
    if (!in) return {};
    if (dc == home) out.home_key = auth_key_of(key);
  }
  return out;
}

std::optional<bool> read_environment(tl::ByteView configs) {
  QtReader whole(configs);
  QtReader in(whole.array());
  const auto version = in.int32();
  const auto environment = in.int32();
  if (!in || version != 1 || environment < 0 || environment > 1) return {};
  return environment == 1;
}

}  // namespace server::session_files

#include "mtproto/session/wrapping.hpp"

#include "mtproto/message/gzip.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace mtproto {
namespace {

constexpr std::uint32_t invoke_after_msg = 0xcb9f372d;
constexpr std::uint32_t invoke_after_msgs = 0x3dc4b4f0;
constexpr std::uint32_t save_file_part = 0xb304a621;
constexpr std::uint32_t save_big_file_part = 0xde7b673d;

bool is_file_part(tl::ByteView query) {
  const auto id = tl::Reader(query).peek();
  return id == save_file_part || id == save_big_file_part;
}

}  // namespace

tl::Bytes wrap(tl::ByteView prefix, std::span<const MessageId> after, tl::ByteView query) {
  tl::Bytes out;
  out.reserve(prefix.size() + 12 + 8 * after.size() + query.size());
  tl::Writer write(out);
  write.raw(prefix);
  if (after.size() == 1) {
    write.nat(invoke_after_msg);
  } else if (!after.empty()) {
    write.nat(invoke_after_msgs).vector(static_cast<std::uint32_t>(after.size()));
  }
  for (const auto id : after) write.int64(static_cast<std::int64_t>(id.value()));
  write.raw(query);
  if (out.size() > worth_packing && !is_file_part(query)) {
    if (auto packed = pack_gzip(out)) return std::move(*packed);
  }
  return out;
}

}  // namespace mtproto

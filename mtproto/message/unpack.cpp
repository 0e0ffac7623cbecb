#include "mtproto/message/unpack.hpp"

#include <algorithm>

#include "mtproto/message/container.hpp"
#include "mtproto/message/gzip.hpp"
#include "mtproto/message/service_rpc.hpp"

namespace mtproto {
namespace {

constexpr std::size_t large = std::size_t{256} << 10;
// Of an rpc_result, before its result.
constexpr std::size_t result_head = 12;

// Of `buffer` just `part`, which lies in it.
tl::Slice cut_out(tl::Slice buffer, ByteView part) {
  buffer.narrow(static_cast<std::size_t>(part.data() - buffer.data()), part.size());
  return buffer;
}

class Unpacker {
 public:
  Unpacker(Incoming& out, std::size_t left) : out_(out), left_(left) {}

  void outer(ByteView body) {
    body = undo_gzip(body);
    out_.container = tl::Reader(body).peek() == msg_container_id;
    if (!out_.container) return add({out_.head.id, out_.head.seqno, body});
    const auto inner = read_container(body);
    if (!inner) {
      out_.bad_container = true;
      return;
    }
    out_.messages.reserve(inner->size());
    for (const auto& message : *inner) {
      const auto plain = undo_gzip(message.body);
      if (tl::Reader(plain).peek() == msg_container_id) {
        out_.bad_container = true;
        out_.messages.clear();
        return;
      }
      add({message.id, message.seqno, plain});
    }
  }

 private:
  void add(Message message) {
    if (const auto result = read_rpc_result(message.body)) {
      const auto plain = undo_gzip(result->result);
      if (plain.data() != result->result.data()) {
        // It goes into the room before.
        auto& whole = out_.unpacked.back();
        std::copy_n(message.body.begin(), result_head, whole.begin());
        message.body = whole;
      } else {
        message.body = message.body.first(result_head + plain.size());
      }
    }
    out_.messages.push_back(message);
  }

  ByteView undo_gzip(ByteView body) {
    auto packed = body;
    for (int level = 0; is_gzip_packed(body); ++level) {
      if (level == 2) return packed;
      const bool used_up = tl::holds(out_.packet, body) && can_use_up_gzip(body, left_);
      auto plain = used_up ? use_up_gzip(in_packet(body), result_head)
                           : unpack_gzip(body, left_, result_head);
      if (used_up) packed = packed.first(kept_of_gzip);
      if (!plain || plain->size() < result_head + 4) return packed;
      left_ -= plain->size() - result_head;
      if (level == 1) out_.unpacked.pop_back();
      body = ByteView(out_.unpacked.emplace_back(std::move(*plain))).subspan(result_head);
    }
    return body;
  }

  std::span<std::uint8_t> in_packet(ByteView body) {
    const auto at = static_cast<std::size_t>(body.data() - out_.packet.data());
    return out_.packet.bytes().subspan(at, body.size());
  }

  Incoming& out_;
  std::size_t left_;
};

}  // namespace

tl::Slice Incoming::spend(ByteView part) {
  if (part.size() > large) {
    if (tl::holds(packet, part)) return cut_out(std::move(packet), part);
    for (auto& buffer : unpacked) {
      if (tl::holds(buffer, part)) return cut_out(std::move(buffer), part);
    }
  }
  return Bytes(part.begin(), part.end());
}

Incoming unpack(Opened opened, AuthKeyId key, std::size_t max_unpacked) {
  Incoming out;
  out.key = key;
  out.head = opened.head;
  out.quick_ack = opened.quick_ack;
  const auto body = opened.body();
  const auto at = static_cast<std::size_t>(body.data() - opened.packet.data());
  const auto size = body.size();
  out.packet = std::move(opened.packet);
  Unpacker(out, max_unpacked).outer(ByteView(out.packet).subspan(at, size));
  // Most of what is large comes packed: it goes here, and not where connections are served.
  const auto in_packet = [&](const Message& it) { return tl::holds(out.packet, it.body); };
  if (size > large && std::ranges::none_of(out.messages, in_packet)) out.packet = {};
  return out;
}

}  // namespace mtproto

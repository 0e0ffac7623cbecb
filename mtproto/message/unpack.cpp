#include "mtproto/message/unpack.hpp"

#include "mtproto/message/container.hpp"
#include "mtproto/message/gzip.hpp"
#include "mtproto/message/service_rpc.hpp"

namespace mtproto {
namespace {

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
        message.body = out_.unpacked.emplace_back(write_rpc_result(result->req_msg_id, plain));
      }
    }
    out_.messages.push_back(message);
  }

  ByteView undo_gzip(ByteView body) {
    const auto packed = body;
    for (int level = 0; is_gzip_packed(body); ++level) {
      if (level == 2) return packed;
      auto plain = unpack_gzip(body, left_);
      if (!plain || plain->size() < 4) return packed;
      left_ -= plain->size();
      body = out_.unpacked.emplace_back(std::move(*plain));
    }
    return body;
  }

  Incoming& out_;
  std::size_t left_;
};

}  // namespace

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
  return out;
}

}  // namespace mtproto

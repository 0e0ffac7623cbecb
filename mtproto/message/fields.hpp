// How a service message is read and written: each says its fields once, in wire order,
//
//   struct Pong {
//     static constexpr std::uint32_t id = 0x347773c5;
//     MessageId msg_id; std::uint64_t ping_id = 0;
//     template <class Self, class Visit> static void fields(Self& self, Visit&& visit) {
//       visit("msg_id", self.msg_id); visit("ping_id", self.ping_id);
//     }
//   };
//
// and both directions, and the test that ties it to scheme/mtproto.tl, come from that.
#pragma once

#include <cstdint>
#include <vector>

#include "mtproto/errc.hpp"
#include "mtproto/ids.hpp"
#include "tl/reader.hpp"
#include "tl/result.hpp"
#include "tl/writer.hpp"

namespace mtproto {

using tl::Bytes;
using tl::ByteView;

// What has fields of its own (future_salt) stands in bare vectors, ids in boxed ones.
template <class T>
concept Composed = requires {
  T::size;
};

class FieldReader {
 public:
  explicit FieldReader(tl::Reader& in) : in_(in) {}

  void operator()(const char*, std::int32_t& value) { value = in_.int32(); }
  void operator()(const char*, std::uint64_t& value) {
    value = static_cast<std::uint64_t>(in_.int64());
  }
  template <class Tag>
  void operator()(const char*, StrongId<Tag, std::uint64_t>& value) {
    value = StrongId<Tag, std::uint64_t>(static_cast<std::uint64_t>(in_.int64()));
  }
  void operator()(const char*, Bytes& value) {
    const auto view = in_.bytes();
    value.assign(view.begin(), view.end());
  }
  template <class T>
  void operator()(const char* name, std::vector<T>& values) {
    if constexpr (Composed<T>) {
      values.resize(in_.count(false, T::size));
      for (auto& value : values) T::fields(value, *this);
    } else {
      values.resize(in_.count(true, 8));
      for (auto& value : values) (*this)(name, value);
    }
  }

 private:
  tl::Reader& in_;
};

class FieldWriter {
 public:
  explicit FieldWriter(tl::Writer& out) : out_(out) {}

  void operator()(const char*, std::int32_t value) { out_.int32(value); }
  void operator()(const char*, std::uint64_t value) {
    out_.int64(static_cast<std::int64_t>(value));
  }
  template <class Tag>
  void operator()(const char*, StrongId<Tag, std::uint64_t> value) {
    out_.int64(static_cast<std::int64_t>(value.value()));
  }
  void operator()(const char*, const Bytes& value) { out_.bytes(value); }
  template <class T>
  void operator()(const char* name, const std::vector<T>& values) {
    const auto count = static_cast<std::uint32_t>(values.size());
    if constexpr (Composed<T>) {
      out_.nat(count);
      for (const auto& value : values) T::fields(value, *this);
    } else {
      out_.vector(count);
      for (const auto& value : values) (*this)(name, value);
    }
  }

 private:
  tl::Writer& out_;
};

// What stands behind the object is let be, as servers may put bytes there. malformed_message.
template <class T>
tl::Result<T> read_service(ByteView body) {
  tl::Reader in(body);
  in.expect(T::id);
  T value;
  FieldReader visit(in);
  T::fields(value, visit);
  if (!in) return errc::malformed_message;
  return value;
}

template <class T>
Bytes write_service(const T& value) {
  Bytes out;
  tl::Writer writer(out);
  writer.nat(T::id);
  FieldWriter visit(writer);
  T::fields(value, visit);
  return out;
}

}  // namespace mtproto

#include "server/connection/request_encoder.hpp"

#include <algorithm>
#include <array>

#include "server/account/init_prefix.hpp"
#include "server/account/recaptcha.hpp"
#include "server/account/repeat.hpp"
#include "tl/reader.hpp"
#include "tl/shortened.hpp"
#include "tl/writer.hpp"

namespace server {
namespace {

struct ServiceFunction {
  std::string_view name;
  bool answered;
};

// What may be sent beside API calls, and which of it Telegram answers.
constexpr std::array<ServiceFunction, 10> service_functions{{{"ping", true},
                                                             {"ping_delay_disconnect", true},
                                                             {"get_future_salts", true},
                                                             {"msgs_state_req", true},
                                                             {"destroy_session", true},
                                                             {"rpc_drop_answer", true},
                                                             {"msgs_ack", false},
                                                             {"msg_resend_req", false},
                                                             {"msg_resend_ans_req", false},
                                                             {"msgs_all_info", false}}};

// What belongs to the session itself.
constexpr std::array<std::string_view, 12> reserved{
    "rpc_result",       "msg_container", "msg_copy",      "gzip_packed",
    "req_pq",           "req_pq_multi",  "req_DH_params", "set_client_DH_params",
    "destroy_auth_key", "http_wait",     "rpc_error",     "msgs_state_info"};

bool is_reserved(std::string_view name) {
  return std::ranges::find(reserved, name) != reserved.end();
}

const ServiceFunction* find_service(std::string_view name) {
  const auto found = std::ranges::find(service_functions, name, &ServiceFunction::name);
  return found == service_functions.end() ? nullptr : &*found;
}

std::string in_quotes(std::string_view text) {
  std::string out;
  tl::write_json_string(text, out);
  return out;
}

}  // namespace

EncodedMessage RequestEncoder::encode(const tl::Value& message, const tl::PeerBook& peers,
                                      tl::Random& random, tl::Bytes body) const {
  tl::EncodeOptions how;
  how.ignore_unknown = options_.ignore_unknown;
  how.random = &random;
  how.peers = &peers;
  return encode_message(*schemes_.find(options_.layer)->schema, message, how, std::move(body));
}

std::unique_ptr<EncodeWork> RequestEncoder::encode_apart(const tl::Value& message,
                                                         std::unique_ptr<RequestArena> arena,
                                                         const account::PeerNames& names,
                                                         MemoryShare share) const {
  EncodeWork::Message work{schemes_.find(options_.layer)->schema, std::move(arena), message,
                           options_.ignore_unknown, names};
  return std::make_unique<EncodeWork>(std::move(work), std::move(share));
}

PreparedMessage RequestEncoder::prepare(EncodedMessage encoded,
                                        std::string_view recaptcha_token) const {
  PreparedMessage out;
  out.name = std::move(encoded.name);
  out.body = std::move(encoded.body);
  if (!encoded.encoding) {
    out.failure = problem_failure(encoded.encoding.error(), "/message");
    return out;
  }
  out.encoding = std::move(*encoded.encoding);
  for (auto& path : out.encoding->ignored) path.insert(0, "/message");
  if (out.encoding->lacking.empty()) out.failure = classify(encoded.seqno, out);
  if (!out.failure && !recaptcha_token.empty()) out.failure = vouch(recaptcha_token, out);
  return out;
}

Failure RequestEncoder::while_encoding(std::string_view name, Failure failure) {
  if (!name.empty()) failure.doing.push_back("encoding " + in_quotes(tl::shortened(name)));
  return failure;
}

// How it is to be sent, if at all.
std::optional<Failure> RequestEncoder::classify(const tl::Value& seqno,
                                                PreparedMessage& message) const {
  const auto& encoding = *message.encoding;
  const auto& outer = *encoding.combinator;
  const auto& inner = encoding.innermost != nullptr ? *encoding.innermost : outer;
  auto& send = message.send;
  if (is_reserved(outer.name) ||
      (&inner != &outer && (is_reserved(inner.name) || find_service(inner.name) != nullptr))) {
    return scheme_error("/message/_cons", in_quotes(inner.name) + " can't be sent as a message");
  }
  if (const auto* service = find_service(outer.name)) {
    send.api = false;
    send.answered = service->answered;
  } else if (!outer.is_function) {
    return scheme_error("/message/_cons",
                        in_quotes(outer.name) + " is an object; a function is due");
  }
  if (message.body.size() > mtproto::max_body) {
    return type_error("/message", "the message is longer than the 16 MiB that can be sent");
  }
  if (!seqno.is_null()) {
    const auto number = seqno.as_int64();
    if (!number || *number < 0 || *number > 0x7fffffff) {
      return type_error("/message/_seqno", "a sequence number is due, an integer of 31 bits");
    }
    send.seqno = static_cast<std::uint32_t>(*number);
  }
  send.repeat = account::repeat_of(inner);
  send.bare = outer.name == "invokeWithLayer";
  const bool wants_layer = outer.name == "initConnection";
  if (wants_layer) initialise(message);
  if (encoding.layer_at) set_layer(message, *encoding.layer_at + (wants_layer ? 8 : 0));
  return {};
}

std::optional<Failure> RequestEncoder::vouch(std::string_view recaptcha_token,
                                             PreparedMessage& message) {
  constexpr auto* path = "/recaptcha_token";
  if (!message.send.api) return type_error(path, "it goes with API calls only");
  if (message.send.bare) {
    return type_error(path,
                      "this message has an invokeWithLayer or initConnection of its own; put "
                      "invokeWithReCaptcha into it");
  }
  auto wrapped = account::recaptcha_prefix(recaptcha_token);
  tl::append(wrapped, message.body);
  if (wrapped.size() > mtproto::max_body) {
    return type_error("/message", "the message is longer than the 16 MiB that can be sent");
  }
  message.body = std::move(wrapped);
  return {};
}

// An initConnection of the client's own lacks only the layer around it.
void RequestEncoder::initialise(PreparedMessage& message) const {
  auto wrapped = account::init_prefix(*options_.app, options_.layer, false);
  tl::append(wrapped, message.body);
  message.body = std::move(wrapped);
  message.send.bare = true;
}

// The scheme that encoded it will have to decode the answer.
void RequestEncoder::set_layer(PreparedMessage& message, std::size_t at) const {
  if (at + 4 > message.body.size()) return;
  const auto number = tl::Reader(tl::ByteView(message.body).subspan(at)).int32();
  if (schemes_.find(number) != nullptr) return;
  tl::Bytes layer;
  tl::Writer(layer).int32(options_.layer);
  std::ranges::copy(layer, message.body.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace server

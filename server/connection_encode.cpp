// A client's message into bytes, and how they are to be sent.
#include <algorithm>
#include <array>

#include "server/account/init_prefix.hpp"
#include "server/account/repeat.hpp"
#include "server/connection.hpp"
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

std::optional<Failure> Connection::encode(Exchange& exchange, const ConnectionOptions& options,
                                          const tl::PeerBook& peers) {
  tl::EncodeOptions how;
  how.ignore_unknown = options.ignore_unknown;
  how.random = &random_;
  how.peers = &peers;
  return take_encoded(exchange, options,
                      encode_message(*schemes_->find(options.layer)->schema,
                                     *exchange.request.message, how, std::move(exchange.body)));
}

std::optional<Failure> Connection::take_encoded(Exchange& exchange,
                                                const ConnectionOptions& options,
                                                EncodedMessage encoded) {
  exchange.body = std::move(encoded.body);
  auto& encoding = encoded.encoding;
  auto failure = encoding ? std::nullopt
                          : std::optional<Failure>(problem_failure(encoding.error(), "/message"));
  if (!failure) {
    exchange.encoding = std::move(*encoding);
    for (auto& path : exchange.encoding.ignored) path.insert(0, "/message");
    if (exchange.encoding.lacking.empty()) failure = classify(exchange, options, encoded.seqno);
  }
  if (!failure && !exchange.share.try_resize(exchange.weight())) {
    failure = busy(gateway_.memory.limit(), "the gateway is at its bound of memory");
  }
  if (failure && !encoded.name.empty()) {
    failure->doing.push_back("encoding " + in_quotes(tl::shortened(encoded.name)));
  }
  return failure;
}

// Nothing behind it is begun meanwhile.
std::optional<Failure> Connection::encode_apart(Exchange& exchange,
                                                const ConnectionOptions& options,
                                                const account::PeerNames& names) {
  MemoryShare share(gateway_.memory);
  if (!share.try_resize(EncodeWork::room(*exchange.arena))) {
    return busy(gateway_.memory.limit(), "the gateway is at its bound of memory");
  }
  exchange.state = Exchange::State::encoding;
  blocker_ = &exchange;
  EncodeWork::Message message{schemes_->find(options.layer)->schema, std::move(exchange.arena),
                              *exchange.request.message, options.ignore_unknown, names};
  auto done = [weak = weak_from_this(), &pool = gateway_.pool,
               number = exchange.number](std::unique_ptr<mtproto::Work> result) {
    auto& work = static_cast<EncodeWork&>(*result);
    const auto self = weak.lock();
    if (self && !self->closed_) {
      self->encoded_apart(number, work);
    } else {
      pool.destroy(std::move(result));
    }
  };
  gateway_.pool.run(std::make_unique<EncodeWork>(std::move(message), std::move(share)), executor_,
                    std::move(done));
  return {};
}

void Connection::encoded_apart(std::uint64_t number, EncodeWork& work) {
  auto* exchange = find(number);
  if (exchange == nullptr) return drop(work.take_arena());
  exchange->arena = work.take_arena();
  blocker_ = nullptr;
  const auto encoded = work.take_encoded();
  if (exchange->names_asked == 0) {
    exchange->encoded = std::make_unique<EncodedMessage>(std::move(*encoded));
    exchange->state = Exchange::State::queued;
    begin(*exchange);
  } else if (auto failure = take_encoded(*exchange, options_, std::move(*encoded))) {
    fail(*exchange, std::move(*failure));
  } else {
    named(*exchange);
  }
  if (!closed_) advance();
}

// How an encoded message is to be sent.
std::optional<Failure> Connection::classify(Exchange& exchange, const ConnectionOptions& options,
                                            const tl::Value& seqno) {
  const auto& encoding = exchange.encoding;
  const auto& outer = *encoding.combinator;
  const auto& inner = encoding.innermost != nullptr ? *encoding.innermost : outer;
  exchange.send = {};
  if (is_reserved(outer.name) ||
      (&inner != &outer && (is_reserved(inner.name) || find_service(inner.name) != nullptr))) {
    return scheme_error("/message/_cons", in_quotes(inner.name) + " can't be sent as a message");
  }
  if (const auto* service = find_service(outer.name)) {
    exchange.send.api = false;
    exchange.send.answered = service->answered;
  } else if (!outer.is_function) {
    return scheme_error("/message/_cons",
                        in_quotes(outer.name) + " is an object; a function is due");
  }
  if (exchange.body.size() > mtproto::max_body) {
    return type_error("/message", "the message is longer than the 16 MiB that can be sent");
  }
  if (!seqno.is_null()) {
    const auto number = seqno.as_int64();
    if (!number || *number < 0 || *number > 0x7fffffff) {
      return type_error("/message/_seqno", "a sequence number is due, an integer of 31 bits");
    }
    exchange.send.seqno = static_cast<std::uint32_t>(*number);
  }
  exchange.send.repeat = account::repeat_of(inner);
  exchange.send.bare = outer.name == "invokeWithLayer";
  if (outer.name == "initConnection") {
    auto wrapped = account::init_prefix(options.app, options.layer, false);
    tl::append(wrapped, exchange.body);
    exchange.body = std::move(wrapped);
    exchange.send.bare = true;
  }
  if (encoding.layer_at && *encoding.layer_at + 4 <= exchange.body.size()) {
    // The scheme that encoded it will have to decode the answer.
    const auto at = *encoding.layer_at + (outer.name == "initConnection" ? 8 : 0);
    const auto number = tl::Reader(tl::ByteView(exchange.body).subspan(at)).int32();
    if (schemes_->find(number) == nullptr) {
      tl::Bytes layer;
      tl::Writer(layer).int32(options.layer);
      std::ranges::copy(layer, exchange.body.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  return {};
}

}  // namespace server

#include "server/http/request_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/optional/optional.hpp>
#include <iterator>

namespace server::http {
namespace {

namespace beast = boost::beast;
using beast::http::error;
using boost::system::error_code;

// Beast 1.81 takes the end of an empty chunked body for its own mistake where fewer bytes came.
constexpr std::size_t least_last_chunk = 5;

// A body that is passed on, piece by piece, and not kept.
struct PassedOn {
  using value_type = const std::function<void(std::string_view)>*;

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(beast::http::header<is_request, Fields>&, value_type& to) : to_(to) {}
    void init(const boost::optional<std::uint64_t>&, error_code& why) { why = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& why) {
      why = {};
      std::size_t size = 0;
      for (const boost::asio::const_buffer part : beast::buffers_range_ref(buffers)) {
        (*to_)({static_cast<const char*>(part.data()), part.size()});
        size += part.size();
      }
      return size;
    }
    void finish(error_code& why) { why = {}; }

   private:
    value_type& to_;
  };
};

std::string lower(beast::string_view text) {
  std::string out(text.data(), text.size());
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

// Whoever reads a body's length in another way than we do reads other requests than we do.
bool has_clear_length(const beast::http::fields& fields, unsigned version) {
  const auto [begin, end] = fields.equal_range(beast::http::field::transfer_encoding);
  if (begin == end) return true;
  return version == 11 && std::next(begin) == end && lower(begin->value()) == "chunked";
}

}  // namespace

struct RequestReader::Parser : beast::http::request_parser<PassedOn> {};

RequestReader::RequestReader(std::uint64_t longest_body) : parser_(std::make_unique<Parser>()) {
  parser_->header_limit(longest_head);
  parser_->body_limit(longest_body);
  parser_->eager(false);
}

RequestReader::~RequestReader() = default;

bool RequestReader::done() const { return parser_->is_done(); }

RequestReader::Step RequestReader::read(std::string& in,
                                        const std::function<void(std::string_view)>& body) {
  parser_->get().body() = &body;
  while (!parser_->is_done()) {
    if (parser_->is_header_done() && !told_) {
      told_ = true;
      if (!take_head()) return Step::failed;
      return Step::head;
    }
    const bool first_chunk = told_ && !begun_ && parser_->chunked();
    if (in.size() < (first_chunk ? least_last_chunk : 1)) return Step::more;
    error_code why;
    const auto size = parser_->put(boost::asio::buffer(in), why);
    in.erase(0, size);
    begun_ = begun_ || (told_ && size > 0);
    // It keeps no bound for what stands between the chunks and behind the last.
    if (why == error::need_more) return in.size() > longest_head ? Step::failed : Step::more;
    if (why == error::header_limit) return Step::head_too_long;
    if (why == error::body_limit) return Step::body_too_long;
    if (why) return Step::failed;
  }
  if (!told_) {
    told_ = true;
    return take_head() ? Step::head : Step::failed;
  }
  return Step::done;
}

bool RequestReader::take_head() {
  const auto& request = parser_->get();
  if (!has_clear_length(request, request.version())) return false;
  const auto target = request.target();
  if (target.empty() || target[0] != '/') return false;
  const std::string_view whole(target.data(), target.size());
  const auto question = whole.find('?');
  auto path = percent_decoded(whole.substr(0, question));
  if (!path) return false;
  head_.path = std::move(*path);
  head_.query = question == whole.npos ? "" : whole.substr(question + 1);
  head_.method = std::string(request.method_string());
  head_.version = request.version();
  head_.keep_alive = parser_->keep_alive();
  for (const auto& field : request) {
    head_.fields.emplace_back(lower(field.name_string()), std::string(field.value()));
  }
  head_.websocket =
      beast::http::token_list{request[beast::http::field::connection]}.exists("upgrade") &&
      beast::http::token_list{request[beast::http::field::upgrade]}.exists("websocket");
  head_.expects_continue = lower(request[beast::http::field::expect]) == "100-continue";
  return true;
}

}  // namespace server::http

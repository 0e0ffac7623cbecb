#include "server/http/request_reader.hpp"

#include <algorithm>
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

// What a line of a head takes beside its text: a node here and two strings in `Head`.
constexpr std::size_t line_cost = 192;

// A body that is passed on, piece by piece, and not kept. Chunks have a way of their own.
struct PassedOn {
  using value_type = const RequestReader::TakeBody*;

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
        (*to_)({static_cast<const char*>(part.data()), part.size()}, false);
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

// Several lines of one name are one list. RFC 9110 section 5.3.
bool has_token(const beast::http::fields& fields, beast::http::field name,
               beast::string_view token) {
  const auto [begin, end] = fields.equal_range(name);
  return std::any_of(begin, end, [&](const auto& line) {
    return beast::http::token_list{line.value()}.exists(token);
  });
}

}  // namespace

struct RequestReader::Parser : beast::http::request_parser<PassedOn> {
  Parser() { on_chunk_body(take_chunk); }

  std::function<std::size_t(std::uint64_t, beast::string_view, error_code&)> take_chunk =
      [this](std::uint64_t left, beast::string_view part, error_code& why) {
        why = {};
        (*get().body())({part.data(), part.size()}, part.size() == left);
        return part.size();
      };
};

RequestReader::RequestReader(std::uint64_t longest_body) : parser_(std::make_unique<Parser>()) {
  parser_->header_limit(longest_head);
  parser_->body_limit(longest_body);
  parser_->eager(false);
}

RequestReader::~RequestReader() = default;

bool RequestReader::done() const { return parser_->is_done(); }

std::size_t RequestReader::held() const { return 2 * head_size_ + lines_ * line_cost; }

// False where the next byte may be the half of a line's end.
bool RequestReader::skip_empty_lines(std::string_view& in) const {
  while (in.starts_with("\r\n")) in.remove_prefix(2);
  return in != "\r";
}

RequestReader::Step RequestReader::read(std::string_view& in, const TakeBody& body) {
  if (!begun() && (!skip_empty_lines(in) || in.empty())) return Step::more;
  parser_->get().body() = &body;
  while (!parser_->is_done()) {
    if (parser_->is_header_done() && !told_) {
      told_ = true;
      if (!take_head()) return Step::failed;
      return Step::head;
    }
    const bool first_chunk = told_ && !body_begun_ && parser_->chunked();
    if (in.size() < (first_chunk ? least_last_chunk : 1)) return Step::more;
    error_code why;
    const auto size = parser_->put(boost::asio::buffer(in.data(), in.size()), why);
    if (told_) {
      body_begun_ = body_begun_ || size > 0;
    } else {
      head_size_ += size;
      lines_ += static_cast<std::size_t>(std::ranges::count(in.substr(0, size), '\n'));
      if (lines_ > most_lines) return Step::head_too_long;
    }
    in.remove_prefix(size);
    // It keeps no bound for what stands between the chunks and behind the last.
    if (why == error::need_more) return in.size() > longest_head ? Step::failed : Step::more;
    if (why == error::header_limit) return Step::head_too_long;
    if (why == error::body_limit) {
      if (!told_) take_head();  // it is complete, and says whom to tell
      return Step::body_too_long;
    }
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
  head_.method = std::string(request.method_string());
  if (!take_target({request.target().data(), request.target().size()})) return false;
  head_.version = request.version();
  head_.keep_alive = parser_->is_header_done() && parser_->keep_alive();
  for (const auto& field : request) {
    head_.fields.emplace_back(lower(field.name_string()), std::string(field.value()));
  }
  head_.websocket = has_token(request, beast::http::field::connection, "upgrade") &&
                    has_token(request, beast::http::field::upgrade, "websocket");
  head_.expects_continue = lower(request[beast::http::field::expect]) == "100-continue";
  return true;
}

// RFC 9112 section 3.2: /path?query, http://authority/path?query, or * of OPTIONS.
bool RequestReader::take_target(std::string_view target) {
  if (target == "*") {
    head_.path = target;
    return head_.method == "OPTIONS";
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!beast::iequals(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = std::min(target.find_first_of("/?"), target.size());
    head_.authority = target.substr(0, end);
    target.remove_prefix(end);
    break;
  }
  if (!head_.authority && !target.starts_with('/')) return false;
  const auto question = std::min(target.find('?'), target.size());
  auto path = percent_decoded(target.substr(0, question));
  if (!path) return false;
  head_.path = path->empty() ? "/" : std::move(*path);
  head_.query = target.substr(std::min(question + 1, target.size()));
  return true;
}

}  // namespace server::http

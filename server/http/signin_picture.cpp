#include "server/http/signin_picture.hpp"

#include <algorithm>
#include <memory>
#include <memory_resource>

#include "server/http/api_response.hpp"
#include "server/http/api_target.hpp"
#include "server/http/qr_library.hpp"
#include "tl/json_reader.hpp"

namespace server::http {
namespace {

constexpr unsigned quiet = 4;  // modules around it
constexpr unsigned char dark = 1;
constexpr std::size_t longest = 2331;  // in version 40, level M

struct FreeCode {
  void operator()(QRcode* code) const { qr_library()->QRcode_free(code); }
};
using Code = std::unique_ptr<QRcode, FreeCode>;

Code encode(std::string_view text) {
  const auto* const library = qr_library();
  if (library == nullptr || text.empty() || text.size() > longest) return nullptr;
  const auto bytes = tl::as_bytes(text);
  return Code(
      library->QRcode_encodeData(static_cast<int>(bytes.size()), bytes.data(), 0, QR_ECLEVEL_M));
}

// Dark modules that lie side by side are one rectangle.
void append_row(const unsigned char* row, unsigned width, unsigned y, std::string& out) {
  for (unsigned x = 0; x < width;) {
    const auto begin = x;
    while (x < width && (row[x] & dark) != 0) ++x;
    if (x > begin) {
      const auto length = std::to_string(x - begin);
      out += "M" + std::to_string(begin + quiet) + " " + std::to_string(y + quiet) + "h" + length +
             "v1h-" + length + "z";
    }
    while (x < width && (row[x] & dark) == 0) ++x;
  }
}

std::string_view take_until(std::string_view& rest, char end) {
  const auto at = std::min(rest.find(end), rest.size());
  const auto part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

Response not_acceptable(std::string why) {
  return api_refusal_response(406, Failure{"NotAcceptable", std::move(why), {}, {}, {}});
}

Response no_code(std::string_view state) {
  return not_acceptable("there is no code to be shown: the state is " + std::string(state) +
                        R"(; {"qr":true} is posted first)");
}

}  // namespace

std::optional<std::string> qr_svg(std::string_view text) {
  const auto code = encode(text);
  if (!code) return std::nullopt;
  const auto width = static_cast<unsigned>(code->width);
  const auto side = std::to_string(width + 2 * quiet);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                    "\" width=\"" + std::to_string(8 * (width + 2 * quiet)) +
                    "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + side + "v" +
                    side + "H0z\"/><path d=\"";
  for (unsigned y = 0; y < width; ++y) append_row(code->data + y * width, width, y, out);
  return out + "\"/></svg>\n";
}

bool wants_picture(std::string_view accept) {
  bool picture = false;
  while (!accept.empty()) {
    auto parameters = take_until(accept, ',');
    const auto name = trimmed(take_until(parameters, ';'));
    if (name == "application/json") return false;
    picture = picture || name == svg_type;
  }
  return picture;
}

std::optional<Response> signin_picture(const Head& head, const LongText& reply) {
  const auto path = split_api_path(head.path);
  if (!path || path->method != signin_path) return {};
  if (!wants_picture(head.field("accept").value_or(""))) return {};
  std::pmr::monotonic_buffer_resource arena;
  const auto text = reply.copy();
  const auto object = tl::read_json(text, arena);
  if (!object) return {};
  const auto& state = (*object)["result"];
  if (state["state"].text() != "qr") return no_code(state["state"].text());
  if (qr_library() == nullptr) return not_acceptable(no_qr_library);
  auto drawn = qr_svg(state["url"].text());
  if (!drawn) return no_code("qr");
  auto response = api_response({200, {}});
  response.type = svg_type;
  response.text.attach(std::move(*drawn));
  return response;
}

}  // namespace server::http

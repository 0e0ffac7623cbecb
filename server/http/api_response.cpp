#include "server/http/api_response.hpp"

#include "server/protocol/api_reply.hpp"

namespace server::http {

Response api_response(ApiStatus status) {
  Response response;
  response.status = status.code;
  response.type = json_type;
  if (status.retry_after) {
    response.fields.emplace_back("Retry-After", std::to_string(*status.retry_after));
  }
  if (status.replayed) response.fields.emplace_back("Idempotent-Replayed", "true");
  if (status.code == 401) response.fields.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response api_refusal_response(unsigned status, const Failure& failure) {
  auto response = api_response({status, {}});
  response.text += api_refusal(status, failure);
  response.text += '\n';
  return response;
}

}  // namespace server::http

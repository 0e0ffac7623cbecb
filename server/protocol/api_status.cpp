#include "server/protocol/api_status.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace server {
namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 27> failures{{
    {"AnswerTooLong", 502},
    {"BadRequest", 400},
    {"Busy", 503},
    {"ConnectionError", 502},
    {"Forbidden", 403},
    {"JSONDecodeError", 400},
    {"LineTooLong", 413},
    {"NoSuchAccount", 404},
    {"NotFound", 404},
    {"OutcomeUnknown", 502},
    {"SchemeError", 400},
    {"SessionError", 400},
    {"SigninError", 400},
    {"StoreError", 503},
    {"StoreFull", 503},
    {"StoreReadOnly", 503},
    {"StoreUnavailable", 503},
    {"TypeError", 400},
    {"Unauthorized", 401},
    {"rpc_timeout", 504},
    {"UpdatesGone", 410},
    {"NoSuchWebhook", 404},
    {"TooManyWebhooks", 400},
    {"Stopping", 503},
    {"AccountInUse", 409},
    {"IdempotencyKeyReused", 422},
    {"AccountElsewhere", 503},
}};

}  // namespace

unsigned status_of_failure(std::string_view error) {
  const auto* found =
      std::ranges::find(failures, error, &std::pair<std::string_view, unsigned>::first);
  return found == failures.end() ? 500 : found->second;
}

unsigned status_of_refusal(std::int64_t error_code, std::string_view error_message) {
  if (error_message == "RANDOM_ID_DUPLICATE") return 409;
  switch (error_code) {
    case 400:
    case 401:
    case 403:
    case 404:
    case 406:
      return static_cast<unsigned>(error_code);
    case 420:
      return 429;
    default:
      return error_code > 406 && error_code < 500 ? 400 : 502;
  }
}

}  // namespace server

#include "server/importer/session_import.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "mtproto/crypto/secret.hpp"

namespace server::importer {
namespace {

// One of the few that may run.
class Place {
 public:
  Place() : got_(taken.fetch_add(1) < SessionImport::most_at_a_time) {}
  ~Place() { taken.fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool got() const { return got_; }

 private:
  static inline std::atomic<int> taken = 0;
  bool got_;
};

std::string program() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).replace_filename("signin-cli");
}

Answer not_started(int why) {
  if (why == ENOENT) {
    return {503, "", "ImportUnavailable",
            "the program signin-cli, which reads such files, does not lie beside streamjson"};
  }
  return {503, "", "ImportUnavailable",
          "signin-cli could not be started: " + std::generic_category().message(why)};
}

Answer answer_of(ChildProcess::Result result) {
  using End = ChildProcess::End;
  switch (result.end) {
    case End::too_late:
      return {504, "", "ImportFailed", "reading these files took longer than 20 s"};
    case End::too_much_output:
      return {500, "", "ImportFailed", "signin-cli wrote more than 64 KiB"};
    case End::crashed:
      return {500, "", "ImportFailed", "signin-cli broke off over these files"};
    case End::exited:
      break;
  }
  while (result.output.ends_with('\n')) result.output.pop_back();
  const bool is_object = result.output.starts_with('{') && result.output.ends_with('}');
  if (!is_object || result.status > 1) {
    return {500, "", "ImportFailed", "signin-cli ended without an answer"};
  }
  return {200, std::move(result.output)};
}

}  // namespace

SessionImport::~SessionImport() {
  if (done_) *done_ = nullptr;
  if (child_) child_->kill();
  mtproto::wipe({reinterpret_cast<std::uint8_t*>(request_.data()), request_.size()});
}

bool SessionImport::take(std::string_view piece) {
  const auto wanted = request_.size() + piece.size();
  if (wanted > request_.capacity()) {
    const auto room = std::max(wanted, 2 * request_.size());
    if (!share_.try_resize(room)) return false;
    std::string larger;
    larger.reserve(room);
    larger += request_;
    mtproto::wipe({reinterpret_cast<std::uint8_t*>(request_.data()), request_.size()});
    request_ = std::move(larger);
  }
  request_ += piece;
  return true;
}

std::optional<Answer> SessionImport::start(const boost::asio::any_io_executor& executor,
                                           Done done) {
  auto place = std::make_shared<Place>();
  if (!place->got()) {
    return Answer{503, "", "Busy", "two imports are under way; try again in a moment"};
  }
  done_ = std::make_shared<Done>(std::move(done));
  child_ = std::make_shared<ChildProcess>(executor, ChildProcess::Bounds{longest_answer, longest});
  const int why = child_->start(program(), {"--import", "-"}, std::move(request_),
                                [done = done_, place](ChildProcess::Result result) {
                                  if (const auto once = std::exchange(*done, nullptr))
                                    once(answer_of(std::move(result)));
                                });
  if (why == 0) return std::nullopt;
  child_.reset();
  return not_started(why);
}

}  // namespace server::importer

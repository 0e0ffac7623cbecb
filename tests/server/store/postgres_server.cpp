#include "tests/server/store/postgres_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "server/store/postgres_database.hpp"
#include "tests/server/store/store_fixture.hpp"

namespace store_test {
namespace {

namespace fs = std::filesystem;

// The newest that is installed; empty: none.
std::string find_programs() {
  std::string found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const auto programs = entry.path() / "bin";
    if (fs::exists(programs / "initdb") && programs.string() > found) found = programs.string();
  }
  return found;
}

// PostgreSQL refuses to run as root.
const passwd* other_user() {
  if (::geteuid() != 0) return nullptr;
  const auto* user = ::getpwnam("postgres");
  return user != nullptr ? user : ::getpwnam("nobody");
}

// Its output goes to `log`. Ends with this process.
pid_t spawn(const std::vector<std::string>& command, const std::string& log) {
  const auto* user = other_user();
  const auto child = ::fork();
  if (child != 0) return child;
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  if (user != nullptr && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
                          ::setuid(user->pw_uid) != 0)) {
    ::_exit(126);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

PostgresServer* PostgresServer::shared() {
  static const auto server = make();
  return server.get();
}

std::unique_ptr<PostgresServer> PostgresServer::make() {
  const auto programs = find_programs();
  if (programs.empty()) {
    WARN("SKIPPED: PostgreSQL is not installed, so nothing is tried with it");
    return nullptr;
  }
  return std::unique_ptr<PostgresServer>(new PostgresServer(programs));
}

PostgresServer::PostgresServer(std::string programs) : programs_(std::move(programs)) {
  if (const auto* user = other_user()) {
    REQUIRE(::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) == 0);
  }
  REQUIRE(in_child({programs_ + "/initdb", "-D", folder_.path() / "data", "-A", "trust", "-U",
                    "tests", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C"}));
  start();
}

PostgresServer::~PostgresServer() { stop(); }

bool PostgresServer::in_child(const std::vector<std::string>& command) {
  int status = 0;
  ::waitpid(spawn(command, folder_.path() / "log"), &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void PostgresServer::start() {
  const auto folder = folder_.path().string();
  server_ = spawn({programs_ + "/postgres", "-D", folder + "/data", "-k", folder, "-c",
                   "listen_addresses=", "-c", "fsync=off"},
                  folder + "/log");
  wait_until_ready();
}

void PostgresServer::wait_until_ready() {
  using namespace std::chrono_literals;
  const auto url = read_store_url("postgresql://tests@/postgres?host=" + folder_.path().string());
  for (int i = 0; i < 600; ++i) {
    if (PostgresDatabase::open(*url)) return;
    std::this_thread::sleep_for(50ms);
  }
  FAIL("PostgreSQL does not start; see " + (folder_.path() / "log").string());
}

void PostgresServer::stop() {
  if (server_ <= 0) return;
  ::kill(server_, SIGQUIT);
  ::waitpid(server_, nullptr, 0);
  server_ = -1;
}

std::string PostgresServer::url(const std::string& schema) {
  const auto base = "postgresql://tests@/postgres?host=" + folder_.path().string();
  auto database = PostgresDatabase::open(*read_store_url(base));
  REQUIRE(database);
  REQUIRE((*database)->run("CREATE SCHEMA IF NOT EXISTS " + schema, {}));
  return base + "&options=-csearch_path%3D" + schema;
}

}  // namespace store_test

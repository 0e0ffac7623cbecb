// A PostgreSQL of the tests' own: a cluster in a temporary folder that listens on a socket file
// there, as an unprivileged user. It ends with the process, however that ends.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace store_test {

class PostgresServer {
 public:
  // None where PostgreSQL is not installed. The same for all tests of a process.
  static PostgresServer* shared();
  static std::unique_ptr<PostgresServer> make();
  ~PostgresServer();

  // In a schema of that name, which is made.
  std::string url(const std::string& schema);

  void stop();   // at once, as in a crash
  void start();  // again

 private:
  explicit PostgresServer(std::string programs);
  void wait_until_ready();
  bool in_child(const std::vector<std::string>& command);

  std::string programs_;  // a folder
  support::TemporaryFolder folder_;
  pid_t server_ = -1;
};

}  // namespace store_test

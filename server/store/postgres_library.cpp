#include "server/store/postgres_library.hpp"

#include <dlfcn.h>

namespace server::store {
namespace {

template <class Function>
bool find(void* library, const char* name, Function& to) {
  to = reinterpret_cast<Function>(::dlsym(library, name));
  return to != nullptr;
}

bool fill(void* library, PostgresLibrary& out) {
  return find(library, "PQconninfoParse", out.PQconninfoParse) &&
         find(library, "PQconninfoFree", out.PQconninfoFree) &&
         find(library, "PQconnectdbParams", out.PQconnectdbParams) &&
         find(library, "PQstatus", out.PQstatus) &&
         find(library, "PQerrorMessage", out.PQerrorMessage) &&
         find(library, "PQsetNoticeReceiver", out.PQsetNoticeReceiver) &&
         find(library, "PQfinish", out.PQfinish) && find(library, "PQexec", out.PQexec) &&
         find(library, "PQprepare", out.PQprepare) &&
         find(library, "PQexecPrepared", out.PQexecPrepared) &&
         find(library, "PQresultStatus", out.PQresultStatus) &&
         find(library, "PQresultErrorField", out.PQresultErrorField) &&
         find(library, "PQntuples", out.PQntuples) && find(library, "PQnfields", out.PQnfields) &&
         find(library, "PQftype", out.PQftype) && find(library, "PQgetisnull", out.PQgetisnull) &&
         find(library, "PQgetlength", out.PQgetlength) &&
         find(library, "PQgetvalue", out.PQgetvalue) &&
         find(library, "PQcmdTuples", out.PQcmdTuples) && find(library, "PQclear", out.PQclear);
}

PostgresLibrary load() {
  PostgresLibrary out{};
  // Never closed: OpenSSL and others that come with it do not like to go.
  void* library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr || !fill(library, out)) return {};
  return out;
}

}  // namespace

StoreResult<const PostgresLibrary*> postgres_library() {
  static const PostgresLibrary library = load();
  if (library.PQclear == nullptr) {
    return StoreError{StoreErrc::bad_address,
                      "PostgreSQL's client library, libpq.so.5, is not here; on Debian it is in "
                      "the package libpq5"};
  }
  return &library;
}

}  // namespace server::store

// A whole store as lines of JSON, from one engine to another. The keys stand there in the clear.
//
//   {"store":1}
//   {"account":{"name":"ada","dc":2,"user_id":N,"api_id":N,"auth_key":"base64","update_state":"…",
//    "keep":"attached","settings":"{}","log_number":N}}
//   {"update":{"account":"ada","number":N,"at":N,"layer":N,"body":"base64"}}
//   {"webhook":{"account":"ada","name":"ops","url":"…","types":"…","secret":"base64","delivered":N,
//    "state":"active","failing_since":N,"attempts":N,"next_attempt":N,"last_status":N,
//    "last_error":"…","created":N,"changed":N}}
//   {"end":{"accounts":N,"updates":N,"webhooks":N}}
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "server/store/account_store.hpp"
#include "tl/value.hpp"

namespace server::store {

struct Transferred {
  std::int64_t accounts = 0, updates = 0, webhooks = 0;
};

// A line with its end; false: it could not be written, which ends it with `failed`.
using WriteLine = std::function<bool(std::string_view)>;

// All of one moment.
StoreResult<Transferred> export_store(AccountStore&, const WriteLine&);

// Takes such lines one by one. Nothing of it is there before finish(), and then all of it.
class StoreImport {
 public:
  static constexpr std::size_t longest_line = std::size_t{64} << 20;

  // `now`: Unix time in ms.
  StoreImport(AccountStore& store, std::int64_t now);

  // After the first error the rest is not looked at.
  void add_line(std::string_view line);
  bool ok() const { return transaction_.ok(); }
  // The error names the line.
  StoreResult<Transferred> finish();

 private:
  void add(const tl::Value& line);
  void add_account(const tl::Value&);
  void add_update(const tl::Value&);
  void add_webhook(const tl::Value&);
  void end(const tl::Value&);
  void fail(std::string_view what);

  AccountStore& store_;
  std::int64_t now_;
  Transaction transaction_;
  std::int64_t line_ = 0;
  bool ended_ = false;
  std::map<std::string, std::int64_t, std::less<>> names_;  // and the newest of their logs
  Transferred count_;
};

}  // namespace server::store

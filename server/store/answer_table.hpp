// The first answers to calls that came with an Idempotency-Key, so that the same call gets the same
// answer when it comes again, after a restart too. One without an answer is open: its outcome is not
// known.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/store/database.hpp"
#include "server/store/transaction.hpp"

namespace server::store {

// What was asked for. All views are the caller's.
struct KeyedCallId {
  std::string_view account, method, key;
};

struct KeptAnswer {
  std::int64_t status = 0;  // of HTTP
  std::string text;
};

// What there is of a call when it comes.
struct KeyedCallState {
  enum class Kind {
    begun,       // it is the first, or may be carried out again
    answered,    // and this is the answer
    other_body,  // the key came with other arguments
    open,        // it was carried out, or it was not
  };
  Kind kind = Kind::begun;
  std::int64_t begun = 0;  // of `begun`: names this run of it to finish() and forget()
  KeptAnswer answer;       // of `answered`
};

class AnswerTable {
 public:
  static constexpr std::int64_t kept_ms = 24 * 3'600'000;
  static constexpr std::int64_t most_per_account = 100'000;  // the newest stay

  explicit AnswerTable(Database& database) : database_(database) {}

  // `body`: a digest of the arguments. `repeats`: an open one is carried out again, as that does no
  // harm. `now`: Unix time in ms.
  StoreResult<KeyedCallState> begin(const KeyedCallId&, tl::ByteView body, bool repeats,
                                    std::int64_t now);
  StoreStatus finish(const KeyedCallId&, std::int64_t begun, const KeptAnswer&);
  // Nothing was done: whoever comes next is the first.
  StoreStatus forget(const KeyedCallId&, std::int64_t begun);
  // What is older than a day goes, and of each account what is too much.
  StoreStatus prune(std::int64_t now);

  // For those who remove an account, in their transaction.
  static void remove_all(Transaction&, std::string_view account);

 private:
  Database& database_;
  std::int64_t since_pruned_ = 0;  // calls that were begun
};

}  // namespace server::store

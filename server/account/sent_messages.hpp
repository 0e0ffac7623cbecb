// What one client of an account has sent, for the others: Telegram tells the sender a number, in
// updateShortSentMessage, and the session nothing else. Asks for the message. A caller of CallTable.
// core.telegram.org/constructor/updateShortSentMessage
#pragma once

#include <cstdint>

#include "server/account/call_table.hpp"
#include "server/account/rare_map.hpp"

namespace server::account {

class SentMessages final : public Caller {
 public:
  class User {
   public:
    virtual ~User() = default;
    // `updates`: the message as it would have been pushed; updatesTooLong where it can't be had.
    // `sender`: as it was given, to be compared only.
    virtual void on_sent_message(const void* sender, const tl::Bytes& updates,
                                 mtproto::Time now) = 0;
  };

  static constexpr std::size_t most_asked = 100;

  SentMessages(CallTable& calls, User& user) : calls_(calls), user_(user) {}
  ~SentMessages() override { calls_.forget(*this); }

  static bool is_one(const tl::Schema&, tl::ByteView answer);
  // `answer` is one. The user may be told at once.
  void tell(tl::ByteView answer, const void* sender, mtproto::Time now);

  void on_outcome(std::uint64_t tag, CallOutcome, mtproto::Time now) override;

 private:
  struct Sent {
    const void* sender;
    std::int64_t pts, pts_count, date;
  };

  bool ask(std::int64_t id, std::uint64_t tag, mtproto::Time now);
  tl::Bytes updates(const Sent&, tl::ByteView answer) const;
  const tl::Schema& schema() const { return *calls_.connections().settings().schema; }

  CallTable& calls_;
  User& user_;
  RareMap<std::uint64_t, Sent> asked_;
  std::uint64_t last_ = 0;
};

// "There is something new", for who recovers updates itself.
tl::Bytes updates_too_long();

}  // namespace server::account

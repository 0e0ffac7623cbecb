// Everything there is in the sandbox, and what can be done with it. It knows no protocol, no
// socket and no clock: set_time() says what time it is, tick() carries out what is due by then
// (what bots do). Everybody concerned by a change is told by a Notice.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "mtproto/time.hpp"
#include "server/sandbox/rpc_error.hpp"
#include "server/sandbox/world/accounts.hpp"
#include "server/sandbox/world/chats.hpp"
#include "server/sandbox/world/event.hpp"
#include "server/sandbox/world/files.hpp"
#include "server/sandbox/world/login_tokens.hpp"
#include "server/sandbox/world/message.hpp"
#include "server/sandbox/world/sign_in.hpp"
#include "server/sandbox/world/user_inbox.hpp"
#include "tl/random.hpp"

namespace server::sandbox {

// What is to be sent.
struct Draft {
  std::string text;
  std::vector<Entity> entities;
  Media media;
  Action action;
  std::optional<Forward> forward;
  std::int32_t reply_to = 0;  // in the sender's box
  bool silent = false;
  bool noforwards = false;
};

class World {
 public:
  explicit World(tl::Random& random) : random_(random) {}

  void set_time(mtproto::Time now, mtproto::UnixTime wall);
  mtproto::Time now() const { return now_; }
  std::int32_t date() const { return date_; }
  tl::Random& random() { return random_; }

  // --- people ---
  User& make_user(User user);  // draws what is not given: id, access hash
  User& sign_up(const std::string& phone, std::string first_name, std::string last_name);
  UserInbox& box(UserId user);
  const UserInbox* find_box(UserId user) const;
  void set_online(User& user, bool online);
  // Tells everybody who has `user` among contacts or dialogs.
  void tell_friends(UserId user, const Event& event);

  // --- messages ---
  // The sender's copy.
  const BoxMessage& send(UserId from, PeerKey to, Draft draft);
  void edit(const BoxMessage& message, Formatted text, std::optional<Media> media);
  struct Affected {
    std::int32_t pts = 0;
    std::int32_t pts_count = 0;
  };
  // From the caller's box, and with `revoke` from everybody's.
  Affected remove(UserId user, std::span<const std::int32_t> ids, bool revoke);
  // For everybody who has it, or for the caller alone; whether that changes anything.
  bool pin(UserId user, const BoxMessage& message, bool pinned, bool one_side);
  Affected read(UserId user, PeerKey peer, std::int32_t max_id);
  void type(UserId user, PeerKey peer, std::string action, std::optional<std::int32_t> progress);

  // --- groups --- (the caller has checked that it may)
  Chat& create_chat(UserId creator, std::string title, std::span<const UserId> users);
  const BoxMessage& add_member(Chat& chat, UserId by, UserId user);
  const BoxMessage& remove_member(Chat& chat, UserId by, UserId user);
  const BoxMessage& retitle(Chat& chat, UserId by, std::string title);

  // --- time ---
  void tick();
  std::optional<mtproto::Time> deadline() const;
  // Bots forget what they were about to do.
  void forget_due() { due_ = {}; }

  void tell(UserId user, Event event, bool caller_too = false);
  std::vector<Notice> take_notices();
  // Counts changes worth keeping in a state file.
  std::uint64_t changes() const { return changes_; }
  void changed() { ++changes_; }
  // After messages were put into boxes by a state file.
  void count_messages();

  Accounts accounts;
  Chats chats;
  Files files;
  SignIn sign_in;
  LoginTokens login_tokens;
  std::unordered_map<UserId, UserInbox> boxes;

 private:
  // A bot's action to come.
  struct Due {
    mtproto::Time at;
    std::uint64_t order = 0;
    UserId bot;
    PeerKey peer;
    PostPtr answer_to;  // none: it types
    bool operator<(const Due& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  const BoxMessage& deliver(UserId to, PeerKey peer, const PostPtr& post, bool out,
                            std::int32_t reply_to, bool mentioned);
  void tell_logged(UserId user, Event event, std::int32_t pts_count = 1);
  void bot_sees(UserId bot, PeerKey peer, const PostPtr& post);
  const BoxMessage& announce(const Chat& chat, UserId by, Action action);

  tl::Random& random_;
  mtproto::Time now_{};
  std::int32_t date_ = 0;
  std::vector<Notice> notices_;
  std::priority_queue<Due> due_;
  std::uint64_t order_ = 0;
  std::uint64_t changes_ = 0;
  std::size_t messages_ = 0;  // in all boxes
};

}  // namespace server::sandbox

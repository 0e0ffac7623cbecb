// Everything there is in the sandbox, and what can be done with it. It knows no protocol, no
// socket and no clock: set_time() says what time it is, tick() carries out what is due by then
// (what bots do, what was scheduled). Everybody concerned by a change is told by a Notice.
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
#include "server/sandbox/world/callbacks.hpp"
#include "server/sandbox/world/channels.hpp"
#include "server/sandbox/world/chats.hpp"
#include "server/sandbox/world/event.hpp"
#include "server/sandbox/world/files.hpp"
#include "server/sandbox/world/future_tokens.hpp"
#include "server/sandbox/world/invites.hpp"
#include "server/sandbox/world/login_tokens.hpp"
#include "server/sandbox/world/message.hpp"
#include "server/sandbox/world/scheduled.hpp"
#include "server/sandbox/world/sign_in.hpp"
#include "server/sandbox/world/stickers.hpp"
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
  std::int32_t reply_to = 0;  // in the sender's box, or the channel's
  bool silent = false;
  bool noforwards = false;
  KeyboardPtr keyboard{};
  bool from_schedule = false;
};

// Whether it names that user, or answers them.
bool mentions(const Post& post, const User& user, const Post* replied);

class World {
 public:
  static constexpr std::int32_t week = 7 * 86'400;

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
  // As that account names it there; null where there is none.
  const BoxMessage* message(UserId viewer, PeerKey peer, std::int32_t id) const;
  // Where the messages of that peer lie for that account, and which of them; null: nowhere yet.
  const UserInbox* box_of(UserId viewer, PeerKey peer) const;
  const std::deque<std::int32_t>& ids_of(UserId viewer, PeerKey peer) const;
  std::int32_t unread(UserId viewer, const Dialog& dialog) const;
  // The sender's copy.
  const BoxMessage& send(UserId from, PeerKey to, Draft draft);
  void edit(const BoxMessage& message, Formatted text, std::optional<Media> media,
            KeyboardPtr keyboard);
  struct Affected {
    std::int32_t pts = 0;
    std::int32_t pts_count = 0;
  };
  // From the caller's box, and with `revoke` from everybody's.
  Affected remove(UserId user, std::span<const std::int32_t> ids, bool revoke);
  // For everybody who has it, or for the caller alone; whether that changes anything.
  bool pin(UserId user, const BoxMessage& message, bool pinned, bool one_side);
  // None: takes back. The caller has checked that it may.
  void vote(UserId user, const BoxMessage& message, std::vector<std::size_t> choices);
  // "": takes back. False where it is so already.
  bool react(UserId user, const BoxMessage& message, std::string emoji);
  Affected read(UserId user, PeerKey peer, std::int32_t max_id);
  void type(UserId user, PeerKey peer, std::string action, std::optional<std::int32_t> progress);

  // --- groups --- (the caller has checked that it may)
  Chat& create_chat(UserId creator, std::string title, std::span<const UserId> users);
  const BoxMessage& add_member(Chat& chat, UserId by, UserId user);
  const BoxMessage& remove_member(Chat& chat, UserId by, UserId user);
  const BoxMessage& retitle(Chat& chat, UserId by, std::string title);
  void set_photo(Chat& chat, UserId by, FilePtr photo);
  void set_admin(Chat& chat, UserId user, bool is_admin);
  // By a link that is good, into a group or a channel.
  void join_by(Invite& invite, UserId user);

  // --- channels --- (the caller has checked that it may)
  Channel& create_channel(UserId creator, std::string title, std::string about, bool broadcast);
  // `by`: who brought them, or whoever joins by itself. What others are told in a supergroup.
  void join(Channel& channel, UserId by, std::span<const UserId> users);
  // Whoever goes by itself, or is removed.
  void leave(Channel& channel, UserId by, UserId user);
  void retitle(Channel& channel, UserId by, std::string title);
  void set_photo(Channel& channel, UserId by, FilePtr photo);
  void rename(Channel& channel, std::string username);
  void set_admin(Channel& channel, UserId user, std::optional<Channel::Admin> admin);
  void set_ban(Channel& channel, UserId user, std::optional<Channel::Ban> ban);
  void close(Channel& channel);
  Affected remove(Channel& channel, std::span<const std::int32_t> ids);
  // Counts who looks at a channel's post, each once.
  void view(UserId user, const BoxMessage& message);
  // False where it was read already.
  bool read(Channel& channel, UserId user, std::int32_t max_id);
  bool username_taken(std::string_view name);

  // --- later --- (the caller has checked that it may)
  // The id that it has until it is sent. `date`: when, unix time.
  std::int32_t schedule(UserId from, PeerKey to, Draft draft, std::int32_t date);
  void unschedule(UserId user, PeerKey peer, std::span<const std::int32_t> ids);
  void send_scheduled(UserId user, PeerKey peer, std::span<const std::int32_t> ids);

  // --- bots ---
  // A button of the bot's message was pressed; `message` and `peer` are the user's.
  void press(CallbackQuery query, const BoxMessage& message);
  void set_commands(User& bot, const std::string& scope, std::vector<BotCommand> commands);

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
  Channels channels;
  Invites invites;
  Files files;
  SignIn sign_in;
  LoginTokens login_tokens;
  FutureTokens future_tokens;
  // How long one waits before an e-mail address or a password is taken off an account.
  std::int32_t reset_wait = week;
  Callbacks callbacks;
  Schedule scheduled;
  std::vector<StickerSet> sticker_sets;
  std::unordered_map<UserId, UserInbox> boxes;

 private:
  // A bot's action to come.
  struct Due {
    mtproto::Time at;
    std::uint64_t order = 0;
    UserId bot;
    PeerKey peer;
    std::int32_t answer_to = 0;  // a message as the bot names it; 0: it types
    std::int64_t query = 0;      // or a button that was pressed
    bool operator<(const Due& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  const BoxMessage& deliver(UserId to, PeerKey peer, const PostPtr& post, bool out,
                            std::int32_t reply_to, bool mentioned);
  void tell_logged(UserId user, Event event, std::int32_t pts_count = 1);
  PostPtr make_post(UserId from, Draft draft) const;
  void apply(const Due& due);
  void send_due();
  void answer_press(const CallbackQuery& query);
  // Which of them sees what was said there, by being written to, mentioned or replied to.
  void bots_see(UserId from, PeerKey to, const Post& post, const Post* replied,
                std::int32_t id_there);
  bool is_played(UserId bot) const;
  void tell_holders(const BoxMessage& message, const Event& event);
  // Whether somebody may still write there.
  bool still_there(UserId user, PeerKey peer) const;
  void bot_sees(UserId bot, PeerKey peer, std::int32_t message);
  const BoxMessage& publish(Channel& channel, const PostPtr& post, std::int32_t reply_to);
  void tell_members(Channel& channel, Logged what);
  void let_in(Channel& channel, UserId by, std::span<const UserId> users);
  Channel* channel_of(const BoxMessage& message);
  const BoxMessage& announce(Channel& channel, UserId by, Action action);
  const BoxMessage& announce(const Chat& chat, UserId by, Action action);

  tl::Random& random_;
  mtproto::Time now_{};
  mtproto::UnixTime wall_{};
  std::int32_t date_ = 0;  // that in seconds
  std::vector<Notice> notices_;
  std::priority_queue<Due> due_;
  std::uint64_t order_ = 0;
  std::uint64_t changes_ = 0;
  std::size_t messages_ = 0;  // in all boxes
};

}  // namespace server::sandbox

// One call of an API method: who calls, with what, and what the world is.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mtproto/host/host.hpp"
#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"
#include "server/sandbox/rpc_error.hpp"
#include "server/sandbox/world/caller.hpp"
#include "server/sandbox/world/world.hpp"
#include "tl/schema.hpp"
#include "tl/value.hpp"

namespace server::sandbox {

// Where the sandbox's data centres listen, for help.getConfig.
struct DataCentre {
  std::int32_t dc = 0;
  std::string host;
  std::uint16_t port = 0;
};

using Answer = Outcome<tl::Value>;

// Where a call came from.
struct Origin {
  Caller caller;
  mtproto::MessageId message;
  bool bound = true;                 // false: by a temporary key that speaks for nobody yet
  mtproto::KeyRing* ring = nullptr;  // of that data centre; none: all keys are permanent
  mtproto::UnixTime wall{};
  // Whether the client means the test environment.
  bool test() const { return ring != nullptr && ring->test(caller.owner); }
};

struct Call {
  World& world;
  tl::Builder make;
  Key& key;  // and the data centre that was dialled: key.dc
  const Origin& origin;
  tl::ByteView query;  // without its wrappers
  const tl::Value& args;
  std::span<const DataCentre> data_centres;
  const tl::Schema& schema;  // of the layer that the client speaks
  tl::TypeRef result;        // what is due there

  // Whom the key is signed in as; only in methods that need somebody.
  UserId user() const { return key.user.value_or(UserId{}); }
  User& self() { return *world.accounts.find(user()); }
  UserInbox& box() { return world.box(user()); }
  Renderer renderer() const { return Renderer(world, user(), make); }

  // --- arguments ---
  std::string_view text(std::string_view name) const { return args[name].text(); }
  std::int64_t number(std::string_view name, std::int64_t otherwise = 0) const {
    return args[name].as_int64().value_or(otherwise);
  }
  std::int32_t number32(std::string_view name) const {
    return static_cast<std::int32_t>(number(name));
  }
  bool flag(std::string_view name) const { return args[name].as_bool(); }
  bool has(std::string_view name) const { return !args[name].is_null(); }

  // --- what arguments stand for (peers.cpp) ---
  Outcome<PeerKey> peer(const tl::Value& input) const;      // what is said there may be read
  Outcome<PeerKey> writable(const tl::Value& input) const;  // and one may write there
  // Of InputChannel and InputPeer; one that the caller may see.
  Outcome<Channel*> channel(const tl::Value& input) const;
  // One that lies with that peer; MESSAGE_ID_INVALID.
  Outcome<const BoxMessage*> message(PeerKey peer, std::int32_t id) const;
  Outcome<UserId> user_of(const tl::Value& input) const;
  Outcome<ChatId> chat_of(std::int64_t id) const;  // of which the caller is a member
  Outcome<std::vector<Entity>> entities(const tl::Value& list) const;
  // Of send calls of any layer; 0: none.
  std::int32_t reply_to() const;

  // The caller's own notices so far, which its answer tells (so this session is not told again).
  tl::Value answer_updates(std::span<const tl::Value> first = {});
  // The notices for the caller that were taken by answer_updates(), to be pushed to its others.
  std::vector<Notice> told{};
  // It is answered when somebody else has done something (world/callbacks.hpp).
  bool later = false;
};

enum class Needs : std::uint8_t { nobody, somebody };

struct Method {
  std::string_view name;
  Needs needs;
  Answer (*run)(Call&);
};

// Whether a temporary key may call it before it is bound.
bool may_unbound(std::string_view method);

// Null for what the sandbox does not play.
const Method* find_method(std::string_view name);
std::vector<std::string_view> method_names();

// By subject, a file each.
std::span<const Method> auth_methods();
std::span<const Method> login_token_methods();
std::span<const Method> two_step_methods();
std::span<const Method> login_email_methods();
std::span<const Method> temporary_key_methods();
std::span<const Method> account_methods();
std::span<const Method> help_methods();
std::span<const Method> user_methods();
std::span<const Method> contact_methods();
std::span<const Method> block_methods();
std::span<const Method> privacy_methods();
std::span<const Method> chat_photo_methods();
std::span<const Method> invite_methods();
std::span<const Method> dialog_methods();
std::span<const Method> history_methods();
std::span<const Method> send_methods();
std::span<const Method> change_methods();
std::span<const Method> chat_methods();
std::span<const Method> channel_methods();
std::span<const Method> participant_methods();
std::span<const Method> channel_message_methods();
std::span<const Method> upload_methods();
std::span<const Method> stats_methods();
std::span<const Method> update_methods();
std::span<const Method> reaction_methods();
std::span<const Method> button_methods();
std::span<const Method> scheduled_methods();
std::span<const Method> folder_methods();
std::span<const Method> poll_methods();
std::span<const Method> sticker_methods();
std::span<const Method> nothing_methods();

// The title of a group or channel, as it was given.
Outcome<std::string> title_of(const Call& call);
// In how many that user is.
std::size_t channels_of(const Call& call, UserId user);
// What was done to a group, as its layer wants it: since layer 176 with those who could not be
// asked, before that the updates alone (layers.hpp takes them out).
tl::Value invited(Call& call, std::span<const tl::Value> first = {});

// When what is sent is due, unix time; none: now. `count` more can wait in that chat.
Outcome<std::optional<std::int32_t>> schedule_date(Call& call, PeerKey peer, std::size_t count = 1);

inline tl::Value yes() { return tl::Value::boolean(true); }
// An empty vector.
inline tl::Value nothing(Call& call) { return call.make.array(std::span<const tl::Value>{}); }

}  // namespace server::sandbox

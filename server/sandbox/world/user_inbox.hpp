// One account's messages, dialogs and pts. Everything on the way of a message is O(1) or a look-up;
// what is old goes when the box is full.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "server/sandbox/world/event.hpp"
#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/message.hpp"

namespace server::sandbox {

struct Notify {
  std::optional<bool> show_previews;
  std::optional<bool> silent;
  std::optional<std::int32_t> mute_until;
};

// What somebody began to write and did not send.
struct SavedDraft {
  std::string text;
  std::vector<Entity> entities;
  std::int32_t reply_to = 0;
  std::int32_t date = 0;
};

struct Dialog {
  PeerKey peer;
  std::deque<std::int32_t> ids;  // ascending
  std::int32_t read_inbox = 0;
  std::int32_t read_outbox = 0;
  std::int32_t unread = 0;
  bool pinned = false;
  bool marked = false;  // as unread, by hand
  std::optional<SavedDraft> draft;
  Notify notify;
};

class UserInbox {
 public:
  explicit UserInbox(UserId owner) : owner_(owner) {}

  // Puts a message in and counts it; its id. The log has it.
  std::int32_t add(PeerKey peer, PostPtr post, bool out, std::int32_t reply_to, bool mentioned);
  // Null where there is none (any more).
  const BoxMessage* find(std::int32_t id) const;
  // False where it was so already.
  bool set_pinned(std::int32_t id, bool pinned);
  // Takes it out, not logged.
  void remove(std::int32_t id);
  // The oldest message goes, as if it had never been.
  void drop_oldest();
  std::size_t size() const { return alive_; }

  Dialog* dialog(PeerKey peer);
  const Dialog* dialog(PeerKey peer) const;
  Dialog& open_dialog(PeerKey peer);
  void close_dialog(PeerKey peer) { dialogs_.erase(peer); }
  const std::unordered_map<PeerKey, Dialog>& dialogs() const { return dialogs_; }

  // Counts an event and keeps it; as it was logged.
  const Logged& log(Event event, std::int32_t pts_count = 1);
  std::int32_t pts() const { return pts_; }
  // Events behind `pts` in their order; none where they are not kept any more.
  struct Since {
    bool known = false;
    std::size_t first = 0;
  };
  Since since(std::int32_t pts) const;
  const std::deque<Logged>& events() const { return log_; }

  // False where it was used already.
  bool use_random_id(std::int64_t random_id);

  // For a state file.
  const std::deque<BoxMessage>& messages() const { return messages_; }
  std::int32_t next_id() const { return first_id_ + static_cast<std::int32_t>(messages_.size()); }
  void restore(std::int32_t pts, std::int32_t first_id) {
    pts_ = pts;
    first_id_ = first_id;
  }
  void restore(Logged event) { log_.push_back(std::move(event)); }
  void restore(BoxMessage message);  // with the next id; a deleted one has no post

 private:
  BoxMessage* at(std::int32_t id);
  void unlist(const BoxMessage& message);
  void trim();

  UserId owner_;
  std::deque<BoxMessage> messages_;  // ids without a gap; deleted ones are empty
  std::int32_t first_id_ = 1;
  std::size_t alive_ = 0;
  std::unordered_map<PeerKey, Dialog> dialogs_;
  std::int32_t pts_ = 1;
  std::deque<Logged> log_;
  std::unordered_set<std::int64_t> random_ids_;
  std::deque<std::int64_t> random_order_;
};

}  // namespace server::sandbox

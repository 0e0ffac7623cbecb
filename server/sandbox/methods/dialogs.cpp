// messages.getDialogs and its kin. core.telegram.org/api/offsets
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

struct Line {
  const Dialog* dialog;
  std::int32_t date;
  std::int32_t top;
};

// Newest first; the pinned ones in front.
std::vector<Line> dialogs_of(Call& call) {
  std::vector<Line> out;
  const auto& box = call.box();
  out.reserve(box.dialogs().size());
  for (const auto& [peer, dialog] : box.dialogs()) {
    const auto& ids = call.world.ids_of(call.user(), peer);
    if (ids.empty()) continue;
    // A public channel may have been looked at from outside.
    if (peer.is_channel() && !call.world.channels.find(peer.channel())->has(call.user())) continue;
    const auto top = ids.back();
    const auto* message = call.world.message(call.user(), peer, top);
    out.push_back({&dialog, message != nullptr ? message->post->date : 0, top});
  }
  std::sort(out.begin(), out.end(), [](const Line& a, const Line& b) {
    if (a.dialog->pinned != b.dialog->pinned) return a.dialog->pinned;
    return a.date != b.date ? a.date > b.date : a.top > b.top;
  });
  return out;
}

struct Page {
  Value dialogs, messages, chats, users;
};

Page render_page(Call& call, std::span<const Line> lines) {
  auto render = call.renderer();
  std::vector<Value> dialogs;
  std::vector<Value> messages;
  for (const auto& line : lines) {
    dialogs.push_back(render.dialog(*line.dialog));
    const auto* top = call.world.message(call.user(), line.dialog->peer, line.top);
    if (top != nullptr) messages.push_back(render.message(*top));
  }
  return {call.make.array(dialogs), call.make.array(messages), render.chats(), render.users()};
}

Answer get_dialogs(Call& call) {
  const auto all = call.number("folder_id") == 0 ? dialogs_of(call) : std::vector<Line>{};
  std::vector<Line> lines;
  auto limit =
      static_cast<std::size_t>(std::clamp<std::int64_t>(call.number("limit"), 0, limits::page));
  if (limit == 0) limit = limits::page;
  const auto offset_date = call.number("offset_date");
  const auto offset_id = call.number("offset_id");
  std::size_t behind = 0;
  for (const auto& line : all) {
    if (line.dialog->pinned && (call.flag("exclude_pinned") || offset_date != 0)) continue;
    const bool passed = offset_date == 0 || line.date < offset_date ||
                        (line.date == offset_date && (offset_id == 0 || line.top < offset_id));
    if (!passed) continue;
    if (lines.size() < limit) {
      lines.push_back(line);
    } else {
      ++behind;
    }
  }
  const auto page = render_page(call, lines);
  if (behind == 0 && offset_date == 0) {
    return call.make.object("messages.dialogs", {{"dialogs", page.dialogs},
                                                 {"messages", page.messages},
                                                 {"chats", page.chats},
                                                 {"users", page.users}});
  }
  return call.make.object("messages.dialogsSlice",
                          {{"count", Value::integer(static_cast<std::int64_t>(all.size()))},
                           {"dialogs", page.dialogs},
                           {"messages", page.messages},
                           {"chats", page.chats},
                           {"users", page.users}});
}

Value peer_dialogs(Call& call, std::span<const Line> lines) {
  const auto page = render_page(call, lines);
  return call.make.object("messages.peerDialogs", {{"dialogs", page.dialogs},
                                                   {"messages", page.messages},
                                                   {"chats", page.chats},
                                                   {"users", page.users},
                                                   {"state", call.renderer().state()}});
}

Answer get_pinned_dialogs(Call& call) {
  auto lines = dialogs_of(call);
  std::erase_if(lines, [](const Line& line) { return !line.dialog->pinned; });
  if (call.number("folder_id") != 0) lines.clear();
  return peer_dialogs(call, lines);
}

Answer get_peer_dialogs(Call& call) {
  std::vector<Line> lines;
  for (const auto& input : call.args["peers"].items()) {
    if (lines.size() == limits::page) break;
    const auto peer = call.peer(input["peer"].is_object() ? input["peer"] : input);
    if (!peer) return peer.error();
    // Also where nothing was said yet.
    const auto& dialog = call.box().open_dialog(*peer);
    const auto& ids = call.world.ids_of(call.user(), *peer);
    lines.push_back({&dialog, 0, ids.empty() ? 0 : ids.back()});
  }
  return peer_dialogs(call, lines);
}

Answer toggle_pin(Call& call) {
  const auto& input = call.args["peer"];
  const auto peer = call.peer(input["peer"].is_object() ? input["peer"] : input);
  if (!peer) return peer.error();
  auto* dialog = call.box().dialog(*peer);
  if (dialog == nullptr) return bad_request("PEER_HISTORY_EMPTY");
  dialog->pinned = call.flag("pinned");
  call.world.changed();
  return yes();
}

Answer get_peer_settings(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  auto render = call.renderer();
  render.peer(*peer);
  return call.make.object(
      "messages.peerSettings",
      {{"settings", render.peer_settings()}, {"chats", render.chats()}, {"users", render.users()}});
}

Answer mark_unread(Call& call) {
  const auto& input = call.args["peer"];
  const auto peer = call.peer(input["peer"].is_object() ? input["peer"] : input);
  if (!peer) return peer.error();
  auto* dialog = call.box().dialog(*peer);
  if (dialog == nullptr) return bad_request("PEER_ID_INVALID");
  dialog->marked = call.flag("unread");
  call.world.tell(call.user(), MarkChanged{*peer});
  call.world.changed();
  return yes();
}

Answer get_unread_marks(Call& call) {
  auto render = call.renderer();
  std::vector<Value> marked;
  for (const auto& [peer, dialog] : call.box().dialogs()) {
    if (!dialog.marked || marked.size() == limits::page) continue;
    marked.push_back(call.make.object("dialogPeer", {{"peer", render.peer(peer)}}));
  }
  return call.make.array(marked);
}

Answer save_draft(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  if (!is_utf8(call.text("message"))) return bad_request("INPUT_FETCH_ERROR");
  auto entities = call.entities(call.args["entities"]);
  if (!entities) return entities.error();
  if (utf16_length(call.text("message")) > limits::text) return bad_request("MESSAGE_TOO_LONG");
  SavedDraft draft{std::string(call.text("message")), std::move(*entities), call.reply_to(),
                   call.world.date()};
  auto& dialog = call.box().open_dialog(*peer);
  const bool empty = draft.text.empty() && draft.reply_to == 0;
  dialog.draft = empty ? std::nullopt : std::optional(std::move(draft));
  call.world.tell(call.user(), DraftChanged{*peer});
  call.world.changed();
  return yes();
}

std::vector<Logged> drafts(Call& call) {
  std::vector<Logged> out;
  for (const auto& [peer, dialog] : call.box().dialogs()) {
    if (dialog.draft && out.size() < limits::page) out.push_back({0, 0, DraftChanged{peer}});
  }
  return out;
}

Answer get_all_drafts(Call& call) { return call.renderer().updates(drafts(call)); }

Answer clear_all_drafts(Call& call) {
  for (const auto& one : drafts(call)) {
    const auto peer = std::get<DraftChanged>(one.event).peer;
    call.box().open_dialog(peer).draft.reset();
    call.world.tell(call.user(), one.event);
    call.world.changed();
  }
  return yes();
}

}  // namespace

std::span<const Method> dialog_methods() {
  static constexpr Method methods[] = {
      {"messages.getDialogs", Needs::somebody, get_dialogs},
      {"messages.getPinnedDialogs", Needs::somebody, get_pinned_dialogs},
      {"messages.getPeerDialogs", Needs::somebody, get_peer_dialogs},
      {"messages.toggleDialogPin", Needs::somebody, toggle_pin},
      {"messages.getPeerSettings", Needs::somebody, get_peer_settings},
      {"messages.markDialogUnread", Needs::somebody, mark_unread},
      {"messages.getDialogUnreadMarks", Needs::somebody, get_unread_marks},
      {"messages.saveDraft", Needs::somebody, save_draft},
      {"messages.getAllDrafts", Needs::somebody, get_all_drafts},
      {"messages.clearAllDrafts", Needs::somebody, clear_all_drafts},
  };
  return methods;
}

}  // namespace server::sandbox

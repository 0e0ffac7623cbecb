// contacts.*: the address book, and finding people.
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

Answer get_contacts(Call& call) {
  auto render = call.renderer();
  std::vector<Value> contacts;
  for (const auto& [id, contact] : call.self().contacts) {
    const auto* user = call.world.accounts.find(id);
    const bool mutual = user != nullptr && user->contacts.contains(call.user());
    render.need(id);
    contacts.push_back(call.make.object(
        "contact", {{"user_id", Value::integer(id.value())}, {"mutual", Value::boolean(mutual)}}));
  }
  return call.make.object(
      "contacts.contacts",
      {{"contacts", call.make.array(contacts)},
       {"saved_count", Value::integer(static_cast<std::int64_t>(contacts.size()))},
       {"users", render.users()}});
}

Answer get_contact_ids(Call& call) {
  std::vector<Value> ids;
  for (const auto& [id, contact] : call.self().contacts) ids.push_back(Value::integer(id.value()));
  return call.make.array(ids);
}

Answer get_statuses(Call& call) {
  const auto render = call.renderer();
  std::vector<Value> out;
  for (const auto& [id, contact] : call.self().contacts) {
    const auto* user = call.world.accounts.find(id);
    if (user == nullptr || user->bot) continue;
    out.push_back(call.make.object("contactStatus", {{"user_id", Value::integer(id.value())},
                                                     {"status", render.status(*user)}}));
  }
  return call.make.array(out);
}

Outcome<Contact> contact_of(const Value& given) {
  Contact contact;
  contact.first_name = tidy(given["first_name"].text(), {}).text;
  contact.last_name = tidy(given["last_name"].text(), {}).text;
  contact.phone = phone_digits(given["phone"].text());
  if (contact.first_name.empty() && contact.last_name.empty()) {
    return bad_request("CONTACT_NAME_EMPTY");
  }
  if (!is_utf8(contact.first_name) || !is_utf8(contact.last_name) ||
      utf16_length(contact.first_name) > limits::name ||
      utf16_length(contact.last_name) > limits::name) {
    return bad_request("CONTACT_NAME_INVALID");
  }
  return contact;
}

Answer import_contacts(Call& call) {
  auto render = call.renderer();
  std::vector<Value> imported;
  for (const auto& given : call.args["contacts"].items()) {
    auto contact = contact_of(given);
    if (!contact) continue;
    auto* user = call.world.accounts.by_phone(contact->phone);
    if (user == nullptr || call.self().contacts.size() >= limits::contacts) continue;
    if (user->id != call.user()) call.self().contacts[user->id] = *contact;
    render.need(user->id);
    imported.push_back(call.make.object(
        "importedContact",
        {{"user_id", Value::integer(user->id.value())},
         {"client_id", Value::integer(given["client_id"].as_int64().value_or(0))}}));
  }
  if (!imported.empty()) call.world.changed();
  return call.make.object("contacts.importedContacts", {{"imported", call.make.array(imported)},
                                                        {"popular_invites", nothing(call)},
                                                        {"retry_contacts", nothing(call)},
                                                        {"users", render.users()}});
}

Answer add_contact(Call& call) {
  const auto user = call.user_of(call.args["id"]);
  if (!user) return bad_request("CONTACT_ID_INVALID");
  auto contact = contact_of(call.args);
  if (!contact) return contact.error();
  if (*user == call.user()) return bad_request("CONTACT_ID_INVALID");
  if (call.self().contacts.size() >= limits::contacts) return bad_request("CONTACTS_TOO_MUCH");
  call.self().contacts[*user] = *contact;
  call.world.changed();
  auto render = call.renderer();
  render.need(*user);
  return render.updates({});
}

Answer delete_contacts(Call& call) {
  auto render = call.renderer();
  for (const auto& input : call.args["id"].items()) {
    const auto user = call.user_of(input);
    if (!user) return bad_request("CONTACT_ID_INVALID");
    call.self().contacts.erase(*user);
    render.need(*user);
  }
  call.world.changed();
  return render.updates({});
}

Answer search_people(Call& call) {
  const auto query = call.text("q");
  if (query.empty()) return bad_request("SEARCH_QUERY_EMPTY");
  if (utf16_length(query) < 3) return bad_request("QUERY_TOO_SHORT");
  const auto limit = std::clamp<std::int64_t>(call.number("limit", 10), 1, limits::page);
  auto render = call.renderer();
  std::vector<Value> mine;
  std::vector<Value> others;
  for (const auto id : call.world.accounts.search(query, static_cast<std::size_t>(limit))) {
    const bool known = call.self().contacts.contains(id) || call.box().dialog(PeerKey::of(id));
    // A stranger is found by the public name only.
    if (!known && call.world.accounts.find(id)->username.empty()) continue;
    (known ? mine : others).push_back(render.peer(PeerKey::of(id)));
  }
  for (const auto id : call.world.channels.search(query, static_cast<std::size_t>(limit))) {
    const bool known = call.world.channels.find(id)->has(call.user());
    (known ? mine : others).push_back(render.peer(PeerKey::of(id)));
  }
  return call.make.object("contacts.found", {{"my_results", call.make.array(mine)},
                                             {"results", call.make.array(others)},
                                             {"chats", render.chats()},
                                             {"users", render.users()}});
}

Value resolved(Call& call, PeerKey whom) {
  auto render = call.renderer();
  const auto peer = render.peer(whom);
  return call.make.object("contacts.resolvedPeer",
                          {{"peer", peer}, {"chats", render.chats()}, {"users", render.users()}});
}

Answer resolve_username(Call& call) {
  auto name = call.text("username");
  if (name.starts_with('@')) name.remove_prefix(1);
  if (!is_username(name)) return bad_request("USERNAME_INVALID");
  if (const auto* channel = call.world.channels.by_username(name)) {
    return resolved(call, PeerKey::of(channel->id));
  }
  const auto* user = call.world.accounts.by_username(name);
  if (user == nullptr) return bad_request("USERNAME_NOT_OCCUPIED");
  return resolved(call, PeerKey::of(user->id));
}

Answer resolve_phone(Call& call) {
  const auto* user = call.world.accounts.by_phone(phone_digits(call.text("phone")));
  if (user == nullptr) return bad_request("PHONE_NOT_OCCUPIED");
  return resolved(call, PeerKey::of(user->id));
}

Answer get_top_peers(Call& call) {
  return call.make.object(
      "contacts.topPeers",
      {{"categories", nothing(call)}, {"chats", nothing(call)}, {"users", nothing(call)}});
}

}  // namespace

std::span<const Method> contact_methods() {
  static constexpr Method methods[] = {
      {"contacts.getContacts", Needs::somebody, get_contacts},
      {"contacts.getContactIDs", Needs::somebody, get_contact_ids},
      {"contacts.getStatuses", Needs::somebody, get_statuses},
      {"contacts.importContacts", Needs::somebody, import_contacts},
      {"contacts.addContact", Needs::somebody, add_contact},
      {"contacts.deleteContacts", Needs::somebody, delete_contacts},
      {"contacts.search", Needs::somebody, search_people},
      {"contacts.resolveUsername", Needs::somebody, resolve_username},
      {"contacts.resolvePhone", Needs::somebody, resolve_phone},
      {"contacts.getTopPeers", Needs::somebody, get_top_peers},
  };
  return methods;
}

}  // namespace server::sandbox

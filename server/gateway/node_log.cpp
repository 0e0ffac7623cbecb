#include "server/gateway/node_log.hpp"

#include "server/gateway/node_scope.hpp"

namespace server {
namespace {

std::string opening(const LogWish& wish) {
  std::string out = R"("open_log":{"account":)";
  tl::write_json_string(wish.account, out);
  if (wish.after) out += ",\"after\":" + std::to_string(*wish.after);
  out += ",\"types\":";
  tl::write_json_string(wish.types, out);
  out += ',';
  write_scope(wish.scope.get(), out);
  return out + "}";
}

std::string text_of(const tl::Value& value) {
  return value.is_string() ? std::string(value.text()) : std::string();
}

}  // namespace

NodeLog::NodeLog(NodeLinks& links, const std::string& url, const LogWish& wish, LogReader& reader)
    : reader_(reader), channel_(links, url, *this) {
  channel_.say(opening(wish));
}

void NodeLog::on_frame(const tl::Value& header, std::string&& payload) {
  if (header.find("lost") != nullptr) return on_link_lost(true);
  if (header.find("no_log") != nullptr) {
    return reader_.on_no_log(
        {text_of(header["error"]), text_of(header["msg"]), text_of(header["path"]), {}, {}});
  }
  if (const auto newest = header["log"].as_int64()) return reader_.on_log(*newest);
  if (const auto oldest = header["gone"].as_int64()) return reader_.on_items_gone(*oldest);
  if (header["event"].is_string()) return reader_.on_log_event(header["event"].text(), payload);
  if (header.find("items") != nullptr) on_items(header, payload);
}

void NodeLog::on_items(const tl::Value& header, std::string_view payload) {
  std::vector<LogItem> items;
  for (const auto& item : header["items"].items()) {
    const auto parts = item.items();
    const auto number = parts.size() == 2 ? parts[0].as_int64() : std::nullopt;
    const auto size = parts.size() == 2 ? parts[1].as_uint64() : std::nullopt;
    if (!number || !size || *size > payload.size()) return on_link_lost(true);
    items.push_back({*number, std::make_shared<const std::string>(payload.substr(0, *size))});
    payload.remove_prefix(*size);
  }
  reader_.on_items(std::move(items), header["position"].as_int64().value_or(0));
}

void NodeLog::on_link_lost(bool) {
  reader_.on_no_log({"AccountElsewhere",
                     "another gateway has the account, and can't be reached at the moment",
                     {},
                     {},
                     {}});
}

std::string log_members(std::int64_t newest) { return "\"log\":" + std::to_string(newest); }

std::string no_log_members(const Failure& failure) {
  std::string out = "\"no_log\":true";
  write_failure(failure, false, out);
  return out;
}

std::string items_members(const std::vector<LogItem>& items, std::int64_t position,
                          std::string& payload) {
  std::string out = "\"items\":";
  char before = '[';
  for (const auto& item : items) {
    out += before;
    out += "[" + std::to_string(item.number) + "," + std::to_string(item.text->size()) + "]";
    payload += *item.text;
    before = ',';
  }
  if (items.empty()) out += '[';
  return out + "],\"position\":" + std::to_string(position);
}

bool read_log_wish(const tl::Value& opening, LogWish& to) {
  if (!opening["account"].is_string()) return false;
  to.account = text_of(opening["account"]);
  to.after = opening["after"].as_int64();
  to.types = text_of(opening["types"]);
  to.forwarded = true;
  return read_scope(opening["scope"], to.scope);
}

}  // namespace server

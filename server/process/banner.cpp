#include "server/process/banner.hpp"

#include <algorithm>
#include <cstdio>

namespace server {
namespace {

using upstream::Telegram;

std::string fingerprint(const Telegram& telegram) {
  if (telegram.keys.empty()) return "none";
  char text[20];
  const auto number = static_cast<unsigned long long>(telegram.keys.front().fingerprint());
  std::snprintf(text, sizeof text, "%016llx", number);
  return std::string(text).substr(0, 4) + "…";
}

// As it stands before a port.
std::string in_address(const std::string& host) {
  return host.find(':') == host.npos ? host : "[" + host + "]";
}

std::string places(const BannerFacts& facts) {
  std::string out;
  if (facts.options->tcp) {
    out = in_address(facts.options->host) + ":" + std::to_string(facts.port);
  }
  if (facts.options->unix_path) {
    if (!out.empty()) out += " and ";
    out += "unix:" + *facts.options->unix_path;
  }
  return out;
}

std::string layers(const Schemes& schemes) {
  std::string out;
  for (const auto& scheme : schemes.all()) {
    if (!out.empty()) out += ", ";
    out += "layer " + std::to_string(scheme.layer) + " (" + scheme.file + ")";
  }
  return out;
}

// "15431-15433", or "40001, 40007, 40009" where they do not follow each other.
std::string ports(const Telegram& telegram) {
  std::vector<int> all;
  for (const auto& [dc, addresses] : telegram.data_centres) {
    if (!addresses.empty()) all.push_back(addresses.front().port);
  }
  bool in_row = all.size() > 1;
  for (std::size_t i = 1; i < all.size(); ++i) in_row = in_row && all[i] == all[i - 1] + 1;
  if (in_row) return std::to_string(all.front()) + "-" + std::to_string(all.back());
  std::string out;
  for (const auto port : all) out += (out.empty() ? "" : ", ") + std::to_string(port);
  return out;
}

// Who signs in by phone and code alone; null: nobody is known.
const upstream::SampleAccount* first_person(const Telegram& telegram) {
  for (const auto& account : telegram.accounts) {
    if (!account.phone.empty() && account.password.empty()) return &account;
  }
  return nullptr;
}

std::string sandbox(const BannerFacts& facts) {
  const auto& telegram = *facts.telegram;
  const auto& state = facts.options->sandbox.state_file;
  std::string out = "a sandbox in this process, data centres ";
  out += std::to_string(telegram.data_centres.begin()->first) + " to " +
         std::to_string(telegram.data_centres.rbegin()->first);
  out += " on " + telegram.data_centres.begin()->second.front().host + ":" + ports(telegram);
  out += ", key " + fingerprint(telegram) + "; ";
  out += state.empty() ? "it forgets everything at exit" : "it remembers in " + state;
  // Two are enough for a start: one without a password, one with.
  const auto* plain = first_person(telegram);
  const auto locked = std::ranges::find_if(telegram.accounts, [](const auto& account) {
    return !account.phone.empty() && !account.password.empty();
  });
  if (plain != nullptr) out += "\n  sign in as " + plain->phone + ", code " + plain->code;
  if (plain != nullptr && locked != telegram.accounts.end()) {
    out += " (or " + locked->phone + ", code " + locked->code + ", password: " + locked->password +
           ")";
  }
  return out;
}

std::string telegram_line(const BannerFacts& facts) {
  const auto& telegram = *facts.telegram;
  const auto dc = std::to_string(facts.options->dc);
  switch (telegram.kind) {
    case Telegram::Kind::production:
      return "the real one, data centre " + dc + " by default";
    case Telegram::Kind::test:
      return "the real one's test data centres, " + dc + " by default";
    case Telegram::Kind::sandbox:
      return sandbox(facts);
    case Telegram::Kind::custom:
      break;
  }
  const auto address = telegram.addresses(mtproto::DcId(facts.options->dc)).front();
  return "at " + address.host + ":" + std::to_string(address.port) + ", key " +
         fingerprint(telegram);
}

// curl, since it is the same everywhere; netcats take different options.
std::string trial(const BannerFacts& facts) {
  const std::string body = R"( -d '{"message":{"_cons":"help.getNearestDc"}}')";
  const auto& options = *facts.options;
  if (!options.tcp) {
    return "try:  curl --unix-socket " + options.unix_path.value_or("") + " localhost/json" + body;
  }
  const bool any = options.host == "0.0.0.0" || options.host == "::";
  const bool tls = !options.tls_cert.empty();
  const auto place =
      in_address(any ? "localhost" : options.host) + ":" + std::to_string(facts.port);
  const auto page = (tls ? "https://" : "http://") + place + "/";
  const auto curl = tls ? "curl --cacert " + options.tls_cert + " " + page : "curl " + place + "/";
  auto out = "try:  " + curl + "json" + body;
  const auto* person = options.store.empty() ? nullptr : first_person(*facts.telegram);
  if (person != nullptr) {
    out += "\n  or    " + curl + "api/v1/ada/signin -d '{\"phone\":\"" + person->phone + "\"}'";
  }
  return out + "\n  or open " + page + " in a browser";
}

}  // namespace

std::string banner(const BannerFacts& facts) {
  std::string way;
  if (!facts.mtproxy.empty()) way += "\n  or through its MTProxy, " + facts.mtproxy;
  if (facts.proxy != nullptr) way += "\n  through the " + described(*facts.proxy);
  return "streamjson " + facts.version + " on " + places(facts) + ", " + layers(*facts.schemes) +
         "\nTelegram: " + telegram_line(facts) + way + "\n" + trial(facts) + "\n";
}

}  // namespace server

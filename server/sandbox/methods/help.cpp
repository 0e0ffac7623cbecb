// help.*, langpack.*: what an application asks for before anybody has signed in.
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::int32_t an_hour = 3600;

Value text_value(Call& call, std::string_view key, Value json) {
  return call.make.object("jsonObjectValue", {{"key", Value::string(key)}, {"value", json}});
}

Value json_number(Call& call, double number) {
  return call.make.object("jsonNumber", {{"value", Value::real(number)}});
}

Answer get_config(Call& call) {
  std::vector<Value> data_centres;
  for (const auto& data_centre : call.data_centres) {
    data_centres.push_back(
        call.make.object("dcOption", {{"static", Value::boolean(true)},
                                      {"this_port_only", Value::boolean(true)},
                                      {"id", Value::integer(data_centre.dc)},
                                      {"ip_address", call.make.string(data_centre.host)},
                                      {"port", Value::integer(data_centre.port)}}));
  }
  Fields out(call.make, "config");
  out.flag("default_p2p_contacts")
      .flag("revoke_pm_inbox")
      .number("date", call.world.date())
      .number("expires", call.world.date() + an_hour)
      .boolean("test_mode", call.origin.test())
      .number("this_dc", call.key.dc)
      .set("dc_options", call.make.array(data_centres))
      .text("dc_txt_domain_name", "")
      .number("chat_size_max", limits::members)
      .number("megagroup_size_max", 200000)
      .number("forwarded_count_max", limits::page)
      .number("online_update_period_ms", 210000)
      .number("offline_blur_timeout_ms", 5000)
      .number("offline_idle_timeout_ms", 30000)
      .number("online_cloud_timeout_ms", 300000)
      .number("notify_cloud_delay_ms", 30000)
      .number("notify_default_delay_ms", 1500)
      .number("push_chat_period_ms", 60000)
      .number("push_chat_limit", 2)
      .number("edit_time_limit", 172800)
      .number("revoke_time_limit", 2147483647)
      .number("revoke_pm_time_limit", 2147483647)
      .number("rating_e_decay", 2419200)
      .number("stickers_recent_limit", 200)
      .number("channels_read_media_period", 604800)
      .number("call_receive_timeout_ms", 20000)
      .number("call_ring_timeout_ms", 90000)
      .number("call_connect_timeout_ms", 30000)
      .number("call_packet_timeout_ms", 10000)
      .text("me_url_prefix", "https://t.me/")
      .number("caption_length_max", limits::caption)
      .number("message_length_max", limits::text)
      .number("webfile_dc_id", call.key.dc);
  // What layers before 166 want besides.
  if (call.key.layer.value_or(228) < 166) {
    out.number("saved_gifs_limit", 200)
        .number("stickers_faved_limit", 5)
        .number("pinned_dialogs_count_max", 5)
        .number("pinned_infolder_count_max", 100)
        .set("disabled_features", nothing(call))
        .number("chat_big_size", 10);
  }
  return out.done();
}

Answer get_nearest_dc(Call& call) {
  return call.make.object("nearestDc", {{"country", Value::string("AQ")},
                                        {"this_dc", Value::integer(call.key.dc)},
                                        {"nearest_dc", Value::integer(call.key.dc)}});
}

Answer get_app_config(Call& call) {
  const auto config = call.make.object(
      "jsonObject",
      {{"value",
        call.make.array({text_value(call, "upload_max_fileparts_default",
                                    json_number(call, limits::file_parts)),
                         text_value(call, "caption_length_limit_default",
                                    json_number(call, static_cast<double>(limits::caption)))})}});
  if (call.number("hash") == 1) return call.make.object("help.appConfigNotModified", {});
  return call.make.object("help.appConfig", {{"hash", Value::integer(1)}, {"config", config}});
}

Answer get_countries(Call& call) {
  const auto code = call.make.object("help.countryCode", {{"country_code", Value::string("999")}});
  const auto country =
      call.make.object("help.country", {{"iso2", Value::string("AQ")},
                                        {"default_name", Value::string("Sandbox")},
                                        {"country_codes", call.make.array({code})}});
  return call.make.object("help.countriesList",
                          {{"countries", call.make.array({country})}, {"hash", Value::integer(1)}});
}

Answer get_terms_update(Call& call) {
  return call.make.object("help.termsOfServiceUpdateEmpty",
                          {{"expires", Value::integer(call.world.date() + an_hour)}});
}

Answer get_promo(Call& call) {
  return call.make.object("help.promoDataEmpty",
                          {{"expires", Value::integer(call.world.date() + an_hour)}});
}

Answer get_app_update(Call& call) { return call.make.object("help.noAppUpdate", {}); }

Answer get_cdn_config(Call& call) {
  return call.make.object("cdnConfig", {{"public_keys", nothing(call)}});
}

Answer get_peer_colors(Call& call) {
  return call.make.object("help.peerColors",
                          {{"hash", Value::integer(1)}, {"colors", nothing(call)}});
}

Answer get_timezones(Call& call) {
  return call.make.object("help.timezonesList",
                          {{"timezones", nothing(call)}, {"hash", Value::integer(1)}});
}

Answer accept(Call&) { return yes(); }

Answer get_lang_pack(Call& call) {
  const auto code = call.has("lang_code") ? call.text("lang_code") : std::string_view("en");
  return call.make.object("langPackDifference", {{"lang_code", call.make.string(code)},
                                                 {"from_version", Value::integer(0)},
                                                 {"version", Value::integer(1)},
                                                 {"strings", nothing(call)}});
}

Answer get_strings(Call& call) { return nothing(call); }

Value english(Call& call) {
  Fields out(call.make, "langPackLanguage");
  return out.flag("official")
      .text("name", "English")
      .text("native_name", "English")
      .text("lang_code", "en")
      .text("plural_code", "en")
      .number("strings_count", 0)
      .number("translated_count", 0)
      .text("translations_url", "")
      .done();
}

Answer get_languages(Call& call) { return call.make.array({english(call)}); }

Answer get_language(Call& call) {
  if (call.text("lang_code") != "en") return bad_request("LANG_CODE_NOT_SUPPORTED");
  return english(call);
}

}  // namespace

std::span<const Method> help_methods() {
  static constexpr Method methods[] = {
      {"help.getConfig", Needs::nobody, get_config},
      {"help.getNearestDc", Needs::nobody, get_nearest_dc},
      {"help.getAppConfig", Needs::nobody, get_app_config},
      {"help.getCountriesList", Needs::nobody, get_countries},
      {"help.getTermsOfServiceUpdate", Needs::somebody, get_terms_update},
      {"help.acceptTermsOfService", Needs::somebody, accept},
      {"help.getPromoData", Needs::somebody, get_promo},
      {"help.getAppUpdate", Needs::nobody, get_app_update},
      {"help.getCdnConfig", Needs::nobody, get_cdn_config},
      {"help.getPeerColors", Needs::somebody, get_peer_colors},
      {"help.getPeerProfileColors", Needs::somebody, get_peer_colors},
      {"help.getTimezonesList", Needs::somebody, get_timezones},
      {"help.saveAppLog", Needs::somebody, accept},
      {"langpack.getLangPack", Needs::nobody, get_lang_pack},
      {"langpack.getDifference", Needs::nobody, get_lang_pack},
      {"langpack.getStrings", Needs::nobody, get_strings},
      {"langpack.getLanguages", Needs::nobody, get_languages},
      {"langpack.getLanguage", Needs::nobody, get_language},
  };
  return methods;
}

}  // namespace server::sandbox

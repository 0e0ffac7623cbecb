#include "server/account/config_refresher.hpp"

#include <memory_resource>
#include <utility>

#include "server/logs/logger.hpp"
#include "server/upstream/dc_options.hpp"
#include "tl/codec.hpp"

namespace server::account {

void ConfigRefresher::refresh(mtproto::Time now) {
  const auto& connections = calls_.connections();
  const auto& book = connections.settings().telegram->learned;
  if (asking_ || !book || !connections.ready(home_dc) || !book->due(now)) return;
  tl::Bytes body;
  std::pmr::monotonic_buffer_resource arena;
  const auto question = tl::Builder(arena).object("help.getConfig", {});
  if (!tl::encode(*connections.settings().schema, question, {}, body)) return;
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  std::optional<CallId> id;
  calls_.call(home_dc, std::move(body), std::move(options), *this, 0, now, id);
  if (id) asking_ = book;
}

void ConfigRefresher::on_outcome(std::uint64_t, CallOutcome outcome, mtproto::Time now) {
  const auto book = std::exchange(asking_, {});
  const auto* answer = std::get_if<tl::Slice>(&outcome);
  if (!book) return;
  if (answer == nullptr) return book->ask_soon(now);
  const auto& settings = calls_.connections().settings();
  std::pmr::monotonic_buffer_resource arena;
  const auto config = tl::decode_value(*settings.schema, tl::any_object, *answer, arena);
  auto table = config ? upstream::read_dc_options(*config, settings.telegram->kind)
                      : upstream::DcOptions::Table{};
  if (table.empty()) return book->ask_soon(now);
  logs::debug("data_centres={}", table.size());
  book->replace(std::move(table));
}

void ConfigRefresher::stop() {
  const auto book = std::exchange(asking_, {});
  if (!book) return;
  calls_.forget(*this);
  book->ask_soon(upstream::boot_time());
}

}  // namespace server::account

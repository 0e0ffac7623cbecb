// Where the data centres are: asked of Telegram once an hour, by whichever connection has just been
// answered something, and told to the whole process.

#include <memory_resource>

#include "server/connection.hpp"
#include "server/logs/logger.hpp"
#include "server/upstream/centre_options.hpp"

namespace server {

using upstream::boot_time;

// Nobody waits for that: it goes out behind an answer, never ahead of a request. A POST is over
// before it would be answered.
void Connection::ask_centres() {
  const auto& book = server_.telegram->learned;
  if (closed_ || ended_ || passing_ || !book || !link_ || !link_->ready()) return;
  if (!book->due(boot_time())) return;
  tl::Bytes body;
  std::pmr::monotonic_buffer_resource arena;
  const auto question = tl::Builder(arena).object("help.getConfig", {});
  if (!tl::encode(*scheme().schema, question, {}, body)) return;
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  const auto request = link_->send(std::move(body), std::move(options));
  waiters_[{at_home, request}] = {0, Purpose::centres};
  asking_ = book;
}

void Connection::learn_centres(tl::ByteView answer) {
  const auto book = std::exchange(asking_, {});
  if (!book) return;
  std::pmr::monotonic_buffer_resource arena;
  const auto config = tl::decode_value(*scheme().schema, tl::any_object, answer, arena);
  auto table = config ? upstream::read_centres(*config, server_.telegram->kind)
                      : upstream::AddressBook::Table{};
  if (table.empty()) return book->ask_soon(boot_time());
  logs::debug("conn={} data_centres={}", number_, table.size());
  book->replace(std::move(table));
}

// Another connection may have more luck.
void Connection::stop_asking() {
  if (const auto book = std::exchange(asking_, {})) book->ask_soon(boot_time());
}

}  // namespace server

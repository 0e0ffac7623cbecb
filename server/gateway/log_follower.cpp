#include "server/gateway/log_follower.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "server/connection/connection_event.hpp"
#include "server/gateway/gateway.hpp"
#include "server/gateway/node_log.hpp"
#include "server/named/log_cursor.hpp"

namespace server {

namespace asio = boost::asio;

namespace {

ThreadState& home_of(ThreadState& from, const std::string& account) {
  auto* const home = thread_of_account(from.gateway, account);
  return home != nullptr ? *home : from;
}

}  // namespace

// Lives where the account does.
class LogFollower::Inner final : private named::NamedUser,
                                 private LogReader,
                                 private named::LogCursor::User,
                                 public std::enable_shared_from_this<Inner> {
 public:
  Inner(ThreadState& from, ThreadState& home, LogWish wish, LogReader& reader)
      : home_(home), back_(from.executor), wish_(std::move(wish)), reader_(&reader) {}

  void open() {
    if (auto refusal =
            forbidden_account({false, wish_.account, {}, false, {}}, wish_.scope.get())) {
      return refuse(std::move(*refusal));
    }
    if (!home_.named) return refuse(no_accounts_kept());
    schemes_ = home_.gateway.schemes();
    auto types = UpdateTypes::read(*schemes_->first().schema, wish_.types, "?types");
    if (!types) return refuse(types.error());
    types_ = std::move(*types);
    account_ = home_.named->accounts.open(wish_.account);
    if (account_->state() != named::NamedAccount::State::loading) return begin();
    account_->when_free(weak_from_this(), [this] { begin(); });
  }

  void go_on() {
    ahead_ = 0;
    if (node_) node_->go_on();
    if (cursor_) cursor_->pause(false);
  }

  void close() {
    node_.reset();
    if (cursor_) cursor_->close();
    if (std::exchange(attached_, false)) account_->detach(*this);
    account_.reset();
  }

  // In the reader's thread.
  void part() { reader_ = nullptr; }

 private:
  using State = named::NamedAccount::State;
  // What a place alone takes of a reader's room.
  static constexpr std::size_t frame = 64;

  void begin() {
    if (!account_) return;
    if (account_->state() == State::failed || account_->state() == State::away) {
      const auto url = other_node_with(home_.gateway, *account_);
      if (!url.empty() && !wish_.forwarded) {
        account_.reset();
        home_.counters.forwards.add();
        node_ = std::make_unique<NodeLog>(*home_.nodes, url, wish_, static_cast<LogReader&>(*this));
        return;
      }
      return refuse(store_failure(account_->error(), wish_.scope.get()));
    }
    if (account_->state() != State::there) return refuse(no_such_account(wish_.account));
    account_->attach(*this);
    attached_ = true;
    const auto newest = account_->journal()->newest();
    back([newest](LogReader& reader) { reader.on_log(newest); });
    cursor_ = std::make_shared<named::LogCursor>(account_->journal(), wish_.after,
                                                 static_cast<named::LogCursor::User&>(*this));
    cursor_->start();
  }

  void refuse(Failure failure) {
    back([failure = std::move(failure)](LogReader& reader) { reader.on_no_log(failure); });
  }

  // --- LogReader: where it is another node's ---
  void on_log(std::int64_t newest) override {
    back([newest](LogReader& reader) { reader.on_log(newest); });
  }
  void on_no_log(const Failure& failure) override { refuse(failure); }
  void on_items(std::vector<LogItem> items, std::int64_t position) override {
    back([items = std::move(items), position](LogReader& reader) mutable {
      reader.on_items(std::move(items), position);
    });
  }
  void on_items_gone(std::int64_t oldest) override {
    back([oldest](LogReader& reader) { reader.on_items_gone(oldest); });
  }
  void on_log_event(std::string_view name, const std::string& data) override {
    tell_event(std::string(name), data);
  }

  // --- LogCursor::User ---
  void on_entry(const named::EntryPointer& entry) override {
    const auto* scheme = schemes_->find(static_cast<int>(entry->layer()));
    const auto* schema = scheme != nullptr ? scheme->schema.get() : nullptr;
    if (schema != nullptr && !types_.match(*schema, entry->body())) return;
    auto text = entry->plain(schema);
    ahead_ += text->size();
    items_.push_back({entry->number(), std::move(text)});
    if (ahead_ >= most_ahead) tell();
  }
  void on_end_of_log() override { tell(); }
  void on_entries_gone(std::int64_t oldest) override {
    tell();
    on_items_gone(oldest);
  }

  // What was passed over is told of, too, so that who comes again need not look at it twice.
  void tell() {
    const auto position = cursor_->position();
    if (items_.empty() && position == told_) return;
    told_ = position;
    ahead_ += frame;
    if (ahead_ >= most_ahead) cursor_->pause(true);
    back([items = std::exchange(items_, {}), position](LogReader& reader) mutable {
      reader.on_items(std::move(items), position);
    });
  }

  // --- NamedUser ---
  // Updates go on here as soon as it is back, but for one that is another node's from now on.
  void on_leaving(const char*, mtproto::Time) override {
    if (account_->state() == State::away)
      refuse(store_failure(account_->error(), wish_.scope.get()));
  }
  void on_moved(mtproto::Time) override {}
  void on_code(std::string_view signin) override { tell_event("signin", signin); }
  void on_signed_out(std::string_view signin) override { tell_event("signin", signin); }
  void on_connection(const account::DcChange& change) override {
    std::string text;
    write_connection(account_->account().connections().number(change.dc), change, text);
    tell_event("connection", text);
  }

  void tell_event(std::string name, std::string_view data) {
    back([name = std::move(name), data = std::string(data)](LogReader& reader) {
      reader.on_log_event(name, data);
    });
  }

  template <class Tell>
  void back(Tell tell) {
    asio::post(back_, [self = shared_from_this(), tell = std::move(tell)]() mutable {
      if (self->reader_ != nullptr) tell(*self->reader_);
    });
  }

  ThreadState& home_;
  const asio::any_io_executor back_;
  const LogWish wish_;
  std::shared_ptr<const Schemes> schemes_;
  UpdateTypes types_;
  std::shared_ptr<named::NamedAccount> account_;
  std::shared_ptr<named::LogCursor> cursor_;
  std::unique_ptr<NodeLog> node_;
  bool attached_ = false;
  std::vector<LogItem> items_;
  std::size_t ahead_ = 0;   // bytes, since go_on()
  std::int64_t told_ = -1;  // up to which number
  LogReader* reader_;       // in its thread only; none: it has closed
};

LogFollower::LogFollower(ThreadState& from, LogWish wish, LogReader& reader)
    : home_(home_of(from, wish.account)),
      inner_(std::make_shared<Inner>(from, home_, std::move(wish), reader)) {
  asio::post(home_.executor, [inner = inner_] { inner->open(); });
}

LogFollower::~LogFollower() {
  inner_->part();
  asio::post(home_.executor, [inner = std::move(inner_)] { inner->close(); });
}

void LogFollower::go_on() {
  asio::post(home_.executor, [inner = inner_] { inner->go_on(); });
}

}  // namespace server

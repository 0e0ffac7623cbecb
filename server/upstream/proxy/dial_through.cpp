#include "server/upstream/proxy/dial_through.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "server/upstream/proxy/http_connect.hpp"
#include "server/upstream/proxy/proxy_errc.hpp"
#include "server/upstream/proxy/socks5.hpp"
#include "server/upstream/proxy/tls_dialogue.hpp"
#include "server/upstream/pump.hpp"

namespace server::upstream {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto token = asio::as_tuple(asio::use_awaitable);

// What the timer and stop() can end.
struct Call {
  Call(tcp::socket taken, const asio::any_io_executor& executor)
      : socket(std::move(taken)), timer(executor) {}
  tcp::socket socket;
  asio::steady_timer timer;
  bool late = false;

  void cancel() {
    late = true;
    error_code ignored;
    socket.close(ignored);
  }
};

// None: nothing has to be said.
std::unique_ptr<Dialogue> dialogue_with(const Proxy& proxy, const Address& target,
                                        tl::Random& random) {
  switch (proxy.kind) {
    case Proxy::Kind::socks5:
      return std::make_unique<Socks5>(target, proxy.user, proxy.password);
    case Proxy::Kind::http:
      return std::make_unique<HttpConnect>(target, proxy.user, proxy.password);
    case Proxy::Kind::mtproxy:
      break;
  }
  if (!proxy.secret.tls()) return nullptr;
  return std::make_unique<TlsDialogue>(proxy.secret, wall_time(), random);
}

asio::awaitable<error_code> converse(Call& call, Dialogue& dialogue) {
  std::array<std::uint8_t, 4096> buffer{};
  tl::Bytes out;
  const auto begun = dialogue.begin(out);
  if (!begun) co_return begun.error();
  while (true) {
    if (!out.empty()) {
      const auto whole = asio::buffer(out);
      const auto [failed, size] = co_await asio::async_write(call.socket, whole, token);
      if (failed) co_return failed;
      out.clear();
    }
    const auto room = asio::buffer(buffer);
    const auto [failed, size] = co_await call.socket.async_read_some(room, token);
    if (failed) co_return failed;
    const auto open = dialogue.receive(tl::ByteView(buffer).first(size), out);
    if (!open) co_return open.error();
    if (*open) co_return error_code();
  }
}

error_code in_words(error_code why, bool late, bool has_secret) {
  if (late) return has_secret ? proxy_errc::secret_unanswered : proxy_errc::silent;
  if (why && why.category() != proxy_category()) {
    return has_secret ? proxy_errc::secret_refused : proxy_errc::closed;
  }
  return why;
}

milliseconds left_until(Clock::time_point deadline) {
  return std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
}

}  // namespace

asio::awaitable<Dialled> dial_through(std::shared_ptr<const Proxy> proxy,
                                      std::vector<Address> addresses, milliseconds timeout,
                                      tl::Random& random, std::shared_ptr<DialStop> stop) {
  if (!proxy) {
    auto direct = co_await dial(std::move(addresses), timeout, stop);
    co_return direct;
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto deadline = Clock::now() + timeout;
  const bool mtproxy = proxy->kind == Proxy::Kind::mtproxy;
  if (mtproxy) addresses.assign(1, Address{});
  Dialled out{tcp::socket(executor), asio::error::host_not_found, described(*proxy)};
  for (std::size_t i = 0; i < addresses.size() && !stop->stopped(); ++i) {
    // One that hangs leaves half of the time to the others.
    auto share = left_until(deadline);
    if (share <= milliseconds::zero()) break;
    if (i + 1 < addresses.size()) share = std::max(share / 2, milliseconds(1));
    const auto until = Clock::now() + share;
    std::vector<Address> here{proxy->at};
    auto dialled = co_await dial(std::move(here), share, stop);
    out.why = dialled.why;
    if (dialled.why) break;
    const auto call = std::make_shared<Call>(std::move(dialled.socket), executor);
    const auto dialogue = dialogue_with(*proxy, addresses[i], random);
    if (dialogue) {
      stop->set([call] { call->cancel(); });
      call->timer.expires_at(until);
      auto on_time = [call](error_code cancelled) {
        if (!cancelled) call->cancel();
      };
      call->timer.async_wait(std::move(on_time));
      const auto why = co_await converse(*call, *dialogue);
      stop->set(nullptr);
      call->timer.cancel();
      out.why = in_words(why, call->late, mtproxy);
    }
    if (!out.why) {
      out.socket = std::move(call->socket);
      break;
    }
    if (!is_about_target(out.why) && out.why != proxy_errc::silent) break;
  }
  co_return out;
}

}  // namespace server::upstream

// HTTP/1.1 on a connection (RFC 9112): one request after another, each led past the rules of who
// may come in to what its path names. WebSocket takes the connection over from here.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/access/origin_policy.hpp"
#include "server/channel/admission_gate.hpp"
#include "server/channel/channel.hpp"
#include "server/http/api_call.hpp"
#include "server/http/api_events.hpp"
#include "server/http/api_webhook.hpp"
#include "server/http/post.hpp"
#include "server/http/request_reader.hpp"
#include "server/http/response.hpp"
#include "server/http/routes.hpp"
#include "server/importer/session_import.hpp"
#include "server/site/site.hpp"

namespace server::http {

class HttpChannel final : public channel::Channel,
                          public PostUser,
                          public ApiUser,
                          public ApiEventsUser {
 public:
  // From the first byte of a head to its last; between two pieces of a body; between two requests.
  static constexpr mtproto::Duration head_time = std::chrono::seconds(10);
  static constexpr mtproto::Duration body_time = std::chrono::seconds(30);
  static constexpr mtproto::Duration idle_time = std::chrono::seconds(75);

  HttpChannel(ThreadState&, channel::ByteSink&, Caller caller, bool tls, mtproto::Time now);
  ~HttpChannel() override;

  void receive(tl::ByteView bytes, mtproto::Time now) override;
  void end(mtproto::Time now) override;
  void tick(mtproto::Time now) override;
  std::optional<mtproto::Time> deadline() const override;
  void written(mtproto::Time now) override;
  void set_above_high_watermark(bool above_high_watermark) override;
  void drain() override;
  void close() override;

  // --- what routes lead to (routes.cpp) ---
  void serve_file();
  void serve_alive();
  void serve_ready();
  void serve_metrics();
  void serve_scheme_json() { serve_scheme(site::Site::Kind::json); }
  void serve_scheme_tl() { serve_scheme(site::Site::Kind::tl); }
  void serve_types() { serve_scheme(site::Site::Kind::types); }
  void serve_openapi();
  void begin_post();
  void begin_api();
  void begin_api_account();
  void begin_events();
  void serve_accounts();
  void begin_webhooks();
  void begin_import();
  void begin_websocket();

 private:
  enum class State : std::uint8_t {
    head,     // of the next request is read
    body,     // is read
    serving,  // the response is not ready
    waiting,  // it is ready, and not to be given yet
    over,     // nothing more is read
  };

  void advance(mtproto::Time now);
  void read_on(mtproto::Time now);
  void begin(mtproto::Time now);
  bool identify();
  bool let_in();
  bool show_token(bool first_object_may);
  std::string_view methods_of(const Route& route) const;
  void options(const Route& route);
  void refuse_method(const Route& route);
  void refuse(unsigned status, std::string_view error, std::string_view text);
  Response refusal_here(unsigned status, std::string_view error, std::string_view text) const;
  void break_off(RequestReader::Step why);
  std::size_t may_wait() const;
  bool fits();
  void refuse_for_memory();
  void refuse_unknown();
  void forget_read();
  void respond(Response response);
  void respond_after(mtproto::Duration wait, Response response);
  void wait_for_token(mtproto::Time now);
  void show_no_token();
  void respond(const site::Page& page);
  void next(mtproto::Time now);
  Delivery delivery(bool keep_alive) const;
  bool will_keep_alive() const;

  std::optional<ConnectionSetup> setup();
  Caller caller_for_request() const;
  void go_on_with_body();
  void serve_scheme(site::Site::Kind kind);

  void on_no_request(unsigned status, std::string object, mtproto::Duration wait) override;
  void on_admitted() override;
  void on_object(LongText object) override;
  void on_all_answered() override;
  void on_reset(std::string why) override;
  void on_busy(bool busy) override;
  void on_api_reply(ApiStatus status, LongText text) override;
  void on_events(std::string text) override;
  void on_events_over() override;
  bool events_wait() const override;
  void on_events_due() override { byte_sink_.wake(); }
  void retire_events();
  void begin_call(ApiTarget target);
  void on_accounts(const store::StoreResult<std::vector<store::AccountRow>>& rows);
  void refuse_call(const Failure& failure);
  // True: there is one, where none is due, and that is said.
  bool refuse_body();
  bool may_administer(std::string_view what);
  void begin_short_body();
  void feed_short_body(std::string_view body);
  void end_short_body();
  void begin_patch(const ApiTarget& target);
  void patch_account(const std::string& body);
  void put_webhook(const std::string& body);
  void remove_webhook(const WebhookPath& path);
  void show_webhooks(const WebhookPath& path);
  void answer_late(std::string result);
  void refuse_late(const Failure& failure);
  void retire_call();
  void pause();
  void begin_stream(std::string_view type,
                    std::vector<std::pair<std::string_view, std::string>> fields = {});
  void retire_post();
  void feed_import(std::string_view body);
  void run_import();
  void end_import(importer::Answer answer);

  ThreadState& thread_;
  channel::ByteSink& byte_sink_;
  const Peer peer_;
  Caller caller_;        // of this request, which a proxy may make for somebody else
  const bool forwards_;  // such a proxy is there
  const bool tls_;
  State state_ = State::head;
  std::string in_;  // came, and was read up to `read_`
  std::size_t read_ = 0;
  bool cut_off_ = false;  // what came behind that was dropped: there was no memory for it
  MemoryShare share_;     // of what came and is kept
  std::optional<RequestReader> reader_;
  std::optional<mtproto::Time> due_;         // when the client is too late
  std::optional<Response> late_;             // waits, until `due_`
  bool begun_ = false;                       // some of a head has come
  access::Decision decision_;                // of this request
  bool admitted_ = false;                    // it has shown a token,
  std::shared_ptr<const TokenScope> scope_;  // which allows this; none: everything
  std::string last_visitor_;                 // as the log has it
  std::optional<Response> due_response_;     // once the body, which nobody wants, is over
  std::unique_ptr<Post> post_;
  std::unique_ptr<Post> retired_;  // it may be on the stack still
  ApiConnection api_connection_;
  std::unique_ptr<ApiCall> call_;
  std::unique_ptr<ApiCall> retired_call_;
  std::unique_ptr<ApiEvents> events_;
  std::unique_ptr<ApiEvents> retired_events_;
  std::optional<std::string> short_body_;  // of a setting, as far as it came
  std::unique_ptr<importer::SessionImport> import_;
  bool post_busy_ = false;             // a long object of its body is being read
  bool above_high_watermark_ = false;  // the client does not read
  bool streaming_ = false;             // the head of a response is out whose body comes in pieces
  bool draining_ = false;
  bool ended_ = false;                  // the client has sent all
  std::shared_ptr<HttpChannel*> self_;  // for those who come back later
};

}  // namespace server::http

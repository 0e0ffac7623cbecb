// Who comes in, by what browsers say of a request.
#include "server/access/origin_policy.hpp"

#include <catch2/catch.hpp>

using namespace server::access;

namespace {

const OriginPolicy policy({{"gate.example.org", "alias.example.org:8443", "[2001:db8::1]"},
                           {"https://app.example.org", "chrome-extension://abcdef"},
                           "192.0.2.1"});

RequestOrigin get(std::string_view host = "localhost:1543") {
  RequestOrigin request_origin;
  request_origin.method = "GET";
  request_origin.host = host;
  request_origin.has_host = true;
  return request_origin;
}

RequestOrigin post(std::string_view origin, std::string_view host = "localhost:1543") {
  auto request_origin = get(host);
  request_origin.method = "POST";
  request_origin.origin = origin;
  request_origin.has_origin = true;
  return request_origin;
}

RequestOrigin websocket(std::string_view origin, std::string_view host = "localhost:1543") {
  auto request_origin = post(origin, host);
  request_origin.method = "GET";
  request_origin.websocket = true;
  return request_origin;
}

RequestOrigin fetched(std::string_view site, std::string_view mode = "cors",
                      std::string_view dest = "empty") {
  auto request_origin = get();
  request_origin.sec_fetch_site = site;
  request_origin.sec_fetch_mode = mode;
  request_origin.sec_fetch_dest = dest;
  return request_origin;
}

bool in(const RequestOrigin& request_origin) {
  const auto decision = policy.decide(request_origin);
  CHECK(decision.allowed == decision.reason.empty());
  return decision.allowed;
}

}  // namespace

TEST_CASE("a host that is ours comes in") {
  for (const auto* host :
       {"localhost", "localhost:1543", "LOCALHOST:1543", "localhost.:1543", "a.localhost:1543",
        "127.0.0.1", "127.0.0.1:9", "127.1.2.3:1543", "[::1]", "[::1]:1543", "192.0.2.1:1543",
        "gate.example.org", "Gate.Example.Org.:443", "[2001:db8:0::1]:1543",
        "alias.example.org:8443"}) {
    INFO(host);
    CHECK(in(get(host)));
  }
}

TEST_CASE("a host that is not ours is refused, with the flag that would allow it") {
  for (const auto& [host, name] : std::vector<std::pair<std::string, std::string>>{
           {"evil.example", "evil.example"},
           {"Evil.Example:1543", "evil.example"},
           {"localhost.evil.example", "localhost.evil.example"},
           {"127.0.0.1.evil.example:1543", "127.0.0.1.evil.example"},
           {"evillocalhost", "evillocalhost"},
           {"gate.example.org.evil.example", "gate.example.org.evil.example"},
           {"alias.example.org:1543", "alias.example.org"},
           {"192.0.2.2", "192.0.2.2"},
           {"0.0.0.0:1543", "0.0.0.0"},
           {"[::]:1543", "[::]"},
           {"[::ffff:127.0.0.1]:1543", "[::ffff:127.0.0.1]"}}) {
    INFO(host);
    const auto decision = policy.decide(get(host));
    CHECK_FALSE(decision.allowed);
    CHECK(decision.flag == "--allow-host " + name);
    CHECK(OriginPolicy({{name}, {}, "localhost"}).decide(get(host)).allowed);
  }
}

TEST_CASE("a host that is none is refused, and the reason repeats nothing of it") {
  for (const auto* host : {"", "evil.example#localhost", "localhost:1543@evil.example",
                           "[::1].evil", "[::1", "0x7f.1", "127.1", "localhost evil.example",
                           "localhost, evil.example", "localhost:1543x", "http://localhost"}) {
    INFO(host);
    const auto decision = policy.decide(get(host));
    CHECK_FALSE(decision.allowed);
    CHECK(decision.flag.empty());
    CHECK(decision.reason.find("evil") == std::string::npos);
  }
}

TEST_CASE("a request without a host is refused, but for the open paths") {
  auto request_origin = get();
  request_origin.has_host = false;
  CHECK_FALSE(in(request_origin));
  request_origin.open_path = true;
  CHECK(in(request_origin));
  request_origin = get("10.0.0.7:1543");
  CHECK_FALSE(in(request_origin));
  request_origin.open_path = true;
  CHECK(in(request_origin));
}

TEST_CASE("an address to bind to is no name to be called by") {
  CHECK_FALSE(OriginPolicy({{}, {}, "0.0.0.0"}).decide(get("0.0.0.0:1543")).allowed);
  CHECK_FALSE(OriginPolicy({{}, {}, "::"}).decide(get("[::]:1543")).allowed);
  CHECK(OriginPolicy({{}, {}, "::1"}).decide(get("[::1]:1543")).allowed);
  CHECK(OriginPolicy({{}, {}, "2001:db8::5"}).decide(get("[2001:db8::5]:1543")).allowed);
  CHECK(OriginPolicy({{}, {}, "box.example.org"}).decide(get("box.example.org:1543")).allowed);
}

TEST_CASE("an allowed host with a port of its own means the scheme's where none is sent") {
  const OriginPolicy http({{"a.example.org:80"}, {}, "localhost"});
  CHECK(http.decide(get("a.example.org")).allowed);
  auto tls = get("a.example.org");
  tls.tls = true;
  CHECK_FALSE(http.decide(tls).allowed);
  CHECK(OriginPolicy({{"a.example.org:443"}, {}, "localhost"}).decide(tls).allowed);
}

TEST_CASE("curl and Node send no origin, and come in") {
  auto request_origin = get();
  request_origin.method = "POST";
  CHECK(in(request_origin));
  request_origin.method = "GET";
  request_origin.websocket = true;
  CHECK(in(request_origin));
}

TEST_CASE("our own pages come in, and are no other site's") {
  for (const auto& [origin, host] : std::vector<std::pair<std::string, std::string>>{
           {"http://localhost:1543", "localhost:1543"},
           {"http://LOCALHOST:1543", "localhost:1543"},
           {"http://127.0.0.1:1543", "127.0.0.1:1543"},
           {"http://[::1]:1543", "[::1]:1543"},
           {"http://localhost", "localhost"},
           {"http://localhost", "localhost:80"},
           {"http://localhost:80", "localhost"},
           {"http://gate.example.org", "gate.example.org"}}) {
    INFO(origin);
    CHECK(in(post(origin, host)));
    CHECK(in(websocket(origin, host)));
    CHECK_FALSE(policy.decide(websocket(origin, host)).cors);
  }
  auto request_origin = websocket("https://localhost:1543");
  request_origin.tls = true;
  CHECK(in(request_origin));
  request_origin = websocket("https://localhost", "localhost:443");
  request_origin.tls = true;
  CHECK(in(request_origin));
}

TEST_CASE("pages of others can neither post nor open a socket, and the flag is told") {
  for (const auto& [origin, normal] : std::vector<std::pair<std::string, std::string>>{
           {"https://evil.example", "https://evil.example"},
           {"HTTPS://Evil.Example:443", "https://evil.example"},
           {"http://localhost:3000", "http://localhost:3000"},
           {"http://localhost", "http://localhost"},
           {"https://localhost:1543", "https://localhost:1543"},
           {"http://127.0.0.1:1543", "http://127.0.0.1:1543"},
           {"http://localhost.evil.example:1543", "http://localhost.evil.example:1543"},
           {"http://app.example.org", "http://app.example.org"},
           {"https://app.example.org:8443", "https://app.example.org:8443"},
           {"chrome-extension://x", "chrome-extension://x"}}) {
    INFO(origin);
    for (const auto& request_origin : {post(origin), websocket(origin)}) {
      const auto decision = policy.decide(request_origin);
      CHECK_FALSE(decision.allowed);
      CHECK(decision.flag == "--allow-origin " + normal);
      CHECK(OriginPolicy({{}, {normal}, "localhost"}).decide(request_origin).allowed);
    }
  }
  for (const auto* method : {"OPTIONS", "PUT", "DELETE", "get", "BREW"}) {
    auto request_origin = post("https://evil.example");
    request_origin.method = method;
    CHECK_FALSE(in(request_origin));
  }
}

TEST_CASE("an origin that is none is refused whatever is asked") {
  for (const auto* origin :
       {"null", "NULL", "", "file://", "http://localhost:1543.evil.example",
        "http://localhost:1543@evil.example", "http://localhost:1543 https://evil.example",
        "https://evil.example, http://localhost:1543", "localhost:1543", "http:///localhost:1543",
        "https://app.example.org https://evil.example"}) {
    INFO(origin);
    auto looking = post(origin);
    looking.method = "GET";
    for (const auto& request_origin : {post(origin), websocket(origin), looking}) {
      const auto decision = policy.decide(request_origin);
      CHECK_FALSE(decision.allowed);
      CHECK(decision.flag.empty());
    }
  }
}

TEST_CASE("an origin with a path counts by its origin") {
  CHECK(in(websocket("http://localhost:1543/")));
  CHECK(in(websocket("http://localhost:1543/ws?json=plain")));
  CHECK(in(websocket("https://app.example.org/")));
  CHECK(policy.decide(websocket("https://evil.example/http://localhost:1543")).flag ==
        "--allow-origin https://evil.example");
  CHECK_FALSE(in(websocket("https://evil.example/")));
  CHECK_FALSE(in(websocket("http://localhost:1543@evil.example/")));
  CHECK_FALSE(in(websocket("http://localhost:1543?x/")));
}

TEST_CASE("::1 without brackets is understood of programs on this machine, and of no others") {
  for (const auto* host : {"::1:1543", "::1"}) {
    INFO(host);
    auto request_origin = get(host);
    CHECK_FALSE(in(request_origin));
    request_origin.near = true;
    CHECK(in(request_origin));
    request_origin.websocket = true;
    const std::string origin = "http://" + std::string(host);
    request_origin.origin = origin;
    request_origin.has_origin = true;
    CHECK(in(request_origin));
    request_origin.origin = "http://evil.example:1543";
    CHECK_FALSE(in(request_origin));
    request_origin.origin = "http://evil.example/://::1:1543";
    CHECK_FALSE(in(request_origin));
  }
  for (const auto* host : {"::2:1543", "::1evil.example", "::1:x", "::1543", "::1:1:1543"}) {
    INFO(host);
    auto request_origin = get(host);
    request_origin.near = true;
    CHECK_FALSE(in(request_origin));
  }
}

TEST_CASE("programs on this machine may leave out the port, where no browser could have") {
  for (const auto& [origin, host] :
       std::vector<std::pair<std::string, std::string>>{{"http://localhost", "localhost:1543"},
                                                        {"http://localhost/", "localhost:1543"},
                                                        {"http://localhost:1543", "localhost"},
                                                        {"http://127.0.0.1", "127.0.0.1:1543"},
                                                        {"http://[::1]", "[::1]:1543"},
                                                        {"http://::1", "::1:1543"}}) {
    INFO(origin);
    auto program = websocket(origin, host);
    program.near = true;
    CHECK(in(program));
    for (auto member : {&RequestOrigin::user_agent, &RequestOrigin::accept_language,
                        &RequestOrigin::sec_fetch_mode}) {
      auto browser = program;
      browser.*member = "x";
      CHECK_FALSE(in(browser));
    }
    auto far = program;
    far.near = false;
    CHECK_FALSE(in(far));
    auto posted = program;
    posted.websocket = false;
    posted.method = "POST";
    CHECK_FALSE(in(posted));
  }
}

TEST_CASE("another port, name or scheme is another site whoever asks") {
  for (const auto& [origin, host] : std::vector<std::pair<std::string, std::string>>{
           {"http://localhost:3000", "localhost:1543"},
           {"https://localhost", "localhost:1543"},
           {"http://localhost", "127.0.0.1:1543"},
           {"http://a.localhost:1543", "localhost"},
           {"http://localhost.evil.example", "localhost"},
           {"http://gate.example.org", "gate.example.org:1543"},
           {"http://evil.example", "localhost:1543"},
           {"http://evil.example", "evil.example:1543"}}) {
    INFO(origin);
    auto program = websocket(origin, host);
    program.near = true;
    CHECK_FALSE(in(program));
  }
}

TEST_CASE("a refusal names the header that it is for, escaped and cut") {
  CHECK(policy.decide(get("Evil.Example:1543")).header == "Host: Evil.Example:1543");
  CHECK(policy.decide(get("::1:1543")).header == "Host: ::1:1543");
  CHECK(policy.decide(get("a\x1b[31m")).header == "Host: a\\u001b[31m");
  CHECK(policy.decide(websocket("https://evil.example/x")).header ==
        "Origin: https://evil.example/x");
  CHECK(policy.decide(get(std::string(1000, 'x'))).header ==
        "Host: " + std::string(100, 'x') + "…");
  CHECK(policy.decide(get("ada:hunter2@localhost:1543")).header == "Host: …@localhost:1543");
  CHECK(policy.decide(websocket("http://ada:hunter2@evil.example")).header ==
        "Origin: …@evil.example");
  CHECK(policy.decide(get()).header.empty());
  auto request_origin = get();
  request_origin.has_host = false;
  CHECK(policy.decide(request_origin).header.empty());
}

TEST_CASE("an allowed origin may do everything, and reads the answers") {
  for (const auto* origin :
       {"https://app.example.org", "https://APP.example.org:443", "chrome-extension://abcdef"}) {
    INFO(origin);
    auto preflight = post(origin);
    preflight.method = "OPTIONS";
    auto looking = fetched("cross-site");
    looking.origin = origin;
    looking.has_origin = true;
    for (const auto& request_origin : {post(origin), websocket(origin), preflight, looking}) {
      const auto decision = policy.decide(request_origin);
      CHECK(decision.allowed);
      CHECK(decision.cors);
    }
  }
  CHECK_FALSE(policy.decide(post("https://app.example.org", "evil.example")).allowed);
}

TEST_CASE("a page that only looks, and says where it is, can't read the answer") {
  auto request_origin = post("http://localhost:3000");
  request_origin.method = "GET";
  CHECK(in(request_origin));
  CHECK_FALSE(policy.decide(request_origin).cors);
  request_origin.sec_fetch_site = "same-site";
  CHECK(in(request_origin));
  request_origin.method = "POST";
  CHECK_FALSE(in(request_origin));
}

TEST_CASE("what a browser says comes from another site is refused") {
  CHECK(in(fetched("none", "navigate", "document")));
  CHECK(in(fetched("same-origin")));
  CHECK(in(fetched("same-site")));
  CHECK_FALSE(in(fetched("cross-site")));
  CHECK_FALSE(in(fetched("cross-site", "no-cors", "script")));
  CHECK_FALSE(in(fetched("cross-site", "no-cors", "image")));
  CHECK_FALSE(in(fetched("Cross-Site")));
  CHECK_FALSE(in(fetched("same-origin, cross-site")));
  auto request_origin = fetched("cross-site");
  request_origin.method = "POST";
  CHECK_FALSE(in(request_origin));
  request_origin = fetched("cross-site", "websocket");
  request_origin.websocket = true;
  CHECK_FALSE(in(request_origin));
  request_origin = fetched("cross-site");
  request_origin.origin = "https://evil.example";
  request_origin.has_origin = true;
  CHECK(policy.decide(request_origin).flag == "--allow-origin https://evil.example");
  CHECK_FALSE(in(request_origin));
}

TEST_CASE("a link from another site leads to the console, a form does not") {
  const auto link = fetched("cross-site", "navigate", "document");
  CHECK(in(link));
  auto form = link;
  form.method = "POST";
  CHECK_FALSE(in(form));
  auto socket = link;
  socket.websocket = true;
  CHECK_FALSE(in(socket));
  auto rebound = link;
  rebound.host = "evil.example";
  CHECK_FALSE(in(rebound));
}

TEST_CASE("nothing is shown in frames, not even our own") {
  for (const auto* dest : {"iframe", "frame", "embed", "object", "fencedframe"}) {
    INFO(dest);
    for (const auto* site : {"cross-site", "same-site", "same-origin", "none"}) {
      CHECK_FALSE(in(fetched(site, "navigate", dest)));
    }
  }
}

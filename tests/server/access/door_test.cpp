// Who comes in, by what browsers say of a request.
#include "server/access/door.hpp"

#include <catch2/catch.hpp>

using namespace server::access;

namespace {

const Door door({{"gate.example.org", "alias.example.org:8443", "[2001:db8::1]"},
                 {"https://app.example.org", "chrome-extension://abcdef"},
                 "192.0.2.1"});

Visit get(std::string_view host = "localhost:1543") {
  Visit visit;
  visit.method = "GET";
  visit.host = host;
  visit.has_host = true;
  return visit;
}

Visit post(std::string_view origin, std::string_view host = "localhost:1543") {
  auto visit = get(host);
  visit.method = "POST";
  visit.origin = origin;
  visit.has_origin = true;
  return visit;
}

Visit websocket(std::string_view origin, std::string_view host = "localhost:1543") {
  auto visit = post(origin, host);
  visit.method = "GET";
  visit.websocket = true;
  return visit;
}

Visit fetched(std::string_view site, std::string_view mode = "cors",
              std::string_view dest = "empty") {
  auto visit = get();
  visit.sec_fetch_site = site;
  visit.sec_fetch_mode = mode;
  visit.sec_fetch_dest = dest;
  return visit;
}

bool in(const Visit& visit) {
  const auto verdict = door.judge(visit);
  CHECK(verdict.allowed == verdict.reason.empty());
  return verdict.allowed;
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
    const auto verdict = door.judge(get(host));
    CHECK_FALSE(verdict.allowed);
    CHECK(verdict.flag == "--allow-host " + name);
    CHECK(Door({{name}, {}, "localhost"}).judge(get(host)).allowed);
  }
}

TEST_CASE("a host that is none is refused, and nothing of it is repeated") {
  for (const auto* host : {"", "evil.example#localhost", "localhost:1543@evil.example",
                           "[::1].evil", "[::1", "0x7f.1", "127.1", "localhost evil.example",
                           "localhost, evil.example", "localhost:1543x", "http://localhost"}) {
    INFO(host);
    const auto verdict = door.judge(get(host));
    CHECK_FALSE(verdict.allowed);
    CHECK(verdict.flag.empty());
    CHECK(verdict.reason.find("evil") == std::string::npos);
  }
}

TEST_CASE("a request without a host is refused, but for the open paths") {
  auto visit = get();
  visit.has_host = false;
  CHECK_FALSE(in(visit));
  visit.open_path = true;
  CHECK(in(visit));
  visit = get("10.0.0.7:1543");
  CHECK_FALSE(in(visit));
  visit.open_path = true;
  CHECK(in(visit));
}

TEST_CASE("an address to bind to is no name to be called by") {
  CHECK_FALSE(Door({{}, {}, "0.0.0.0"}).judge(get("0.0.0.0:1543")).allowed);
  CHECK_FALSE(Door({{}, {}, "::"}).judge(get("[::]:1543")).allowed);
  CHECK(Door({{}, {}, "::1"}).judge(get("[::1]:1543")).allowed);
  CHECK(Door({{}, {}, "2001:db8::5"}).judge(get("[2001:db8::5]:1543")).allowed);
  CHECK(Door({{}, {}, "box.example.org"}).judge(get("box.example.org:1543")).allowed);
}

TEST_CASE("an allowed host with a port of its own means the scheme's where none is sent") {
  const Door http({{"a.example.org:80"}, {}, "localhost"});
  CHECK(http.judge(get("a.example.org")).allowed);
  auto tls = get("a.example.org");
  tls.tls = true;
  CHECK_FALSE(http.judge(tls).allowed);
  CHECK(Door({{"a.example.org:443"}, {}, "localhost"}).judge(tls).allowed);
}

TEST_CASE("curl and Node send no origin, and come in") {
  auto visit = get();
  visit.method = "POST";
  CHECK(in(visit));
  visit.method = "GET";
  visit.websocket = true;
  CHECK(in(visit));
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
    CHECK_FALSE(door.judge(websocket(origin, host)).cors);
  }
  auto visit = websocket("https://localhost:1543");
  visit.tls = true;
  CHECK(in(visit));
  visit = websocket("https://localhost", "localhost:443");
  visit.tls = true;
  CHECK(in(visit));
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
    for (const auto& visit : {post(origin), websocket(origin)}) {
      const auto verdict = door.judge(visit);
      CHECK_FALSE(verdict.allowed);
      CHECK(verdict.flag == "--allow-origin " + normal);
      CHECK(Door({{}, {normal}, "localhost"}).judge(visit).allowed);
    }
  }
  for (const auto* method : {"OPTIONS", "PUT", "DELETE", "get", "BREW"}) {
    auto visit = post("https://evil.example");
    visit.method = method;
    CHECK_FALSE(in(visit));
  }
}

TEST_CASE("an origin that is none is refused whatever is asked") {
  for (const auto* origin :
       {"null", "NULL", "", "file://", "http://localhost:1543.evil.example",
        "http://localhost:1543@evil.example", "http://localhost:1543 https://evil.example",
        "https://evil.example, http://localhost:1543", "http://localhost:1543/", "localhost:1543",
        "https://app.example.org https://evil.example"}) {
    INFO(origin);
    auto looking = post(origin);
    looking.method = "GET";
    for (const auto& visit : {post(origin), websocket(origin), looking}) {
      const auto verdict = door.judge(visit);
      CHECK_FALSE(verdict.allowed);
      CHECK(verdict.flag.empty());
    }
  }
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
    for (const auto& visit : {post(origin), websocket(origin), preflight, looking}) {
      const auto verdict = door.judge(visit);
      CHECK(verdict.allowed);
      CHECK(verdict.cors);
    }
  }
  CHECK_FALSE(door.judge(post("https://app.example.org", "evil.example")).allowed);
}

TEST_CASE("a page that only looks, and says where it is, can't read the answer") {
  auto visit = post("http://localhost:3000");
  visit.method = "GET";
  CHECK(in(visit));
  CHECK_FALSE(door.judge(visit).cors);
  visit.sec_fetch_site = "same-site";
  CHECK(in(visit));
  visit.method = "POST";
  CHECK_FALSE(in(visit));
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
  auto visit = fetched("cross-site");
  visit.method = "POST";
  CHECK_FALSE(in(visit));
  visit = fetched("cross-site", "websocket");
  visit.websocket = true;
  CHECK_FALSE(in(visit));
  visit = fetched("cross-site");
  visit.origin = "https://evil.example";
  visit.has_origin = true;
  CHECK(door.judge(visit).flag == "--allow-origin https://evil.example");
  CHECK_FALSE(in(visit));
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

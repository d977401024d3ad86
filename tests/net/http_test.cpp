#include <fmt/core.h>
#include <signal.h>

#include <catch2/catch.hpp>

#include "base/json.h"
#include "base/percent.h"
#include "net/net.h"
#include "tests/support/servers.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;
using End = HttpResponse::End;

namespace {

const HttpServer& server() {
  ::signal(SIGPIPE, SIG_IGN);  // as the engine does
  static const HttpServer one;
  return one;
}

HttpResponse send(HttpRequest request, Duration within = 10s) {
  const auto net = load_net();
  REQUIRE(net);
  const auto loop = make_loop();
  const auto http = (*net)->http(*loop);
  request.deadline = loop->now() + within;
  HttpResponse response;
  int calls = 0;
  const Handle handle = http->send(std::move(request), [&](HttpResponse answer) {
    response = std::move(answer);
    ++calls;
  });
  CHECK(calls == 0);
  loop->run();
  CHECK(calls == 1);
  return response;
}

HttpRequest get(const std::string& path) {
  HttpRequest request;
  request.url = server().url(path);
  return request;
}

Value json(const HttpResponse& response) {
  REQUIRE(response.end == End::answered);
  auto parsed = parse_json(response.body);
  REQUIRE(parsed);
  return *parsed;
}

std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [known, value] : response.headers) {
    if (known == name) return value;
  }
  return "(none)";
}

int counter(const char* path) { return static_cast<int>(*json(send(get(path))).integer()); }

}  // namespace

TEST_CASE("a request arrives as it was meant: method, headers, body, no Expect, no form type") {
  struct Case {
    const char* method;
    bool has_body;
  };
  const auto c = GENERATE(values<Case>(
      {{"GET", false}, {"POST", true}, {"POST", false}, {"PUT", true}, {"PATCH", true}, {"DELETE", false}, {"GET", true}}));
  HttpRequest request = get("/echo?a=b%20c");
  request.method = c.method;
  request.headers = {{"X-Mine", "1"}, {"X-Empty", ""}};
  if (c.has_body) request.body = std::string("zero\0byte", 9) + std::string(5000, 'x');
  const Value got = json(send(request));
  CHECK(*got.find("method")->string() == c.method);
  CHECK(*got.find("path")->string() == "/echo?a=b%20c");
  CHECK(got.find("body")->string()->size() == (c.has_body ? 5009U : 0U));
  const Value& headers = *got.find("headers");
  CHECK(*headers.find("x-mine")->string() == "1");
  CHECK(*headers.find("x-empty")->string() == "");
  CHECK(headers.find("expect") == nullptr);
  CHECK(headers.find("content-type") == nullptr);
  CHECK(headers.find("authorization") == nullptr);
}

TEST_CASE("HEAD has no body, and every status is an answer") {
  HttpRequest request = get("/big/100000");
  request.method = "HEAD";
  const HttpResponse head = send(request);
  CHECK(head.end == End::answered);
  CHECK(head.body.empty());
  CHECK(header(head, "content-length") == "100000");
  const int status = GENERATE(200, 204, 304, 404, 417, 500, 503);
  const HttpResponse response = send(get(fmt::format("/status/{}", status)));
  CHECK(response.end == End::answered);
  CHECK(response.status == status);
}

TEST_CASE("headers come with lower-case names, repeated ones joined, interim ones forgotten") {
  const HttpResponse response = send(get("/headers"));
  CHECK(header(response, "x-twice") == "a, b");
  CHECK(header(response, "set-cookie") == "c=d");
  const HttpResponse interim = send(get("/interim"));
  CHECK(interim.status == 200);
  CHECK(interim.body == "late");
  CHECK(header(interim, "x-early") == "(none)");
}

TEST_CASE("a body is capped while it arrives") {
  HttpRequest request = get("/endless");
  const HttpResponse endless = send(request);
  CHECK(endless.end == End::answered);
  CHECK(endless.status == 200);
  CHECK(endless.capped);
  CHECK(endless.body.size() == std::size_t{8} << 20U);
  request = get("/big/1000");
  request.body_limit = 1000;
  CHECK_FALSE(send(request).capped);
  request.body_limit = 999;
  CHECK(send(request).capped);
}

TEST_CASE("the deadline holds against silence, trickle and a host that swallows packets") {
  const SilentPort silent;
  const std::string url = GENERATE_COPY(as<std::string>{}, server().url("/slow/30"), server().url("/trickle"), "silent");
  HttpRequest request;
  request.url = url == "silent" ? fmt::format("http://127.0.0.1:{}/", silent.port()) : url;
  const auto before = std::chrono::steady_clock::now();
  const HttpResponse response = send(request, 200ms);
  const auto took = std::chrono::steady_clock::now() - before;
  CHECK(response.end == End::timed_out);
  CHECK(took < 5s);  // not the thirty of the server
}

TEST_CASE("what breaks off is a failure with a reason, never an answer") {
  struct Case {
    const char* path;
    const char* why;
  };
  const auto c = GENERATE(
      values<Case>({{"/reset", "reset"}, {"/half", "broke off after 10 bytes"}, {"/half-headers", "within its headers"}}));
  const HttpResponse response = send(get(c.path));
  CHECK(response.end == End::failed);
  CHECK_THAT(response.why, Catch::Contains(c.why) && Catch::StartsWith("127.0.0.1:"));
}

TEST_CASE("where nobody listens, and names that do not exist, are failures that name host and reason") {
  HttpRequest request;
  request.url = "http://user:hidden@127.0.0.1:1/path?token=hidden";
  const HttpResponse refused = send(request);
  CHECK(refused.end == End::failed);
  CHECK(refused.why == "127.0.0.1:1: Connection refused");
  request.url = "http://no-such-host.invalid/";
  const HttpResponse unknown = send(request);
  CHECK(unknown.end == End::failed);
  CHECK_THAT(unknown.why, Catch::Contains("no-such-host.invalid"));
}

TEST_CASE("nothing is sent twice: not after 417, not after a reset") {
  const int before = counter("/count");
  HttpRequest request = get("/counted");
  request.method = "POST";
  request.body = std::string(2 << 20, 'x');
  CHECK(send(request).status == 200);  // 417 if it had come with Expect
  CHECK(counter("/count") == before + 1);
  request.url = server().url("/counted/reset");
  CHECK(send(request).end == End::failed);
  CHECK(counter("/count") == before + 2);
}

TEST_CASE("every request has a connection of its own") {
  const int before = counter("/connections");
  const auto loop = make_loop();
  const auto http = (*load_net())->http(*loop);
  for (int i = 1; i <= 3; ++i) {
    HttpRequest request = get("/connections");
    request.deadline = loop->now() + 10s;
    HttpResponse response;
    const Handle handle = http->send(std::move(request), [&](HttpResponse answer) { response = std::move(answer); });
    loop->run();
    CHECK(*json(response).integer() == before + i);
  }
}

TEST_CASE("redirects are followed only as often as was said, and only by GET and HEAD") {
  HttpRequest request = get("/redirect/302?to=/echo");
  CHECK(send(request).status == 302);
  request.redirects = 1;
  CHECK(*json(send(request)).find("path")->string() == "/echo");
  request.method = "POST";
  CHECK(send(request).status == 302);
  request = get("/loop");
  request.redirects = 5;
  CHECK(send(request).status == 302);
}

TEST_CASE("credentials never leave scheme, host and port") {
  static const HttpServer other;
  struct Case {
    std::string to;
    bool kept;
  };
  const auto c = GENERATE(values<Case>({{"/echo", true},
                                        {server().url("/echo"), true},
                                        {other.url("/echo"), false},
                                        {fmt::format("http://localhost:{}/echo", server().port()), false}}));
  HttpRequest request = get("/redirect/307?to=" + percent_encode(c.to));
  request.redirects = 3;
  request.headers = {
      {"Authorization", "Bearer secret"}, {"X-Api-Key", "secret"}, {"Cookie", "secret"}, {"Accept", "application/json"}};
  const HttpResponse response = send(request);
  const Value got = json(response);
  CHECK((response.body.find("secret") != std::string::npos) == c.kept);
  CHECK(*got.find("headers")->find("accept")->string() == "application/json");
}

TEST_CASE("a redirect leads to http and https only, and not to a forbidden address") {
  struct Case {
    const char* to;
    const char* why;
  };
  const auto c = GENERATE(values<Case>({{"file:///etc/passwd", "only http and https"},
                                        {"ftp://127.0.0.1/", "only http and https"},
                                        {"http://169.254.169.254/latest", "link-local"}}));
  HttpRequest request = get("/redirect/302?to=" + percent_encode(c.to));
  request.redirects = 1;
  const HttpResponse response = send(request);
  CHECK(response.end == End::impossible);
  CHECK_THAT(response.why, Catch::Contains(c.why));
}

TEST_CASE("link-local and metadata addresses are refused however they are written") {
  const auto host =
      GENERATE(as<std::string>{}, "169.254.169.254", "169.254.0.1", "0xA9FEA9FE", "2852039166", "0251.0376.0251.0376",
               "[fe80::1]", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "user@169.254.169.254");
  HttpRequest request;
  request.url = "http://" + host + "/latest/meta-data/";
  SECTION("directly") {}
  SECTION("through a proxy") { request.proxies.http = server().url(""); }
  const HttpResponse response = send(request);
  CHECK(response.end == End::impossible);
  CHECK_THAT(response.why, Catch::Contains("link-local or metadata"));
}

TEST_CASE("a connection may allow link-local addresses") {
  HttpRequest request;
  request.url = "http://169.254.169.254/";
  request.link_local = HttpRequest::LinkLocal::allowed;
  const HttpResponse response = send(request, 300ms);
  CHECK(response.end != End::impossible);  // whatever answers there, or does not
}

TEST_CASE("what cannot be sent is refused before anything is") {
  struct Case {
    const char* url;
    const char* name;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({{"file:///etc/passwd", "A", "b"},
                                        {"gopher://x/", "A", "b"},
                                        {"http://", "A", "b"},
                                        {"no url", "A", "b"},
                                        {"http://127.0.0.1/a b", "A", "b"},
                                        {"http://127.0.0.1/\r\nX: y", "A", "b"},
                                        {"http://127.0.0.1/", "A", "b\r\nX-Evil: 1"},
                                        {"http://127.0.0.1/", "A\nB", "c"},
                                        {"http://127.0.0.1/", "", "c"}}));
  HttpRequest request;
  request.url = c.url;
  request.headers = {{c.name, c.value}};
  const HttpResponse response = send(request);
  CHECK(response.end == End::impossible);
  CHECK_FALSE(response.why.empty());
}

TEST_CASE("proxies are those given, and no others") {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  CHECK(send(get("/echo")).end == End::answered);
  ::unsetenv("http_proxy");
  HttpRequest request;
  request.url = "http://service.corp/path";
  request.proxies.http = server().url("");
  request.headers = {{"X-Mine", "1"}};
  CHECK(*json(send(request)).find("proxied")->string() == "http://service.corp/path");
  request.url = server().url("/echo");
  request.proxies.except = "127.0.0.1";
  CHECK(json(send(request)).find("proxied") == nullptr);
}

TEST_CASE("TLS is verified, against the given authority where there is one") {
  const std::string& folder = certificates();
  const HttpServer secure({folder + "/server.pem", folder + "/server.key"});
  HttpRequest request;
  request.url = secure.url("/echo", "https");
  const HttpResponse untrusted = send(request);
  CHECK(untrusted.end == End::failed);
  CHECK_THAT(untrusted.why, Catch::Contains("certificate"));
  request.ca = folder + "/ca.pem";
  CHECK(send(request).status == 200);
  request.url = fmt::format("https://localhost.localdomain.invalid:{}/", secure.port());
  CHECK(send(request).end == End::failed);
  request.url = fmt::format("https://127.0.0.2:{}/echo", secure.port());  // not in the certificate, or not listening
  CHECK(send(request).end == End::failed);
}

TEST_CASE("nothing leaves before it was allowed to, and what never left is known not to have") {
  HttpRequest request = get("/counted");
  request.method = "POST";
  bool asked = false;
  request.before_sending = [&asked] {
    asked = true;
    return false;
  };
  const auto before = send(get("/count")).body;
  const HttpResponse stopped = send(request);
  CHECK(asked);
  CHECK(stopped.end == End::failed);
  CHECK_FALSE(stopped.sent);
  CHECK(send(get("/count")).body == before);

  asked = false;
  request.url = "http://127.0.0.1:1/";
  CHECK_FALSE(send(request).sent);
  CHECK_FALSE(asked);
  const std::string& folder = certificates();
  const HttpServer secure({folder + "/server.pem", folder + "/server.key"});
  request.url = secure.url("/echo", "https");  // not trusted
  CHECK_FALSE(send(request).sent);
  CHECK_FALSE(asked);
  request.before_sending = nullptr;
  request.url = server().url("/reset");
  CHECK(send(request).sent);
}

TEST_CASE("a client certificate is shown where one is asked for") {
  const std::string& folder = certificates();
  const HttpServer secure({folder + "/server.pem", folder + "/server.key", folder + "/ca.pem"});
  HttpRequest request;
  request.url = secure.url("/echo", "https");
  request.ca = folder + "/ca.pem";
  CHECK(send(request).end == End::failed);
  request.certificate = folder + "/client.pem";
  request.key = folder + "/client.key";
  CHECK(send(request).status == 200);
}

TEST_CASE("two hundred requests at once all answer, and the loop then ends") {
  server();
  const auto net = load_net();
  REQUIRE(net);
  const auto loop = make_loop();
  const auto http = (*net)->http(*loop);
  std::vector<Handle> handles;
  int answered = 0;
  for (int i = 0; i < 200; ++i) {
    HttpRequest request = get("/echo");
    request.deadline = loop->now() + 30s;
    handles.push_back(http->send(request, [&](HttpResponse response) { answered += response.status == 200; }));
  }
  loop->run();
  CHECK(answered == 200);
}

TEST_CASE("a dropped request calls nobody, and client and loop may go with requests in flight") {
  const auto net = load_net();
  REQUIRE(net);
  const auto loop = make_loop();
  {
    const auto http = (*net)->http(*loop);
    HttpRequest request = get("/slow/5");
    request.deadline = loop->now() + 30s;
    Handle dropped = http->send(request, [](HttpResponse) { FAIL("a dropped request answered"); });
    const Handle held = http->send(request, [](HttpResponse) { FAIL("answered"); });
    const Timer timer = loop->at(loop->now() + 100ms, [&] {
      dropped.reset();
      loop->stop();
    });
    loop->run();
  }
  loop->run();
}

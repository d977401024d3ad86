#include "action/http.h"

#include <fmt/core.h>

#include "action/http_request.h"
#include "base/json.h"
#include "tests/action/network_attempt.h"
#include "tests/support/servers.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;

namespace {

const HttpServer& server() {
  static const HttpServer one;
  return one;
}

AttemptResult run(NetworkAttempt attempt) {
  const auto executor = make_http_executor(-1);
  return attempt.run(*executor);
}

AttemptResult get(const std::string& path) { return run({.fields = {{"get", server().url(path)}}}); }

std::vector<std::string> codes_of(const Fields& fields) {
  Diagnostics wrong;
  http_kind.check(fields, {}, wrong);
  std::vector<std::string> codes;
  for (const Diagnostic& each : wrong) codes.push_back(each.code);
  return codes;
}

std::string url_of(const Record& fields, const Record& connection = {}) {
  const auto loop = make_loop();
  AttemptContext context(*loop);
  context.run = "run";
  context.step = "step";
  context.fields = fields;
  context.connection = connection;
  const auto request = make_request(context);
  return request ? request->url : request.error();
}

}  // namespace

TEST_CASE("an http attempt gives status, headers, text and duration") {
  const AttemptResult result = get("/echo");
  CHECK(result.outcome == Outcome::completed);
  CHECK(result.result.at("status") == Value(200));
  CHECK(*result.result.at("headers").find("content-type") == Value("application/json"));
  CHECK(parse_json(*result.result.at("text").string()));
  CHECK(result.result.at("duration").duration() != nullptr);
  CHECK(result.unreadable.empty());
  CHECK(result.remark.empty());
  CHECK(get("/status/503").result.at("status") == Value(503));
}

TEST_CASE("without an answer everything is unreadable, with the reason, so that no condition can hold") {
  const auto url = GENERATE(as<std::string>{}, "http://127.0.0.1:1/", "http://no-such-host.invalid/", server().url("/reset"),
                            server().url("/half"));
  const AttemptResult result = run({.fields = {{"get", url}}});
  CHECK(result.outcome == Outcome::completed);
  for (const auto* name : {"status", "headers", "text"}) {
    CHECK_FALSE(result.result.contains(name));
    CHECK(result.unreadable.at(name) == result.remark);
  }
  CHECK_FALSE(result.remark.empty());
}

TEST_CASE("an answer of more than 8 MiB has a status and no text") {
  const AttemptResult result = get("/endless");
  CHECK(result.outcome == Outcome::completed);
  CHECK(result.result.at("status") == Value(200));
  CHECK_FALSE(result.result.contains("text"));
  CHECK(result.unreadable.at("text") == "capped at 8 MiB");
}

TEST_CASE("the deadline, a stop and a timeout end an http attempt") {
  const Record slow{{"get", server().url("/slow/30")}};
  CHECK(run({.fields = slow, .within = 200ms}).outcome == Outcome::timed_out);
  CHECK(run({.fields = slow, .cancel_after = std::pair{100ms, CancelReason::stop}}).outcome == Outcome::cancelled);
  CHECK(run({.fields = slow, .cancel_after = std::pair{100ms, CancelReason::timeout}}).outcome == Outcome::timed_out);
  CHECK(run({.fields = slow, .within = -1s}).outcome == Outcome::timed_out);
}

TEST_CASE("what can never be sent could not start") {
  struct Case {
    Record fields;
    std::string remark;
  };
  const auto c = GENERATE(values<Case>({
      {{{"get", "ftp://127.0.0.1/"}}, "does not begin with http"},
      {{{"get", "http://169.254.169.254/"}}, "link-local"},
      {{{"get", "http://127.0.0.1/"}, {"headers", map_of({{"X", "a\r\nY: b"}})}}, "line break"},
      {{{"get", "http://127.0.0.1/"}, {"query", map_of({{"q", Value()}})}}, "query.q"},
  }));
  const AttemptResult result = run({.fields = c.fields});
  CHECK(result.outcome == Outcome::could_not_start);
  CHECK_THAT(result.remark, Catch::Contains(c.remark));
}

TEST_CASE("a request that only reads runs in the engine, whatever its verb") {
  CHECK(run({.fields = {{"post", server().url("/echo")}}}).outcome == Outcome::completed);  // changes: none
  CHECK(run({.fields = {{"get", server().url("/echo")}}, .recovered = true}).outcome == Outcome::not_started);
}

TEST_CASE("bodies are typed JSON or text, and say so") {
  const Value body = map_of({{"n", 7}, {"half", 0.5}, {"yes", true}, {"text", "a\"b"}, {"none", Value()}});
  const AttemptResult json = run({.fields = {{"post", server().url("/echo")}, {"json", body}}});
  const Value got = *parse_json(*json.result.at("text").string());
  CHECK(*parse_json(*got.find("body")->string()) == body);
  CHECK(*got.find("headers")->find("content-type") == Value("application/json"));
  const AttemptResult text =
      run({.fields = {{"put", server().url("/echo")}, {"text", "안녕"}, {"headers", map_of({{"content-TYPE", "text/csv"}})}}});
  const Value echoed = *parse_json(*text.result.at("text").string());
  CHECK(*echoed.find("body") == Value("안녕"));
  CHECK(*echoed.find("headers")->find("content-type") == Value("text/csv"));
}

TEST_CASE("a connection gives the base, headers that the step may override, and trust") {
  const std::string& folder = certificates();
  const HttpServer secure({folder + "/server.pem", folder + "/server.key"});
  const Record connection{{"url", secure.url("/echo/", "https")},
                          {"ca", folder + "/ca.pem"},
                          {"headers", map_of({{"Authorization", "Bearer secret"}, {"X-Who", "connection"}})}};
  const AttemptResult result =
      run({.fields = {{"get", "/deep"}, {"headers", map_of({{"x-who", "step"}})}}, .connection = connection});
  INFO(result.remark);
  REQUIRE(result.result.contains("text"));
  const Value got = *parse_json(*result.result.at("text").string());
  CHECK(*got.find("path") == Value("/echo/deep"));
  CHECK(*got.find("headers")->find("authorization") == Value("Bearer secret"));
  CHECK(*got.find("headers")->find("x-who") == Value("step"));
}

TEST_CASE("redirects are off unless asked for") {
  const Value url = server().url("/redirect/302?to=/echo");
  CHECK(run({.fields = {{"get", url}}}).result.at("status") == Value(302));
  CHECK(run({.fields = {{"get", url}, {"redirects", 3}}}).result.at("status") == Value(200));
}

TEST_CASE("the step's environment names the proxies, the connection goes before it") {
  const std::string proxy = server().url("");
  const auto proxied = [&](std::vector<std::pair<std::string, std::string>> environment, Record connection = {}) {
    if (!connection.empty()) connection["url"] = "http://service.corp";
    const Value url = connection.empty() ? "http://service.corp/x" : "/x";
    const AttemptResult result = run({.fields = {{"get", url}}, .connection = connection, .environment = std::move(environment)});
    return result.result.contains("text") && result.result.at("text").string()->find("proxied") != std::string::npos;
  };
  CHECK(proxied({{"http_proxy", proxy}}));
  CHECK(proxied({{"ALL_PROXY", proxy}}));
  CHECK_FALSE(proxied({{"HTTP_PROXY", proxy}}));
  CHECK_FALSE(proxied({{"http_proxy", proxy}, {"no_proxy", ".corp"}}));
  CHECK(proxied({{"http_proxy", "http://127.0.0.1:1"}}, {{"proxy", proxy}}));
}

TEST_CASE("values of the query are encoded, whatever they hold") {
  CHECK(url_of({{"get", "http://h/p"}, {"query", map_of({{"q", "a&b=c d/%?#\r\n한"}, {"n", 5}})}}) ==
        "http://h/p?n=5&q=a%26b%3Dc%20d%2F%25%3F%23%0D%0A%ED%95%9C");
  CHECK(url_of({{"get", "http://h/p?a=1#top"}, {"query", map_of({{"b", Value::List{Value("x"), Value(true)}}})}}) ==
        "http://h/p?a=1&b=x&b=true#top");
}

TEST_CASE("a path never leaves its base") {
  const Record base{{"url", "https://h:8443/api/"}};
  CHECK(url_of({{"get", "/v1"}}, base) == "https://h:8443/api/v1");
  CHECK(url_of({{"get", "v1"}}, base) == "https://h:8443/api/v1");
  CHECK(url_of({{"get", ""}}, base) == "https://h:8443/api");
  CHECK(url_of({{"get", "?q=1"}}, base) == "https://h:8443/api?q=1");
  CHECK(url_of({{"get", "@evil.example"}}, base) == "https://h:8443/api/@evil.example");
  CHECK(url_of({{"get", "//evil.example"}}, base) == "https://h:8443/api//evil.example");
  CHECK_THAT(url_of({{"get", "HTTPS://evil.example/"}}, base), Catch::Contains("stay with its host"));
  CHECK_THAT(url_of({{"get", "/x"}}, {{"url", "h/api"}}), Catch::Contains("does not begin"));
}

TEST_CASE("the keys of http are checked together") {
  const Field url = literal("https://h/");
  CHECK(codes_of({{"get", url}}).empty());
  CHECK(codes_of({{"base", literal("api")}, {"get", literal("/v1")}}).empty());
  CHECK(codes_of({}) == std::vector<std::string>{"RB620"});
  CHECK(codes_of({{"get", url}, {"post", url}}) == std::vector<std::string>{"RB621"});
  CHECK(codes_of({{"post", url}, {"json", literal(1)}, {"text", literal("x")}}) == std::vector<std::string>{"RB622"});
  for (const char* json : {R"({"a": 1})", " [1, 2]\n", R"({"tag": "${vars.tag}"})"})
    CHECK(codes_of({{"post", url}, {"json", literal(json)}}) == std::vector<std::string>{"RB626"});
  for (const char* json : {"a", "", "{", "{a}", "[1"}) CHECK(codes_of({{"post", url}, {"json", literal(json)}}).empty());
  CHECK(codes_of({{"post", url}, {"redirects", literal(1)}}) == std::vector<std::string>{"RB623"});
  CHECK(codes_of({{"get", literal("/v1")}}) == std::vector<std::string>{"RB624"});
  CHECK(codes_of({{"base", literal("api")}, {"get", url}}) == std::vector<std::string>{"RB625"});
  CHECK(http_kind.effect({{"head", url}}) == Effect::reads);
  CHECK(http_kind.effect({{"delete", url}}) == Effect::changes);
  CHECK(http_kind.describe({{"base", "api"}, {"get", "/v1"}}) == "GET api: /v1");
}

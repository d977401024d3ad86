// `notify`: whoever is not there is told; a channel that is dead costs a line, and nothing else.
#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/json.h"
#include "tests/e2e/shown_run.h"
#include "tests/support/servers.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

std::string with_channels(const std::string& channels, const std::string& rest) {
  return std::string("runbook: 1\nid: a\ntitle: 결제 <롤백>\nsecrets: { token: { env: HOOK_TOKEN } }\nnotify:\n") + channels +
         rest;
}

// What the server was told at this path, in order.
std::vector<Value> told_at(const HttpServer& web, const std::string& path) {
  const auto all = parse_json(output_of("curl -sS " + web.url("/requests")));
  REQUIRE(all);
  std::vector<Value> out;
  for (const auto& one : *all->list())
    if (*one.find("path")->string() == path) out.push_back(one);
  return out;
}
Value body_of(const Value& request) {
  const auto body = parse_json(*request.find("body")->string());
  REQUIRE(body);
  return *body;
}

}  // namespace

TEST_CASE("what a run waits for, its failure and its end are told, as JSON and for Slack, with what to type") {
  const HttpServer web;
  Workplace w;
  w.environment["HOOK_TOKEN"] = "s3cret-token";
  w.write("a.yaml",
          with_channels("  - { url: '" + web.url("/status/200?json") +
                            "', format: json, headers: { Authorization: 'Bearer ${secrets.token}' } }\n" + "  - { url: '" +
                            web.url("/status/200?slack=${secrets.token}") + "', tell: [waiting, finished] }\n",
                        R"(
steps:
  - { id: go, approve: "Shall we?", timeout: 1h }
  - { id: breaks, shell: 'echo lost >&2; exit 3', changes: a file }
)"));
  CHECK_THAT(w.runbook({"run", "a.yaml", "--plan", "--no-checks"}).out,
             Contains("NOTIFY  json: waiting, failed, in_doubt, finished -> " + web.url("/status/200?json")) &&
                 Contains("slack: waiting, finished") && !Contains("s3cret"));
  const auto waits = w.runbook({"run", "a.yaml"});
  INFO(waits.err);
  CHECK(waits.code == 7);
  auto json = told_at(web, "/status/200?json");
  REQUIRE(json.size() == 1);
  CHECK(*json[0].find("authorization")->string() == "Bearer s3cret-token");
  const auto first = body_of(json[0]);
  CHECK(*first.find("what")->string() == "waiting");
  CHECK(*first.find("step")->string() == "go");
  CHECK_THAT(to_json(*first.find("commands")), Contains("runbook approve"));
  auto slack = told_at(web, "/status/200?slack=s3cret-token");
  REQUIRE(slack.size() == 1);
  CHECK_THAT(*body_of(slack[0]).find("text")->string(),
             Contains("*결제 &lt;롤백&gt;* go: waits for a person") && Contains("Shall we?"));

  CHECK(w.runbook({"approve", "@last", "go"}).code == 0);
  const auto failed = w.runbook({"resume", "@last"});
  INFO(failed.err);
  CHECK(failed.code == 5);
  json = told_at(web, "/status/200?json");
  REQUIRE(json.size() == 3);
  CHECK(*body_of(json[1]).find("what")->string() == "failed");
  CHECK_THAT(*body_of(json[1]).find("text")->string(), Contains("breaks failed: exit == 0: 3 == 0"));
  CHECK(*body_of(json[2]).find("what")->string() == "finished");
  CHECK(*body_of(json[2]).find("status")->string() == "failed");
  CHECK(*body_of(json[2]).find("open")->boolean());
  CHECK_THAT(to_json(*body_of(json[2]).find("commands")), Contains("runbook resume"));
  slack = told_at(web, "/status/200?slack=s3cret-token");
  REQUIRE(slack.size() == 2);  // `failed` is not among what it wants to hear

  CHECK(w.runbook({"stop", "@last", "--reason", "enough"}).code == 0);
  CHECK(told_at(web, "/status/200?json").size() == 4);
  CHECK(told_at(web, "/status/200?slack=s3cret-token").size() == 3);
  const auto shown = w.runbook({"report", "@last"}).out;
  CHECK_THAT(shown, Contains("notify/1 was told"));
  CHECK(w.shell("grep -rl s3cret-token .").out.empty());
}

TEST_CASE("a dead channel stops nothing, and is shown") {
  const HttpServer web;
  const SilentPort silent;
  Workplace w;
  const int which = GENERATE(0, 1, 2, 3);
  const std::vector<std::string> urls{"http://127.0.0.1:9/hook", web.url("/status/404"), web.url("/status/503"),
                                      "http://127.0.0.1:" + std::to_string(silent.port()) + "/hook"};
  const auto& url = urls[static_cast<std::size_t>(which)];
  INFO(url);
  w.environment["HOOK_TOKEN"] = "x";
  w.write("a.yaml", with_channels("  - { url: '" + url + "' }\n", R"(
steps:
  - { id: one, shell: 'echo one >> log; exit 1', on_fail: continue, changes: log }
  - { id: two, needs: [], shell: echo two >> log, changes: log }
)"));
  const auto ran = w.runbook({"run", "a.yaml"});
  INFO(ran.err);
  CHECK_THAT(w.read("log"), Contains("one") && Contains("two"));
  CHECK_THAT(ran.err, Contains("notify/1 could not be told (its end)"));
  CHECK(ran.code == 0);  // that of the run without any channel
  // What would be answered the same again is not tried again; a busy server is, twice.
  if (which == 1) CHECK(told_at(web, "/status/404").size() == 1);
  if (which == 2) CHECK(told_at(web, "/status/503").size() == 3);
}

TEST_CASE("what was not told before the engine died is told by the next; what was told is not told again") {
  const HttpServer web;
  Workplace w;
  w.environment["HOOK_TOKEN"] = "x";
  w.write("a.yaml", with_channels("  - { url: '" + web.url("/hold/hook") + "', format: json }\n", R"(
steps:
  - { id: breaks, shell: exit 1, changes: a file, rerun: safe }
)"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return !told_at(web, "/hold/hook").empty(); }, "the first notice to be on its way");
  engine.signal(SIGKILL);  // the server has it, and the engine has no answer
  engine.wait();
  output_of("curl -sS " + web.url("/release/hook"));
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 5);
  std::vector<std::string> what;
  for (const auto& one : told_at(web, "/hold/hook")) what.push_back(*body_of(one).find("what")->string());
  const auto ends = std::count(what.begin(), what.end(), "finished");
  CHECK(std::count(what.begin(), what.end(), "failed") >= 2);  // once more, because nobody knew
  CHECK(ends >= 1);
  const auto before = what.size();
  CHECK(w.runbook({"note", "@last", "seen"}).code == 0);
  CHECK(w.runbook({"stop", "@last"}).code == 0);
  CHECK(told_at(web, "/hold/hook").size() == before + 1);  // that it was closed
}

TEST_CASE("who was not told of the end of a run that is closed is told by `resume`") {
  const HttpServer web;
  Workplace w;
  w.environment["HOOK_TOKEN"] = "x";
  w.write("a.yaml", with_channels("  - { url: '" + web.url("/hold/hook") + "', format: json }\n",
                                  "steps: [{ id: a, shell: 'true', changes: none }]\n"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return told_at(web, "/hold/hook").size() == 1; }, "the notice to be on its way");
  engine.signal(SIGKILL);
  engine.wait();
  output_of("curl -sS " + web.url("/release/hook"));
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(told_at(web, "/hold/hook").size() == 2);
  CHECK_THAT(w.runbook({"resume", "@last"}).err, Contains("has ended"));
  CHECK(told_at(web, "/hold/hook").size() == 2);
}

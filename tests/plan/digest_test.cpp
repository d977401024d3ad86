// The digest: the same for the same run, another for another.
#include <algorithm>

#include "base/json.h"
#include "plan/plan_value.h"
#include "planning.h"

namespace runbook::testing {
namespace {

const std::string part = "runbook: 1\nvars: { n: { type: int, default: 1 } }\nsteps: [{ id: s, shell: ls, changes: none }]\n";
const std::string whole = R"(runbook: 1
requires: { env: [DB] }
vars: { tag: { type: string, default: v1 } }
secrets: { token: { env: TOKEN } }
connections: { api: { url: "http://x", headers: { A: "${secrets.token}" } } }
steps:
  - { id: a, shell: 'echo "$tag"', changes: none, env: { T: "${secrets.token}" } }
  - { id: b, http: { base: api, get: "/${vars.tag}/${env.DB}" } }
  - { id: u, use: part.yaml }
)";

std::string digest_of(
    const std::string& text, const std::function<void(Inputs&)>& change = [](Inputs&) {}, const std::string& used = part) {
  Inputs inputs = inputs_of("runbook.yaml");
  inputs.environment = {{"DB", "reports"}, {"TOKEN", "secret-1"}, {"HOME", "/home/kim"}};
  change(inputs);
  return plan_of(files_in({{"runbook.yaml", text}, {"part.yaml", used}}), inputs).digest;
}

}  // namespace

TEST_CASE("the same files and inputs have the same digest, however the file was named") {
  const std::string digest = digest_of(whole);
  CHECK(digest.size() == 64);
  CHECK(digest_of(whole) == digest);
  CHECK(digest_of(whole, [](Inputs& i) { i.shown = "./runbook.yaml"; }) == digest);
  CHECK(digest_of(whole, [](Inputs& i) { i.shown = "../books/runbook.yaml"; }) == digest);
}

TEST_CASE("secrets and what no file names are not in the digest") {
  const std::string digest = digest_of(whole);
  CHECK(digest_of(whole, [](Inputs& i) { i.environment["TOKEN"] = "secret-2"; }) == digest);
  CHECK(digest_of(whole, [](Inputs& i) { i.environment.erase("TOKEN"); }) == digest);
  CHECK(digest_of(whole, [](Inputs& i) { i.environment["HOME"] = "/root"; }) == digest);
}

TEST_CASE("a variable, a declared part of the environment, a byte of any file: another digest") {
  const std::string digest = digest_of(whole);
  std::vector<std::string> others{
      digest_of(whole, [](Inputs& i) { i.variables["tag"] = "v2"; }),
      digest_of(whole, [](Inputs& i) { i.variables["n"] = "2"; }),
      digest_of(whole, [](Inputs& i) { i.environment["DB"] = "other"; }),
      digest_of(whole + "# a remark\n"),
      digest_of(
          whole, [](Inputs&) {}, part + "# a remark\n"),
  };
  others.push_back(digest);
  std::sort(others.begin(), others.end());
  CHECK(std::unique(others.begin(), others.end()) == others.end());
}

TEST_CASE("a value that is given and equals the default is the same plan") {
  CHECK(digest_of(whole, [](Inputs& i) { i.variables["tag"] = "v1"; }) == digest_of(whole));
}

TEST_CASE("while answers are missing there is no digest") {
  const Plan plan = plan_of("vars: { tag: { type: string, ask: 어느 태그 } }\nsteps: [{ id: a, shell: ls, changes: none }]\n");
  CHECK(plan.digest.empty());
  CHECK(plan_value(plan).find("digest")->is_null());
}

TEST_CASE("a plan as a value says what every step does, and no secret") {
  const Plan plan = plan_of(R"(
id: value
title: 값
vars: { tag: { type: string, default: v1 } }
secrets: { token: { env: TOKEN } }
steps:
  - { id: a, title: "${vars.tag} 로", shell: deploy, changes: 이미지, env: { T: "${secrets.token}" }, expected: 1s..2s, timeout: 1m, confirm: web, rerun: safe, retry: { every: 1s, for: 2m },
      when: vars.tag != "", expect: exit == 0, outputs: { n: stdout }, on_fail: continue, undo: { shell: back } }
  - { id: b, shell: look, changes: none, hold: 3s }
)");
  const auto value = plan_value(plan);
  const Value& steps = *value.find("steps");
  REQUIRE(steps.list() != nullptr);
  CHECK(
      to_json((*steps.list())[0]) ==
      R"({"action":{"script":"deploy"},"changes":"이미지","confirm":"web","description":"deploy","env":{"T":"${secrets.token}"},"every":"1s","expect":"exit == 0","expected":"1s..2s","for":"2m",)"
      R"("kind":"shell","needs":[],"on_fail":"continue","outputs":{"n":"stdout"},"path":"a","reads":false,"rerun":"safe","role":"step","timeout":"1m","title":"v1 로","undo":{"script":"back"},"when":"vars.tag != \"\""})");
  CHECK(
      to_json((*steps.list())[1]) ==
      R"({"action":{"script":"look"},"changes":"none","description":"look","every":"5s","for":"5m3s","hold":"3s","kind":"shell","needs":["a"],"path":"b","reads":true,"role":"step","timeout":"5m","title":""})");
  CHECK(to_json(*value.find("critical_path")) == R"(["a","b"])");
  CHECK(to_json(*value.find("variables")) == R"({"tag":"v1"})");
  CHECK(*value.find("digest") == Value(plan.digest));
}

}  // namespace runbook::testing

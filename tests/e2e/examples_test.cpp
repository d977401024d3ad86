// The small examples: every file of examples/ is linted, listed and run here.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "tests/e2e/shown_run.h"
#include "tests/support/servers.h"
#include "tests/support/ssh_hosts.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(RUNBOOK_SOURCE_DIR) / "examples";

std::set<std::string> examples() {
  std::set<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") out.insert(entry.path().filename().string());
  return out;
}

Outcome run_example(const Workplace& w, const std::string& name, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"run", (folder / name).string(), "--no-input"});
  return w.runbook(more);
}

// Those that run as they are, with the flags they need.
const std::vector<std::pair<std::string, std::vector<std::string>>> plain{
    {"careful-change.yaml", {}},
    {"checks.yaml", {}},
    {"http.yaml", {}},
    {"order.yaml", {}},
    {"rolling-restart.yaml", {}},
    {"shell.yaml", {}},
    {"use.yaml", {}},
    {"used-parts.yaml", {}},
    {"variables.yaml", {"--var", "tag=v5.3.0"}},
};
// Those with a case of their own below.
const std::set<std::string> others{"deploy-or-go-back.yaml", "questions.yaml", "sql.yaml", "ssh.yaml",
                                   "tell-the-team.yaml",     "undo.yaml"};

}  // namespace

TEST_CASE("every example lints without a warning, says what it shows, is listed and has a test that runs it") {
  const Workplace w;
  const auto readme = read_file((folder / "README.md").string());
  std::set<std::string> tested = others;
  for (const auto& [name, flags] : plain) tested.insert(name);
  CHECK(tested == examples());
  for (const auto& name : examples()) {
    INFO(name);
    const auto linted = w.runbook({"lint", (folder / name).string()});
    CHECK(linted.out == "1 files, 0 errors, 0 warnings\n");
    const auto text = read_file((folder / name).string());
    CHECK(text.substr(text.find('\n') + 1, 6) == "--- # ");
    CHECK_THAT(readme, Contains("[" + name + "](" + name + ")"));
  }
}

TEST_CASE("an example runs") {
  for (const auto& [name, flags] : plain) {
    const Workplace w;
    const auto ran = run_example(w, name, flags);
    INFO(name << "\n" << ran.err);
    CHECK(ran.code == 0);
  }
}

TEST_CASE("the example of a rescue goes back, and needs no rescue for a version that works") {
  const Workplace w;
  CHECK(run_example(w, "deploy-or-go-back.yaml").code == 0);
  CHECK(ShownRun(w).status_of("release") == "rescued");
  CHECK(run_example(w, "deploy-or-go-back.yaml", {"--var", "version=v5.5.0"}).code == 0);
  CHECK(ShownRun(w).status_of("release") == "succeeded");
}

TEST_CASE("the secret of the example of variables is not shown") {
  const Workplace w;
  CHECK(run_example(w, "variables.yaml", {"--var", "tag=v5.3.0"}).code == 0);
  const auto logs = w.runbook({"logs", "@last"});
  CHECK_THAT(logs.out, Contains("token is ") && !Contains("not-for-eyes"));
  CHECK(run_example(w, "variables.yaml").code == 7);
  CHECK(run_example(w, "variables.yaml", {"--var", "tag=5"}).code == 3);
}

TEST_CASE("the example of questions waits, is answered, and ends") {
  const Workplace w;
  const auto waits = run_example(w, "questions.yaml", {"--confirm", "scale=scale", "--without", "announce"});
  CHECK(waits.code == 7);
  CHECK_THAT(waits.err, Contains("runbook confirm"));
  CHECK(w.runbook({"confirm", "@last", "look", "1"}).code == 0);
  CHECK(w.runbook({"confirm", "@last", "look", "2", "--answer", "12"}).code == 0);
  CHECK(w.runbook({"confirm", "@last", "look", "3", "--no", "--reason", "nobody is affected"}).code == 0);
  CHECK(w.runbook({"resume", "@last", "--no-input"}).code == 7);
  CHECK(w.runbook({"confirm", "@last", "size", "--answer", "4"}).code == 0);
  CHECK(w.runbook({"resume", "@last", "--no-input"}).code == 7);
  CHECK(w.runbook({"approve", "@last", "go"}).code == 0);
  const auto ended = w.runbook({"resume", "@last", "--no-input"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ShownRun(w).status_of("announce") == "skipped");
}

TEST_CASE("the example of undo changes its file and takes it back") {
  const Workplace w;
  w.write("file", "before\n");
  CHECK(run_example(w, "undo.yaml", {"--var", "file=" + w.path() + "/file"}).code == 0);
  CHECK(w.read("file") == "new\nonce\n");
  const auto undone = w.runbook({"undo", "@last", "--yes", "--no-input"});
  INFO(undone.err);
  CHECK(undone.code == 0);
  CHECK(w.read("file") == "before\n");
}

TEST_CASE("the example of notify tells how it ends, and ends well where nobody listens") {
  const HttpServer web;
  const Workplace w;
  const auto told = run_example(w, "tell-the-team.yaml", {"--var", "webhook=" + web.url("/status/200?hook")});
  INFO(told.err);
  CHECK(told.code == 0);
  CHECK_THAT(output_of("curl -sS " + web.url("/requests")), Contains("/status/200?hook") && Contains("succeeded"));
  CHECK(run_example(w, "tell-the-team.yaml").code == 0);
}

TEST_CASE("the example of SQL runs against a server") {
  Workplace w;
  for (const auto& [name, value] : PostgresServer::get().environment()) w.environment[name] = value;
  const auto ran = run_example(w, "sql.yaml");
  INFO(ran.err);
  CHECK(ran.code == 0);
}

TEST_CASE("the example of ssh runs on a host") {
  if (!SshHosts::impossible().empty()) {
    WARN("skipped: " << SshHosts::impossible());
    return;
  }
  Workplace w;
  const SshHosts hosts(w, 1);
  const auto ran = run_example(w, "ssh.yaml", {"--var", "host=h0"});
  INFO(ran.err);
  CHECK(ran.code == 0);
}

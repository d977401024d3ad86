// The users' four scenarios against the real system of examples/collector: from broken to proven good, and what may go
// wrong on the way. The demo is run as it is; the other cases share one sandbox.
#include <signal.h>
#include <sys/stat.h>

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>

#include "tests/support/command.h"

using namespace runbook::tests;
using Catch::Contains;

namespace {

const std::string source = RUNBOOK_SOURCE_DIR, built = RUNBOOK_BINARY_DIR;

class Sandbox {
 public:
  Sandbox() {
    ::chmod(place_.path().c_str(), 0711);  // the owner of the database passes through
    const auto up = place_.shell(command("up"));
    INFO(up.out << up.err);
    REQUIRE(up.code == 0);
    place_.shell("mkdir bin && cp '" + built + "'/runbook '" + built + "'/runbook-* bin/");
  }
  ~Sandbox() {
    if (std::system((command("down --delete") + " >/dev/null 2>&1").c_str()) != 0) WARN("the sandbox could not be taken down");
  }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // In the release repository, with the sandbox's environment and the program in PATH.
  std::string script(const std::string& text) const {
    return "set -euo pipefail\neval \"$(" + command("env") + ")\"\nexport PATH=" + place_.path() +
           "/bin:$PATH\ncd \"$RELEASE\"\n" + text;
  }
  Outcome sh(const std::string& text) const { return place_.shell(script(text)); }
  std::string value(const std::string& text) const {
    auto out = sh(text).out;
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
  }
  void damage(const std::string& what) const {
    const auto done = place_.shell(command("break " + what));
    INFO(done.out << done.err);
    REQUIRE(done.code == 0);
  }
  std::string revision() const {
    return value(R"(kubectl get deployment/collector -o jsonpath='{.metadata.annotations.deployment\.kubernetes\.io/revision}')");
  }
  std::string reports() const {
    return value(R"(psql -X -A -t -h "$DB_HOST" -U "$DB_USER" -d "$DB_NAME" -c 'SELECT count(*) FROM reports')");
  }
  const Workplace& place() const { return place_; }

 private:
  std::string command(const std::string& rest) const {
    return "bash '" + source + "/examples/collector/sandbox.sh' --dir " + place_.path() + "/s --programs '" + built + "' " + rest;
  }
  Workplace place_;
};

std::unique_ptr<Sandbox> shared;

Sandbox& sandbox() {
  if (!shared) shared = std::make_unique<Sandbox>();
  return *shared;
}

// Taken down while the test program is whole.
struct TakeDown : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testRunEnded(const Catch::TestRunStats&) override { shared.reset(); }
};
CATCH_REGISTER_LISTENER(TakeDown)

const std::string emergency =
    "runbook run runbooks/emergency-rollback.yaml --var base_url=$BASE_URL --var prometheus=$PROMETHEUS_URL --no-input";

}  // namespace

TEST_CASE("the demo brings each scenario from broken to proven good") {
  const std::string flags =
      GENERATE(as<std::string>(), "--scenario full-rollback", "--scenario database-restore", "--scenario rollout-undo",
               "--scenario emergency-rollback", "--scenario full-rollback --kill");
  const Workplace w;
  const auto ran = w.shell("bash '" + source + "/examples/demo.sh' --yes --programs '" + built + "' " + flags);
  INFO(flags << "\n" << ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out + ran.err, Contains("✓ health: ok, database connected"));
}

TEST_CASE("a precondition that does not hold changes nothing") {
  const auto before = sandbox().revision(), reports = sandbox().reports();
  const auto ran = sandbox().sh(
      "runbook run runbooks/full-rollback.yaml --var base_url=$BASE_URL --var prometheus=$PROMETHEUS_URL "
      "--var tag=v5.3.0 --var restore_data=true --var backup=backups/collector_nosuch.sql.gz --no-input");
  INFO(ran.err);
  CHECK(ran.code == 4);
  CHECK_THAT(ran.err, Contains("backup_exists"));
  CHECK(sandbox().revision() == before);
  CHECK(sandbox().reports() == reports);
}

TEST_CASE("after a failed smoke test and its repair, resume finishes and undoes nothing twice") {
  sandbox().damage("release");
  const int before = std::stoi(sandbox().revision());
  sandbox().sh(
      "cp scripts/smoke.sh /tmp/smoke.$$ && mv /tmp/smoke.$$ ../smoke.kept && printf '#!/bin/bash\\necho broken on purpose >&2\\nexit 1\\n' > scripts/smoke.sh");
  const auto ran = sandbox().sh(emergency);
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("broken on purpose"));
  sandbox().sh("cat ../smoke.kept > scripts/smoke.sh && rm ../smoke.kept");
  const auto resumed = sandbox().sh("runbook resume @last --no-input");
  INFO(resumed.err);
  // The smoke test may have changed something: whether it is run again is a person's decision.
  CHECK(resumed.code == 7);
  CHECK(sandbox().sh("runbook resolve @last smoke --as not-done --reason 'the script was repaired'").code == 0);
  const auto again = sandbox().sh("runbook resume @last --no-input");
  INFO(again.err);
  CHECK(again.code == 0);
  CHECK(std::stoi(sandbox().revision()) == before + 1);
}

TEST_CASE("an engine killed right after `kubectl rollout undo` was sent: the revision moves once") {
  const bool supervisor_too = GENERATE(false, true);
  INFO((supervisor_too ? "engine and supervisor" : "engine alone"));
  sandbox().damage("release");
  const int before = std::stoi(sandbox().revision());
  const auto& place = sandbox().place();
  // The real kubectl, which tells when the undo was sent and then takes its time.
  place.shell("rm -f sent go");
  place.write("wrapped/kubectl",
              "#!/bin/bash\nPATH=${PATH#*:}\nkubectl \"$@\" || exit\nif [ \"$1 $2\" = 'rollout undo' ]; then\n  echo $PPID > " +
                  place.path() + "/sent\n  until [ -e " + place.path() + "/go ]; do sleep 0.01; done\nfi\n",
              true);
  place.write("start.sh", sandbox().script("export PATH=" + place.path() + "/wrapped:$PATH\nexec " + emergency));
  place.shell("bash start.sh > engine.out 2> engine.err < /dev/null & echo $! > engine.pid");
  wait_until([&] { return place.read("sent").find('\n') != std::string::npos; }, "the undo to be sent");
  const pid_t engine = std::stoi(place.read("engine.pid"));
  ::kill(engine, SIGKILL);
  wait_until([&] { return !is_alive(engine); }, "the engine to be gone");
  if (supervisor_too) {
    const auto step = place.read("sent");
    place.shell("kill -KILL $(ps -o ppid= -p " + step.substr(0, step.size() - 1) + ")");
  } else {
    place.write("go", "");
  }
  const auto resumed = sandbox().sh("export PATH=" + place.path() + "/wrapped:$PATH\nrunbook resume @last --no-input");
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(std::stoi(sandbox().revision()) == before + 1);
  if (supervisor_too) CHECK_THAT(resumed.err, Contains("its probe finds the effect there"));
}

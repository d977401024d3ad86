// Steps whose children become root, as under sudo: their supervisor, an ordinary user's, may not signal them.
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook::tests;
using Catch::Contains;

namespace {

constexpr const char* ordinary = "65534";

// A step of an ordinary user's with a child that is root for half a minute, and a limit of half a second.
// `sleep` tells the children of different tests apart, which may run side by side.
Workplace& with_root_child(Workplace& w, const std::string& sleep) {
  w.write("a.yaml", runbook_of(R"(
steps:
  - id: hang
    shell: echo begun; ./as-root --reuid=0 )" +
                               sleep + R"(
    changes: time
    timeout: 500ms
)"));
  const auto made =
      w.shell(std::string("cp $(command -v setpriv) as-root && chmod 4755 as-root && chmod 755 . && mkdir state && chown ") +
              ordinary + " state");
  REQUIRE(made.code == 0);
  return w;
}

std::string as_ordinary(const std::string& arguments) {
  return std::string("setpriv --reuid=") + ordinary + " --clear-groups " + program() + " " + arguments;
}

bool can_be_two_users() {
  if (::geteuid() == 0) return true;
  WARN("skipped: only root can be two users");
  return false;
}

}  // namespace

TEST_CASE("a child that became root cannot be killed: the deadline holds, and the step is in doubt and names it") {
  if (!can_be_two_users()) return;
  Workplace w;
  const auto ran = with_root_child(w, "sleep 37").shell(as_ordinary("run a.yaml"));
  INFO(ran.err);
  CHECK(ran.code == 7);
  CHECK_THAT(ran.err, Contains("timed out, still alive") && Contains("sleep (root"));
  const auto resumed = w.shell(as_ordinary("resume @last"));
  CHECK(resumed.code == 7);
  w.shell("pkill -KILL -f 'sleep 37'");
}

TEST_CASE("where a control group is delegated, what became root is killed too") {
  if (!can_be_two_users()) return;
  Workplace w;
  const auto ran = with_root_child(w, "sleep 38")
                       .shell(R"(
group=/sys/fs/cgroup; [ -e $group/cgroup.controllers ] || group=$group/unified
group=$group/runbook-test-$$; mkdir $group || exit 99
chown )" + std::string(ordinary) +
                              R"( $group $group/cgroup.procs $group/cgroup.threads $group/cgroup.subtree_control
bash -c "echo \$\$ > $group/cgroup.procs; exec )" +
                              as_ordinary("run a.yaml") + R"("
code=$?; find $group -mindepth 1 -type d; rmdir $group; exit $code)");
  if (ran.code == 99) {
    WARN("skipped: no control group can be made here: " << ran.err);
    return;
  }
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("timed out"));
  CHECK(ran.out.empty());  // no group of a step is left
  CHECK(w.shell("pgrep -f 'sleep 38'").out.empty());
}

// Steps on other hosts, over real sshd in network namespaces: what they are given, what they give back, how they end.
#include <signal.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"
#include "tests/support/ssh_hosts.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

bool can_be_made() {
  if (!SshHosts::impossible().empty()) WARN("skipped: " << SshHosts::impossible());
  return SshHosts::impossible().empty();
}

}  // namespace

TEST_CASE("a script on another host is given values as values, and gives back what a shell step gives") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  w.environment["FROM_HERE"] = "must not travel";
  const auto ran = run(w, R"yaml(
vars:
  hostile: { type: string, default: "따옴표 ' \" `touch bad1` $(touch bad2)\n둘째 줄 \\ !! %h" }
  machine: { type: string, default: h0 }
env: { SET: "fixed" }
preconditions:
  - { id: there, ssh: { host: h0, script: 'test -d /' } }
steps:
  - id: give
    ssh:
      host: ${vars.machine}
      script: |
        printf '%s' "$hostile" > "$XDG_STATE_HOME/value"
        printf '{"ok": true, "set": "%s", "here": "%s", "home": "%s"}' "$SET" "${FROM_HERE:-}" "$PWD"
        echo warning >&2
    changes: a file there
    expect: exit == 0 && json.ok && json.set == "fixed" && json.here == "" && stderr == "warning\n"
    outputs: { home: json.home }
  - id: look
    ssh: { host: h0, script: 'cat "$XDG_STATE_HOME/value"', user: root }
    changes: none
    expect: stdout == vars.hostile && size(lines) == 2 && duration < duration("5s")
  - id: inside
    cwd: /usr
    ssh: { host: h0, script: 'import os; print(os.getcwd())', interpreter: python3 }
    changes: none
    expect: stdout == "/usr\n"
success:
  - { id: good, ssh: { host: h0, script: 'echo yes' }, expect: 'lines[0] == "yes"' }
)yaml");
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  const ShownRun shown(w);
  CHECK(shown.status() == "succeeded");
  CHECK(w.read("h0/value") == "따옴표 ' \" `touch bad1` $(touch bad2)\n둘째 줄 \\ !! %h");
  CHECK(w.runbook({"logs", "@last", "give"}).out.find("\"ok\": true") != std::string::npos);
}

TEST_CASE("an exit status of the script is its own, also ssh's 255, and its process is ended there at the deadline") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  const auto ran = run(w, R"yaml(
steps:
  - { id: odd, ssh: { host: h0, script: 'exit 255' }, changes: none, expect: exit == 255 }
  - { id: unset, ssh: { host: h0, script: 'echo $no_such; echo on' }, changes: none, expect: exit != 0 && stdout == "" }
  - id: long
    ssh: { host: h0, script: 'trap "echo asked > $XDG_STATE_HOME/asked; exit 3" TERM; echo begun; sleep 600 & wait' }
    timeout: 1s
    changes: nothing much
)yaml");
  INFO(ran.out << ran.err);
  CHECK(ran.code == 5);
  const ShownRun shown(w);
  CHECK(shown.status_of("odd") == "succeeded");
  CHECK_THAT(shown.why("long"), Contains("timed out"));
  CHECK(w.read("h0/asked") == "asked\n");
}

TEST_CASE("a probe, an undo and a retried check work on another host") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  const auto ran = run(w, R"yaml(
steps:
  - id: put
    ssh: { host: h0, script: 'echo x >> "$XDG_STATE_HOME/put"' }
    changes: a file there
    undo: { ssh: { host: h0, script: 'rm "$XDG_STATE_HOME/put"' }, changes: takes it away }
    probe: { ssh: { host: h0, script: 'test -e "$XDG_STATE_HOME/put"' }, expect: exit == 0 }
  - id: wait
    ssh: { host: h0, script: 'echo x >> "$XDG_STATE_HOME/tries"; wc -l < "$XDG_STATE_HOME/tries"' }
    changes: none
    retry: { every: 10ms, for: 1m }
    expect: int(lines[0].trim()) >= 3
  - { id: fail, shell: exit 1, changes: none }
)yaml");
  INFO(ran.out << ran.err);
  CHECK(ran.code == 5);
  CHECK(w.read("h0/put") == "x\n");
  CHECK(w.read("h0/tries") == "x\nx\nx\n");
  const auto undone = w.runbook({"undo", "@last", "--yes"});
  INFO(undone.out << undone.err);
  CHECK(!w.has("h0/put"));
}

TEST_CASE("Ctrl-C reaches the command on its host; twice kills it") {
  if (!can_be_made()) return;
  const bool twice = GENERATE(false, true);
  Workplace w;
  const SshHosts hosts(w, 1);
  w.write("a.yaml", runbook_of(R"yaml(
steps:
  - id: long
    ssh:
      host: h0
      script: |
        trap 'echo asked > "$XDG_STATE_HOME/asked"' TERM
        echo begun > "$XDG_STATE_HOME/begun"
        until [ -e "$XDG_STATE_HOME/asked" ] && [ -e "$XDG_STATE_HOME/go" ]; do sleep 0.02; done
        exit 3
    changes: something
)yaml"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.has("h0/begun"); }, "the command runs");
  engine.signal(SIGINT);
  wait_until([&] { return w.has("h0/asked"); }, "the command is asked to end");
  if (twice) engine.signal(SIGINT);
  else w.write("h0/go", "");
  const auto ended = engine.wait();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 130);
  CHECK(ShownRun(w).status_of("long") == "cancelled");
}

TEST_CASE("a secret reaches the script, and lies on no disk and in no command line, here or there") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  w.environment["TOKEN"] = "canary-4b1f09ac";
  const auto ran = run(w, R"yaml(
secrets: { token: { env: TOKEN } }
steps:
  - id: use
    ssh:
      host: h0
      script: |
        test "$KEY" = "canary-$(echo 4b1f09ac)"
        cat /proc/[0-9]*/cmdline > "$XDG_STATE_HOME/lines" 2>/dev/null || true  # processes end meanwhile
    env: { KEY: "${secrets.token}" }
    changes: a file there
)yaml");
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK(w.shell("grep -rl canary-4b1f09ac h0 .runbook state 2>/dev/null; true").out.empty());
}

TEST_CASE("what a login prints is skipped, and the program is put there once") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  w.write("login", "#!/bin/sh\necho x >> $XDG_STATE_HOME/logins\necho Welcome to RBHOST\nexec sh -c \"$SSH_ORIGINAL_COMMAND\"\n",
          true);
  hosts.stop_sshd(0);
  hosts.start_sshd(0, "ForceCommand " + w.path() + "/login");
  const char* text = "steps:\n  - { id: a, ssh: { host: h0, script: 'echo hi' }, changes: none, expect: stdout == \"hi\\n\" }\n";
  const auto first = run(w, text);
  INFO(first.out << first.err);
  CHECK(first.code == 0);
  CHECK(w.read("h0/logins") == "x\nx\nx\n");  // it is missing; it is put there; it speaks
  CHECK(run(w, text).code == 0);
  CHECK(w.read("h0/logins") == "x\nx\nx\nx\n");
  CHECK(w.shell("stat -c %a h0/runbook-host h0/runbook-host/supervisor-*").out == "700\n700\n");
}

TEST_CASE("a host that has nothing but a POSIX shell is enough") {
  if (!can_be_made()) return;
#ifdef __SANITIZE_ADDRESS__
  WARN("skipped: a sanitized supervisor is not static, and needs the libraries of its host");
  return;
#endif
  Workplace w;
  const SshHosts hosts(w, 1);
  hosts.own(R"sh(
mkdir -p root/bin root/proc root/dev root/state
cp "$(command -v busybox)" root/bin/busybox
for name in sh cat chmod mkdir mv rm uname wc; do ln -s busybox root/bin/$name; done
mount -t proc proc root/proc
touch root/dev/null
mount --bind /dev/null root/dev/null
)sh");
  w.write("login",
          "#!/bin/sh\nexec env -i PATH=/bin XDG_STATE_HOME=/state /usr/sbin/chroot " + w.path() +
              "/root /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"\n",
          true);
  hosts.stop_sshd(0);
  hosts.start_sshd(0, "ForceCommand " + w.path() + "/login");
  const auto ran = run(w, R"yaml(
vars: { value: { type: string, default: "그대로 $(x)" } }
steps:
  - id: put
    ssh: { host: h0, script: 'printf %s "$value" > /state/value; echo $0' }
    changes: a file there
    expect: 'lines[0].startsWith("/state/runbook-host/attempts/")'
)yaml");
  w.shell("umount root/dev/null root/proc");
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(w.read("root/state/value") == "그대로 $(x)");
}

TEST_CASE("what is wrong with a host is said at once, and nothing was done") {
  if (!can_be_made()) return;
  struct Case {
    const char *what, *before, *sshd, *says;
  };
  const auto c = GENERATE(values<Case>({
      {"host key unknown", ": > ssh/known_hosts", "", "its host key is not known or has changed"},
      {"permission denied", ": > ssh/authorized_keys", "", "it does not let this user in"},
      {"no such host", "sed -i 's/HostName.*/HostName no-such-host.invalid/' ssh/config", "", "no-such-host.invalid"},
      {"no room", "mkdir -p h0/runbook-host && mount -t tmpfs -o size=64k none h0/runbook-host", "", "No space left on device"},
      {"noexec", "mkdir -p h0/runbook-host && mount -t tmpfs -o noexec none h0/runbook-host", "", "Permission denied"},
      {"somebody else's folder", "mkdir -p h0/runbook-host/attempts && chown nobody h0/runbook-host/attempts", "", "cannot use"},
      {"no shell", "", "ForceCommand exec /no/such/shell", "No such file"},
  }));
  INFO(c.what);
  Workplace w;
  const SshHosts hosts(w, 1);
  hosts.own(std::string(c.before) + "\ntrue");
  hosts.stop_sshd(0);  // what it was started with it goes on seeing, mounts too
  hosts.start_sshd(0, c.sshd);
  const auto ran = run(w, "steps:\n  - { id: a, ssh: { host: h0, script: 'echo hi', unreachable: 20s }, changes: something }\n");
  w.shell("umount h0/runbook-host");
  INFO(ran.out << ran.err);
  CHECK(ran.code == 5);
  const ShownRun shown(w);
  CHECK_THAT(shown.why("a"), Contains(c.says));
  CHECK(shown.events("in_doubt").empty());
}

TEST_CASE("twenty hosts with ten steps each, twenty at once") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 20);
  std::string names;
  for (int host = 0; host < 20; ++host) names += (host == 0 ? "h" : ", h") + std::to_string(host);
  std::string text = "vars: { hosts: { type: list, default: [" + names +
                     "] } }\nsteps:\n  - id: all\n    for_each: vars.hosts\n    at_once: 20\n    steps:\n";
  for (int step = 0; step < 10; ++step)
    text += "      - { id: s" + std::to_string(step) + ", ssh: { host: '${item}', script: 'echo " + std::to_string(step) +
            " >> \"$XDG_STATE_HOME/log\"' }, changes: a file there }\n";
  const auto ran = run(w, text, {"--parallel", "20"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  for (int host = 0; host < 20; ++host) CHECK(w.read("h" + std::to_string(host) + "/log") == "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
}

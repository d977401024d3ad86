// The supervisor program run for real.
#include <sys/prctl.h>

#include "tests/supervisor/supervised_step.h"

using namespace runbook;
using namespace runbook::tests;

TEST_CASE("how a step ended is recorded as it was") {
  struct Case {
    const char* script;
    Ending ending;
    std::uint32_t code;
    const char* out;
    const char* err;
  };
  const auto c = GENERATE(values<Case>({
      {"true", Ending::exited, 0, "", ""},
      {"echo out; echo err >&2; exit 3", Ending::exited, 3, "out\n", "err\n"},
      {"exit 255", Ending::exited, 255, "", ""},
      {"kill -9 $$", Ending::signalled, 9, "", ""},
      {"kill -SEGV $$", Ending::signalled, 11, "", ""},
      {"printf 'no newline'", Ending::exited, 0, "no newline", ""},
      {"echo a > /dev/stdout; echo b > /dev/stderr; echo c", Ending::exited, 0, "a\nc\n", "b\n"},  // a file would be cut
      {"cat", Ending::exited, 0, "", ""},                                                          // stdin is /dev/null
  }));
  SupervisedStep step(c.script);
  const ExitRecord record = step.start().record();
  INFO(c.script);
  CHECK(record.ending == c.ending);
  CHECK(record.code == c.code);
  CHECK(record.by == EndedBy::itself);
  CHECK(record.leftover == Leftover::none);
  CHECK(record.ended >= record.started);
  CHECK(step.text_of("out") == c.out);
  CHECK(step.text_of("err") == c.err);
  CHECK(record.out.state == StreamRecord::State::whole);
  CHECK(record.out.total == std::string(c.out).size());
  CHECK(step.digest_matches("out", record.out));
  CHECK(step.digest_matches("err", record.err));
}

TEST_CASE("a start that fails says where and why") {
  SECTION("no such program") {
    SupervisedStep step("true");
    step.order.arguments = {"no-such-program"};
    const ExitRecord record = step.start().record();
    CHECK(record.ending == Ending::never_ran);
    CHECK(record.failed_at == StartStage::program);
    CHECK(record.code == ENOENT);
  }
  SECTION("no such folder") {
    SupervisedStep step("true");
    step.order.cwd = "/no/such/folder";
    const ExitRecord record = step.start().record();
    CHECK(record.ending == Ending::never_ran);
    CHECK(record.failed_at == StartStage::directory);
    CHECK(record.code == ENOENT);
  }
  SECTION("the deadline has passed") {
    SupervisedStep step("touch ran");
    step.order.deadline = monotonic_now() - 1;
    const ExitRecord record = step.start().record();
    CHECK(record.ending == Ending::never_ran);
    CHECK(record.by == EndedBy::deadline);
    CHECK_FALSE(std::filesystem::exists(step.path + "/ran"));
  }
}

TEST_CASE("a step gets its environment whole, default signals, and no descriptor of ours") {
  SupervisedStep step("env | sort; ls /proc/self/fd | tr '\\n' ' '; grep -E 'Sig(Blk|Ign)' /proc/self/status; pwd");
  step.order.environment = {"PATH=/usr/bin:/bin", "A=b c", "한=국"};
  step.start().record();
  const std::string out = step.text_of("out");
  CHECK_THAT(out, Catch::Contains("A=b c\n") && Catch::Contains("한=국\n") && !Catch::Contains("HOME="));
  CHECK_THAT(out, Catch::Contains("0 1 2 3 SigBlk:"));  // 3 is the listing's own
  CHECK_THAT(out, Catch::Contains("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"));
  CHECK_THAT(out, Catch::EndsWith(step.path + "\n"));
}

TEST_CASE(
    "at the deadline the whole tree is killed: a child that ignores, one that left the session, one that lost its parents") {
  SupervisedStep step(
      "echo $$ > leader; trap '' TERM\n"
      "(trap '' TERM; echo $BASHPID > ignores; while :; do sleep 1000; done) &\n"
      "setsid bash -c 'trap \"\" TERM; echo $$ > left; while :; do sleep 1000; done' &\n"
      "setsid bash -c 'setsid bash -c \"trap : TERM; echo \\$\\$ > orphan; while :; do sleep 1000; done\" & exit' &\n"
      "while :; do sleep 1000; done");
  step.order.deadline = monotonic_now() + SupervisedStep::second;
  step.order.grace = SupervisedStep::second / 5;
  step.start();
  std::vector<pid_t> pids;
  for (const auto* file : {"leader", "ignores", "left", "orphan"}) pids.push_back(step.pid_in(file));
  const ExitRecord record = step.record();
  CHECK(record.by == EndedBy::deadline);
  CHECK(record.ending == Ending::signalled);
  CHECK(record.code == SIGKILL);
  CHECK(record.leftover == Leftover::none);
  for (const pid_t pid : pids) CHECK_FALSE(is_alive(pid));
  CHECK(step.marked().empty());
}

TEST_CASE("who ends at SIGTERM is not killed, and what it says last is kept") {
  SupervisedStep step("trap 'echo cleaned up; exit 7' TERM; echo ready > ready; while :; do sleep 0.01; done");
  step.start();
  REQUIRE(soon([&] { return step.text_of("ready") == "ready\n"; }));
  ::kill(step.pid, SIGTERM);
  const ExitRecord record = step.record();
  CHECK(record.by == EndedBy::cancel);
  CHECK(record.ending == Ending::exited);
  CHECK(record.code == 7);
  CHECK(step.text_of("out") == "cleaned up\n");
}

TEST_CASE("a second SIGTERM changes nothing, SIGQUIT ends the grace at once") {
  SupervisedStep step("trap 'echo term >> heard' TERM; echo ready > ready; while :; do sleep 0.01 || true; done");
  step.order.grace = 1000 * SupervisedStep::second;
  step.start();
  REQUIRE(soon([&] { return step.text_of("ready") == "ready\n"; }));
  ::kill(step.pid, SIGTERM);
  REQUIRE(soon([&] { return step.text_of("heard") == "term\n"; }));
  ::kill(step.pid, SIGTERM);  // `stop` and the engine may both say it
  CHECK(is_alive(step.pid));
  ::kill(step.pid, SIGQUIT);
  const ExitRecord record = step.record();
  CHECK(record.by == EndedBy::cancel);
  CHECK(record.code == SIGKILL);
  CHECK(step.text_of("heard") == "term\n");  // many take a second SIGTERM for "at once": the step heard one
  CHECK(step.marked().empty());
}

TEST_CASE("stray signals end no supervisor") {
  SupervisedStep step("echo ready > ready; read -r < pipe");
  REQUIRE(::mkfifo((step.path + "/pipe").c_str(), 0600) == 0);
  step.start();
  REQUIRE(soon([&] { return step.text_of("ready") == "ready\n"; }));
  for (const int stray : {SIGHUP, SIGINT, SIGPIPE, SIGUSR1, SIGTSTP, SIGALRM}) ::kill(step.pid, stray);
  { std::ofstream(step.path + "/pipe") << "go\n"; }
  const ExitRecord record = step.record();
  CHECK(record.by == EndedBy::itself);
  CHECK(record.code == 0);
}

TEST_CASE("of much output head and tail are kept, and all of it is counted") {
  SupervisedStep step("for i in $(seq 1 30000); do echo \"line $i\"; done; echo short >&2");
  step.order.keep = 64 << 10U;
  const ExitRecord record = step.start().record();
  CHECK(record.code == 0);
  std::uint64_t total = 0;
  for (int i = 1; i <= 30000; ++i) total += std::to_string(i).size() + 6;
  CHECK(record.out.state == StreamRecord::State::capped);
  CHECK(record.out.total == total);
  CHECK(record.out.kept == 64 << 10U);
  const std::string kept = step.text_of("out");
  CHECK_THAT(kept, Catch::StartsWith("line 1\nline 2\n") && Catch::EndsWith("line 29999\nline 30000\n"));
  CHECK(step.digest_matches("out", record.out));
  CHECK(record.err.state == StreamRecord::State::whole);
}

TEST_CASE("output of exactly the limit is whole, one byte more is capped") {
  const auto more = GENERATE(0, 1);
  SupervisedStep step("head -c " + std::to_string(65536 + more) + " /dev/zero");
  step.order.keep = 65536;
  const ExitRecord record = step.start().record();
  CHECK((record.out.state == StreamRecord::State::capped) == (more == 1));
  CHECK(record.out.kept == 65536);
  CHECK(step.digest_matches("out", record.out));
}

TEST_CASE("an attempt starts at most once, ever") {
  SupervisedStep step("echo run >> runs");
  step.start().record();
  const auto before = step.text_of("attempts");
  step.start_unlocked();
  CHECK(step.wait() == static_cast<int>(SupervisorExit::already_claimed));
  CHECK(step.text_of("runs") == "run\n");
  CHECK(step.text_of("attempts") == before);
}

TEST_CASE("an order that could still change, or that is none, starts nothing") {
  SupervisedStep step("echo run > runs");
  SECTION("unsealed") { step.sealed = false; }
  SECTION("without a program") { step.order.arguments.clear(); }
  step.start();
  CHECK(step.wait() == static_cast<int>(SupervisorExit::bad_order));
  CHECK_FALSE(std::filesystem::exists(step.path + "/runs"));
  CHECK(step.slot().claim_state == BlockState::none);
}

TEST_CASE("the lock is the supervisor's for exactly as long as it works, whoever started it") {
  SupervisedStep step("echo $$ > leader; read -r < pipe; echo done");
  REQUIRE(::mkfifo((step.path + "/pipe").c_str(), 0600) == 0);
  // An engine that dies with SIGKILL as soon as its supervisor exists.
  const pid_t engine = ::fork();
  if (engine == 0) {
    step.start();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(engine, &status, 0) == engine);
  CHECK(WIFSIGNALED(status));
  const pid_t leader = step.pid_in("leader");
  CHECK(step.locked());
  const Slot running = step.slot();
  REQUIRE(running.claim);
  CHECK(running.claim->name == step.order.name);
  CHECK(running.claim->world == world());
  CHECK(is_alive(static_cast<pid_t>(running.claim->supervisor.pid)));
  CHECK(identity_of_process(static_cast<pid_t>(running.claim->supervisor.pid)) == running.claim->supervisor);
  REQUIRE(soon([&] { return step.slot().leader && step.slot().leader->process.pid == leader; }));
  CHECK(running.exit_state == BlockState::none);
  { std::ofstream(step.path + "/pipe") << "go\n"; }
  REQUIRE(soon([&] { return !step.locked(); }));
  const Slot ended = step.slot();
  REQUIRE(ended.exit);
  CHECK(ended.exit->code == 0);
  CHECK(step.text_of("out") == "done\n");
  CHECK(verdict({Lock::free, ended.claim_state, ended.exit_state, Output::matches, Files::ours, true}) == Verdict::adopt);
}

TEST_CASE("who supervises the attempts of a run is found by its files, and nobody else is") {
  SupervisedStep step("read -r < pipe"), other("read -r < pipe");
  for (const auto* each : {&step, &other}) REQUIRE(::mkfifo((each->path + "/pipe").c_str(), 0600) == 0);
  step.start();
  other.start();
  const auto attempts = step.path + "/" + std::string(attempts_file);
  REQUIRE(soon([&] { return step.slot().claim && other.slot().claim; }));
  CHECK(supervisors_of(attempts) == std::vector<pid_t>{static_cast<pid_t>(step.slot().claim->supervisor.pid)});
  CHECK(supervisors_of(step.path + "/nothing").empty());
  { std::ofstream(step.path + "/pipe") << "go\n"; }
  CHECK(step.record().code == 0);
  CHECK(supervisors_of(attempts).empty());
}

TEST_CASE("what a supervisor has just forked is not taken for one") {
  const SupervisedStep step("true");
  const auto attempts = step.path + "/" + std::string(attempts_file);
  std::array<int, 2> ready{};
  REQUIRE(::pipe2(ready.data(), O_CLOEXEC) == 0);
  const pid_t supervisor = ::fork();
  if (supervisor == 0) {
    ::prctl(PR_SET_NAME, supervisor_name);
    const int held = ::open(attempts.c_str(), O_RDONLY);
    const pid_t child = held < 0 ? -1 : ::fork();
    if (child != 0) (void)!::write(ready[1], &child, sizeof child);
    ::pause();
  }
  pid_t child = -1;
  const bool heard = ::read(ready[0], &child, sizeof child) == sizeof child && child > 0;
  const auto found = supervisors_of(attempts);
  ::kill(supervisor, SIGKILL);
  if (child > 0) ::kill(child, SIGKILL);
  ::waitpid(supervisor, nullptr, 0);
  for (const int end : ready) ::close(end);
  REQUIRE(heard);
  CHECK(found == std::vector<pid_t>{supervisor});
}

TEST_CASE("a step that is left behind by a killed supervisor holds no lock, and the evidence is in doubt") {
  SupervisedStep step("setsid sleep 1000 & echo $$ > leader; sleep 1000; true");
  step.start();
  const pid_t leader = step.pid_in("leader");
  REQUIRE(soon([&] { return step.slot().leader && step.slot().leader->process.pid == leader; }));
  REQUIRE(soon([&] { return step.marked().size() == 3; }));
  ::kill(step.pid, SIGKILL);
  CHECK(step.wait() == 128 + SIGKILL);
  CHECK_FALSE(step.locked());
  const Slot slot = step.slot();
  CHECK(slot.claim_state == BlockState::valid);
  CHECK(slot.exit_state == BlockState::none);
  CHECK(verdict({Lock::free, slot.claim_state, slot.exit_state, Output::matches, Files::ours, true}) == Verdict::supervisor_died);
  CHECK(verdict({Lock::free, slot.claim_state, slot.exit_state, Output::matches, Files::ours, false}) == Verdict::restarted);
  // Who sweeps finds them: the leader by its record, all by the mark, also what left the session.
  REQUIRE(slot.leader);
  CHECK(identity_of_process(leader) == slot.leader->process);
  CHECK(soon([&] { return step.marked().size() == 3; }));  // one that is in the middle of its exec shows no environment
}

TEST_CASE("what the leader leaves running is killed and told, unless it is allowed") {
  const auto allowed = GENERATE(false, true);
  SupervisedStep step(
      "setsid bash -c 'echo $$ > server; while :; do echo chatter || exit; sleep 0.01; done' & while [ ! -s server ]; do sleep 0.01; done; echo started");
  step.order.background_allowed = allowed;
  const ExitRecord record = step.start().record();
  const pid_t server = step.pid_in("server");
  CHECK(record.ending == Ending::exited);
  CHECK(record.code == 0);
  CHECK_THAT(step.text_of("out"), Catch::Contains("started\n"));
  CHECK_THAT(record.left, Catch::Contains(std::to_string(server) + " bash"));
  if (!allowed) {
    CHECK(record.leftover == Leftover::killed);
    CHECK_FALSE(is_alive(server));
    return;
  }
  CHECK(record.leftover == Leftover::running);
  CHECK_FALSE(step.locked());
  // It goes on writing to nobody, and does not die of it: a child of its loop comes and goes.
  const auto child = [server] {
    const auto all = children_of(server);
    return all.empty() ? 0 : all[0];
  };
  pid_t first = 0;
  REQUIRE(soon([&] { return (first = child()) != 0; }));
  for (int i = 0; i < 20; ++i)
    REQUIRE(soon([&] {
      const pid_t next = child();
      const bool other = next != 0 && next != first;
      if (other) first = next;
      return other;
    }));
  CHECK(is_alive(server));
}

TEST_CASE("a pump that dies costs the output, never the step") {
  SupervisedStep step(
      "echo before; echo ready > ready; read -r < pipe; for i in $(seq 1 20000); do echo \"line $i\"; done; echo end > end");
  REQUIRE(::mkfifo((step.path + "/pipe").c_str(), 0600) == 0);
  step.start();
  REQUIRE(soon([&] { return step.text_of("ready") == "ready\n"; }));
  const pid_t leader = static_cast<pid_t>(step.slot().leader->process.pid);
  for (const pid_t child : children_of(step.pid))
    if (child != leader) ::kill(child, SIGKILL);
  { std::ofstream(step.path + "/pipe") << "go\n"; }
  const ExitRecord record = step.record();
  CHECK(record.ending == Ending::exited);
  CHECK(record.code == 0);
  CHECK(step.text_of("end") == "end\n");
  CHECK(record.out.state == StreamRecord::State::lost);
}

TEST_CASE("a log disk that hangs costs the output; the deadline holds") {
  SupervisedStep step("echo ready > ready; while :; do echo more; done");
  step.order.deadline = monotonic_now() + SupervisedStep::second;
  step.order.grace = SupervisedStep::second / 5;
  step.start();
  REQUIRE(soon([&] { return step.text_of("ready") == "ready\n"; }));
  const pid_t leader = static_cast<pid_t>(step.slot().leader->process.pid);
  std::vector<pid_t> pumps;
  for (const pid_t child : children_of(step.pid))
    if (child != leader) pumps.push_back(child);
  for (const pid_t pump : pumps) ::kill(pump, SIGSTOP);  // as a write does that never comes back
  REQUIRE(soon([&] { return !is_alive(leader); }));
  CHECK_FALSE(step.slot().exit);  // it still waits for the pump, and nothing of the step lives
  const ExitRecord record = step.record();
  CHECK(record.by == EndedBy::deadline);
  CHECK(record.out.state == StreamRecord::State::lost);
  CHECK(record.ran < 5 * SupervisedStep::second);
  for (const pid_t pump : pumps) ::kill(pump, SIGKILL);
}

TEST_CASE("a program by its descriptor, with an input: a replaced file changes nothing") {
  SupervisedStep step("");
  std::filesystem::copy("/bin/cat", step.path + "/program");
  const Descriptor program(::open((step.path + "/program").c_str(), O_RDONLY | O_CLOEXEC));
  std::ofstream(step.path + "/other") << "no program";
  std::filesystem::rename(step.path + "/other", step.path + "/program");
  const Descriptor input(::memfd_create("input", MFD_CLOEXEC));
  REQUIRE(::pwrite(input.get(), "secret\n", 7, 0) == 7);
  step.order.program = program.get();
  step.order.input = input.get();
  step.order.arguments = {"cat"};
  const ExitRecord record = step.start().record();
  CHECK(record.ending == Ending::exited);
  CHECK(record.code == 0);
  CHECK(step.text_of("out") == "secret\n");
}

TEST_CASE("a light attempt leaves nothing on disk but its output, and its record comes through the pipe") {
  SupervisedStep step("echo seen; exit 4");
  const auto before = step.text_of("attempts");
  const ExitRecord record = step.start_light().light_record();
  CHECK(record.code == 4);
  CHECK(step.text_of("out") == "seen\n");
  CHECK(step.text_of("attempts") == before);
}

TEST_CASE("when the leash goes, the whole tree goes") {
  SupervisedStep step(
      "trap '' TERM; setsid bash -c 'echo $$ > child; sleep 1000' & echo $$ > leader; while :; do sleep 1000; done");
  step.order.grace = 1000 * SupervisedStep::second;
  step.start_light();
  const pid_t leader = step.pid_in("leader"), child = step.pid_in("child");
  step.leash_end = Descriptor();
  step.wait();
  CHECK_FALSE(is_alive(leader));
  CHECK_FALSE(is_alive(child));
}

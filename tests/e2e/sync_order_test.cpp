// In which order a run reaches the disk, and how often it waits for it: read from the system calls of engine and supervisors.
// `kill -9` cannot show a missing sync, because the page cache survives it; tests/crash cuts the power, this says which sync
// belongs before what.
#include <signal.h>

#include <catch2/catch.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "tests/e2e/shown_run.h"
#include "tests/support/servers.h"

using namespace runbook;
using namespace runbook::tests;

namespace {

struct Call {
  int pid = 0;
  std::string name, arguments;  // as strace writes them: descriptors with their paths
  bool on(const std::string& path_end) const { return arguments.find(path_end + ">") != std::string::npos; }
  bool has(const std::string& part) const { return arguments.find(part) != std::string::npos; }
};
using Test = std::function<bool(const Call&)>;

bool is_sync(const Call& call) { return call.name == "fsync" || call.name == "fdatasync"; }
bool makes(const Call& call, const std::string& name_end) {
  return call.name == "openat" && call.has("O_CREAT") && call.has(name_end + "\"");
}
Test synced(const std::string& path_end) {
  return [path_end](const Call& call) { return is_sync(call) && call.on(path_end); };
}
Test by(int pid, Test test) {
  return [pid, test = std::move(test)](const Call& call) { return call.pid == pid && test(call); };
}
bool writes_log(const Call& call) { return call.name == "pwrite64" && call.on("state.db-wal"); }
bool writes_slot(const Call& call) { return call.name == "pwrite64" && call.on("/attempts"); }
bool starts_supervisor(const Call& call) { return call.name == "execveat"; }

class Trace {
 public:
  // A sync counts when it is done, everything else when it begins.
  explicit Trace(const std::string& text) {
    std::map<int, Call> under_way;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      Call call;
      std::size_t at = 0;
      call.pid = std::stoi(line, &at);
      at = line.find_first_not_of(' ', at);
      if (line.compare(at, 5, "<... ") == 0) {
        if (const auto begun = under_way.find(call.pid); begun != under_way.end()) {
          calls_.push_back(begun->second);
          under_way.erase(begun);
        }
        continue;
      }
      const auto open = line.find('(', at);
      if (open == std::string::npos) continue;  // a signal, an exit
      call.name = line.substr(at, open - at);
      call.arguments = line.substr(open + 1);
      if (is_sync(call) && line.find("<unfinished") != std::string::npos) under_way[call.pid] = call;
      else calls_.push_back(call);
    }
  }

  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  std::size_t first(const Test& test, std::size_t from = 0) const {
    for (std::size_t i = from; i < calls_.size(); ++i)
      if (test(calls_[i])) return i;
    return nowhere;
  }
  std::size_t last(const Test& test, std::size_t before = nowhere) const {
    for (std::size_t i = std::min(before, calls_.size()); i-- > 0;)
      if (test(calls_[i])) return i;
    return nowhere;
  }
  // Between the two, and both there.
  bool between(const Test& test, std::size_t from, std::size_t to) const {
    return from != nowhere && to != nowhere && first(test, from + 1) < to;
  }
  std::vector<std::size_t> all(const Test& test) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < calls_.size(); ++i)
      if (test(calls_[i])) out.push_back(i);
    return out;
  }
  const Call& at(std::size_t i) const { return calls_.at(i); }

 private:
  std::vector<Call> calls_;
};

bool may_trace(const Workplace& w) {
  if (w.shell("strace -o /dev/null -e trace=write true").code == 0) return true;
  WARN("not allowed to trace: nothing was tested");
  return false;
}

Trace traced(const Workplace& w, const std::string& arguments) {
  const auto ran = w.shell(
      "export ASAN_OPTIONS=detect_leaks=0; exec strace -f -y -qq -s 300 -o trace "
      "-e trace=fsync,fdatasync,pwrite64,pread64,openat,mkdirat,execve,execveat,fcntl,sendto '" +
      program() + "' " + arguments);
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  return Trace(w.read("trace"));
}

std::string chain_of(int steps) {
  std::string text = "steps:\n";
  for (int i = 1; i <= steps; ++i)
    text += "  - { id: s" + std::to_string(i) + ", shell: echo " + std::to_string(i) + " | tee -a log, changes: log }\n";
  return runbook_of(text);
}

}  // namespace

TEST_CASE("an attempt's files are on disk before its start is recorded, and that before anything starts") {
  const Workplace w;
  if (!may_trace(w)) return;
  w.write("a.yaml", chain_of(3));
  const Trace trace = traced(w, "run a.yaml");
  const std::string run = "/runs/" + w.run_id();
  const auto launches = trace.all(starts_supervisor);
  REQUIRE(launches.size() == 3);
  for (int step = 0; step < 3; ++step) {
    INFO("step " << step);
    const std::string stem = "000" + std::to_string(step) + ".1.";
    const auto script = trace.first([&](const Call& call) { return makes(call, stem + "sh"); });
    const auto on_disk = trace.first(synced(stem + "sh"), script);
    const auto in_folder = trace.first(synced(run), on_disk);
    REQUIRE(in_folder != Trace::nowhere);
    for (const char* stream : {"out", "err"})
      CHECK(trace.first([&](const Call& call) { return makes(call, stem + stream); }) < in_folder);
    const auto launch = launches[static_cast<std::size_t>(step)];
    const auto recorded = trace.last(synced("state.db-wal"), launch);
    CHECK(trace.between(writes_log, in_folder, recorded));
    // What is committed last before the launch is this start, and nothing after it waits for a later sync.
    CHECK(trace.last(writes_log, launch) < recorded);
    CHECK(script < on_disk);
  }
}

TEST_CASE("a claim is on disk before its step begins, the output before the end, the end before it is believed") {
  const Workplace w;
  if (!may_trace(w)) return;
  w.write("a.yaml", chain_of(3));
  const Trace trace = traced(w, "run a.yaml");
  const int engine = trace.at(0).pid;
  const auto launches = trace.all(starts_supervisor);
  REQUIRE(launches.size() == 3);
  for (std::size_t step = 0; step < 3; ++step) {
    INFO("step " << step);
    const int supervisor = trace.at(launches[step]).pid;
    const auto begins = trace.first(
        [&](const Call& call) { return call.name == "execve" && call.pid != engine && call.has("bash"); }, launches[step]);
    const auto claim = trace.first(by(supervisor, writes_slot));
    CHECK(trace.between(by(supervisor, synced("/attempts")), claim, begins));
    const auto end = trace.last(by(supervisor, writes_slot));
    CHECK(begins < end);
    CHECK(trace.between(synced("000" + std::to_string(step) + ".1.out"), begins, end));
    const auto end_on_disk = trace.first(by(supervisor, synced("/attempts")), end);
    REQUIRE(end_on_disk != Trace::nowhere);
    // The engine reads it and commits what it says.
    const auto read =
        trace.first(by(engine, [](const Call& call) { return call.name == "pread64" && call.on("/attempts"); }), end_on_disk);
    CHECK(trace.first(by(engine, synced("state.db-wal")), read) != Trace::nowhere);
  }
}

TEST_CASE("state directory, run directory and room for attempts are on disk before they are needed") {
  const Workplace w;
  if (!may_trace(w)) return;
  w.write("a.yaml", chain_of(1));
  const Trace trace = traced(w, "run a.yaml");
  const auto database = trace.first([](const Call& call) { return makes(call, "state.db"); });
  const auto first_record = trace.first(synced("state.db-wal"));
  CHECK(trace.between(synced("/state"), database, first_record));
  const auto folder = trace.first([&](const Call& call) { return call.name == "mkdirat" && call.has("\"" + w.run_id() + "\""); });
  CHECK(trace.between(synced("/runs"), folder, trace.first(writes_log, folder)));
  const auto launch = trace.first(starts_supervisor);
  const auto slots = trace.first([](const Call& call) { return makes(call, "attempts"); });
  const auto room = trace.first(writes_slot, slots);
  CHECK(trace.between(synced("/attempts"), room, trace.last(synced("state.db-wal"), launch)));
}

TEST_CASE("a step of a chain waits for the disk six times at most") {
  Workplace w;
  if (!may_trace(w)) return;
  std::map<int, std::size_t> syncs;
  for (const int steps : {2, 12}) {
    w.environment["RUNBOOK_STATE_DIR"] = w.path() + "/state" + std::to_string(steps);
    w.write("a.yaml", chain_of(steps));
    syncs[steps] = traced(w, "run a.yaml").all(is_sync).size();
  }
  INFO(syncs[12] << " syncs of 12 steps, " << syncs[2] << " of 2");
  CHECK(syncs[12] - syncs[2] <= 6 * 10);
  CHECK(syncs[12] - syncs[2] >= 4 * 10);  // or they were not counted
}

TEST_CASE("that a request may have been sent is on disk before its first byte leaves") {
  const Workplace w;
  if (!may_trace(w)) return;
  const HttpServer server;
  w.write("a.yaml", runbook_of("steps:\n  - { id: make, http: { post: \"" + server.url("/echo") + "\" }, changes: a thing }\n"));
  const Trace trace = traced(w, "run a.yaml");
  const auto sent = trace.first([](const Call& call) { return call.name == "sendto" && call.has("POST /echo"); });
  REQUIRE(sent != Trace::nowhere);
  const int sender = trace.at(sent).pid;
  const auto mark = trace.first(by(sender, [](const Call& call) { return makes(call, ".1.sent"); }));
  const auto on_disk = trace.first(by(sender, synced(".1.sent")));
  CHECK(trace.between(by(sender, synced(".1.sent")), mark, sent));
  CHECK(trace.between(by(sender, synced("/runs/" + w.run_id())), on_disk, sent));
}

TEST_CASE("after a crash the lock is looked at before the records, and nothing is launched before the attach is on disk") {
  const Workplace w;
  if (!may_trace(w)) return;
  w.write("a.yaml", runbook_of("steps:\n  - { id: one, shell: touch begun; sleep 0.5, changes: a file }\n"
                               "  - { id: two, shell: echo two, changes: nothing much }\n"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.has("begun"); }, "the step to begin");
  engine.signal(SIGKILL);
  engine.wait();
  const Trace trace = traced(w, "resume @last");
  const auto looked =
      trace.first([](const Call& call) { return call.name == "fcntl" && call.has("F_OFD_GETLK") && call.on("/attempts"); });
  const auto read = trace.first([](const Call& call) { return call.name == "pread64" && call.on("/attempts"); });
  REQUIRE(read != Trace::nowhere);
  CHECK(looked < read);
  CHECK(trace.first(synced("state.db-wal")) < looked);
  CHECK(trace.first(synced("state.db-wal")) < trace.first(starts_supervisor));
}

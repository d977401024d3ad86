// What is said about "what if" against what a run does: a table of kinds and keys, and random plans in their own time.
#include "run/what_if.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "tests/run/random_plan.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::array mishap_names{"fails", "times out", "machine dies"};
constexpr std::array handling_names{"none", "runs again", "adopted", "asks on", "asks again", "asks in doubt"};

RunCreated usual() {
  RunCreated out;
  out.by = operator_person;
  return out;
}

std::string paths(const Plan& plan, const std::vector<StepIndex>& steps) {
  std::string out;
  for (const auto i : steps) out += (out.empty() ? "" : " ") + plan.at(i).path;
  return out;
}

// "failed open; resume: asks again; possibly: a"
std::string told(const Plan& plan, const Consequence& one) {
  std::string out = std::string(name_of(one.end)) + (one.is_open ? " open" : "");
  const auto add = [&out](const std::string& label, const std::string& text) {
    if (!text.empty()) out += "; " + label + (label.empty() ? "" : ": ") + text;
  };
  if (one.retried) out += "; retried";
  if (one.probed) out += "; probed";
  add("rescue", paths(plan, one.rescue));
  add("beside", paths(plan, one.beside));
  add("begun", paths(plan, one.begun));
  add("asked", paths(plan, one.asked));
  if (one.handling != Handling::none) add("resume", handling_names[static_cast<std::size_t>(one.handling)]);
  add("changed", paths(plan, one.changed));
  add("possibly", paths(plan, one.possibly));
  add("undo", paths(plan, one.undoable));
  add("finally", paths(plan, one.cleanup));
  return out;
}

std::string told(const Plan& plan, const WhatIf& found, const std::string& path, Mishap mishap) {
  for (const auto& one : found.consequences)
    if (plan.at(one.step).path == path && one.mishap == mishap) return told(plan, one);
  return "nothing is said";
}

}  // namespace

TEST_CASE("what follows a mishap is what the run does") {
  struct Case {
    const char *what, *steps, *step;
    std::array<const char*, 3> told;  // fails, times out, machine dies
  };
  const auto c = GENERATE(values<Case>({
      {"what only reads",
       "steps: [{id: a, shell: look, changes: none}]",
       "a",
       {"failed open; resume: runs again", "failed open; resume: runs again", "succeeded; resume: runs again"}},
      {"a change",
       "steps: [{id: a, shell: act, changes: x}, {id: b, shell: act, changes: x}]",
       "a",
       {"failed open; resume: asks again; possibly: a", "failed open; resume: asks again; possibly: a",
        "waiting open; asked: a; resume: asks in doubt; possibly: a"}},
      {"a change that may run again",
       "steps: [{id: a, shell: act, changes: x, rerun: safe}, {id: b, shell: look, changes: none}]",
       "a",
       {"failed open; resume: runs again; possibly: a", "failed open; resume: runs again; possibly: a",
        "succeeded; begun: b; resume: runs again; possibly: a"}},
      {"retries",
       "steps: [{id: a, shell: act, changes: x, rerun: safe, retry: {every: 5s, for: 10m}}]",
       "a",
       {"failed open; retried; resume: runs again; possibly: a", "failed open; retried; resume: runs again; possibly: a",
        "succeeded; resume: runs again; possibly: a"}},
      {"a probe",
       "steps: [{id: a, shell: act, changes: x, probe: {shell: look, expect: exit == 0}}]",
       "a",
       {"failed open; resume: asks again; possibly: a", "failed open; resume: asks again; possibly: a",
        "waiting open; probed; asked: a; resume: asks in doubt; possibly: a"}},
      {"a probe of what may run again",
       "steps: [{id: a, shell: act, changes: x, rerun: safe, probe: {shell: look, expect: exit == 0}}]",
       "a",
       {"failed open; resume: runs again; possibly: a", "failed open; resume: runs again; possibly: a",
        "succeeded; probed; resume: runs again; possibly: a"}},
      {"a transaction",
       "connections: {db: {host: h}}\nsteps: [{id: a, sql: {db: db, query: DELETE FROM t}, changes: x}]",
       "a",
       {"failed open; resume: runs again", "failed open; resume: runs again", "succeeded; resume: runs again"}},
      {"statements outside of one",
       "connections: {db: {host: h}}\nsteps: [{id: a, sql: {db: db, script: VACUUM, transaction: none}, changes: x}]",
       "a",
       {"failed open; resume: asks again; possibly: a", "failed open; resume: asks again; possibly: a",
        "waiting open; asked: a; resume: asks in doubt; possibly: a"}},
      {"a request",
       "steps: [{id: a, http: {post: 'http://h/'}, changes: x}]",
       "a",
       {"failed open; resume: asks again; possibly: a", "waiting open; asked: a; resume: asks in doubt; possibly: a",
        "waiting open; asked: a; resume: asks in doubt; possibly: a"}},
      {"on another host",
       "steps: [{id: a, ssh: {host: h, script: act}, changes: x}]",
       "a",
       {"failed open; resume: asks again; possibly: a", "failed open; resume: asks again; possibly: a",
        "succeeded; resume: adopted; possibly: a"}},
      {"people",
       "steps: [{id: a, manual: done, timeout: 10m}]",
       "a",
       {"failed open; resume: asks on", "failed open; resume: asks on", "succeeded; resume: asks on"}},
      {"an approval",
       "steps: [{id: a, approve: {ask: may it, by: Boss}, timeout: 10m}]\nfinally: [{id: f, shell: tidy}]",
       "a",
       {"cancelled; finally: finally:f", "failed open; resume: asks on; finally: finally:f",
        "succeeded; resume: asks on; finally: finally:f"}},
      {"a rescue",
       "steps: [{id: a, shell: act, changes: x, rescue: [{id: r, shell: act, changes: x}]}, {id: b, shell: look, changes: none}]",
       "a",
       {"succeeded; rescue: rescue:a/r; begun: b; possibly: a", "succeeded; rescue: rescue:a/r; begun: b; possibly: a",
        "waiting open; asked: a; resume: asks in doubt; possibly: a"}},
      {"a rescue that fails, too",
       "steps: [{id: a, shell: act, changes: x, undo: {shell: back}, rescue: [{id: r, shell: look, changes: none}]}]",
       "rescue:a/r",
       {"failed open; possibly: a; undo: a", "failed open; possibly: a; undo: a",
        "succeeded; resume: runs again; possibly: a; undo: a"}},
      {"a rescue that may run again",
       "steps: [{id: a, shell: act, changes: x, rescue: [{id: r, shell: act, changes: x, rerun: safe}]}]",
       "rescue:a/r",
       {"failed open; possibly: a rescue:a/r", "failed open; possibly: a rescue:a/r",
        "succeeded; resume: runs again; possibly: a rescue:a/r"}},
      {"what is gone on from",
       "steps: [{id: a, shell: act, changes: x, on_fail: continue}, {id: b, when: 'steps.a.state == \"failed\"', shell: look, changes: none}]",
       "a",
       {"succeeded; begun: b; possibly: a", "succeeded; begun: b; possibly: a",
        "waiting open; asked: a; resume: asks in doubt; possibly: a"}},
      {"side by side",
       "steps: [{id: g, steps: [{id: a, shell: act, changes: x, undo: {shell: back}}, {id: b, needs: [], shell: act, changes: x, expected: 1m}]}, {id: c, shell: look, changes: none}]",
       "g/a",
       {"failed open; beside: g/b; resume: asks again; changed: g/b; possibly: g/a; undo: g/a",
        "failed open; beside: g/b; resume: asks again; changed: g/b; possibly: g/a; undo: g/a",
        "waiting open; beside: g/b; asked: g/a g/b; resume: asks in doubt; possibly: g/a g/b; undo: g/a"}},
      {"undo",
       "steps: [{id: a, shell: act, changes: x, undo: {shell: back}}, {id: b, shell: act, changes: x, undo: {shell: back}}, {id: c, shell: look, changes: none}]",
       "c",
       {"failed open; resume: runs again; changed: a b; undo: b a", "failed open; resume: runs again; changed: a b; undo: b a",
        "succeeded; resume: runs again; changed: a b; undo: b a"}},
      {"a precondition",
       "preconditions: [{id: p, shell: look}]\nsteps: [{id: a, shell: act, changes: x}]\nfinally: [{id: f, shell: tidy}]",
       "preconditions:p",
       {"refused", "refused", "succeeded; begun: a; resume: runs again; finally: finally:f"}},
      {"a criterion",
       "steps: [{id: a, shell: act, changes: x}]\nsuccess: [{id: s, shell: look}]\nfinally: [{id: f, shell: tidy}]",
       "success:s",
       {"criteria_failed open; retried; resume: runs again; changed: a; finally: finally:f",
        "criteria_failed open; retried; resume: runs again; changed: a; finally: finally:f",
        "succeeded; resume: runs again; changed: a; finally: finally:f"}},
      {"a criterion without data, which asks",
       "steps: [{id: a, shell: look, changes: none}]\nsuccess: [{id: s, no_data: ask, shell: look}]",
       "success:s",
       {"criteria_failed open; retried; resume: runs again", "waiting open; retried; asked: success:s; resume: asks on",
        "succeeded; resume: runs again"}},
      {"an expression alone",
       "steps: [{id: a, shell: look, changes: none}]\nsuccess: [{id: s, expect: 'steps.a.state == \"succeeded\"'}]",
       "success:s",
       {"criteria_failed open; retried; resume: runs again", "nothing is said", "succeeded; resume: runs again"}},
      {"what tidies up",
       "steps: [{id: a, shell: look, changes: none}]\nfinally: [{id: f, shell: tidy, changes: none}]",
       "finally:f",
       {"succeeded", "succeeded", "succeeded; resume: runs again"}},
      {"one element of many",
       "steps: [{id: a, for_each: [x, y], shell: act, changes: x}, {id: b, shell: look, changes: none}]",
       "a[]",
       {"failed open; resume: asks again; possibly: a[]", "failed open; resume: asks again; possibly: a[]",
        "waiting open; asked: a[]; resume: asks in doubt; possibly: a[]"}},
      {"one element of many that may fail",
       "steps: [{id: a, for_each: [x, y], max_failures: 1, shell: act, changes: x}, {id: b, shell: look, changes: none}]",
       "a[]",
       {"succeeded; begun: b; possibly: a[]", "succeeded; begun: b; possibly: a[]",
        "waiting open; asked: a[]; resume: asks in doubt; possibly: a[]"}},
      {"values that only a run knows",
       "steps: [{id: a, shell: look, changes: none, outputs: {n: json.n}, expect: json.ok}, {id: b, when: steps.a.n > 3, shell: act, changes: x, confirm: '${steps.a.n}'}, {id: c, manual: {ask: '${steps.a.n}?', choose: steps.a.n}, timeout: 1m}]",
       "b",
       {"failed open; resume: asks again; possibly: b", "failed open; resume: asks again; possibly: b",
        "waiting open; asked: b; resume: asks in doubt; possibly: b"}},
  }));
  const auto plan = plan_of(std::string(c.steps) + "\n");
  const auto found = what_if(plan, usual());
  INFO(c.what);
  for (const Mishap mishap : {Mishap::fails, Mishap::times_out, Mishap::machine_dies}) {
    INFO(mishap_names[static_cast<std::size_t>(mishap)]);
    CHECK(told(plan, found, c.step, mishap) == c.told[static_cast<std::size_t>(mishap)]);
  }
}

TEST_CASE("what if takes from the flags how the run would be made, and no answer to a question that it asks otherwise") {
  const auto plan = plan_of(
      "steps: [{id: a, manual: {ask: which, choose: [v1, v2]}, timeout: 1m}, {id: b, optional: needed, shell: act, changes: x}, {id: c, shell: act, changes: x}]\n");
  auto created = usual();
  created.close_on_failure = true;
  created.answers = {{"answer:a", Value("v1")}, {"with:b", Value(false)}};
  const auto found = what_if(plan, created);
  CHECK(told(plan, found, "c", Mishap::fails) == "failed; possibly: c");
  CHECK(paths(plan, found.unreached) == "b");
  CHECK(plan.at(*found.no_return).path == "c");
}

namespace {

// The plan as it is written, in its own time: results that the steps' own criteria judge, people who answer when they like.
class Reality {
 public:
  // Of the unlucky ones the mishap befalls the subject; the others fail, so that it is reached.
  Reality(const Plan& plan, const RunCreated& created, std::string subject, std::set<std::string> unlucky, Mishap mishap,
          Dice& dice)
      : run_(plan, created),
        subject_(std::move(subject)),
        unlucky_(std::move(unlucky)),
        mishap_(mishap),
        dice_(dice) {}

  // In the words of `told`, without what depends on who was quicker.
  std::string end() {
    go();
    std::string out = status();
    if (mishap_ == Mishap::machine_dies) out += first_about_subject();
    else if (run_.state.settled) {
      Reality later = *this;
      later.unlucky_.clear();
      later.seen_ = later.run_.events.size();
      later.run_.ask({.what = Request::What::resume});
      later.go();
      out += later.first_about_subject();
    }
    if (!run_.state.finished) {
      unlucky_.clear();
      run_.ask({.what = Request::What::stop, .reason = "enough"});
      go();
    }
    return out + cleanup();
  }

 private:
  struct Flight {
    StepIndex step;
    std::int64_t k;
    Instant ends;
  };
  const Plan& plan() const { return run_.state.plan(); }
  std::string status() const {
    return run_.state.finished  ? std::string(name_of(*run_.state.finished))
           : run_.state.settled ? std::string(name_of(*run_.state.settled)) + " open"
                                : "waiting open";
  }
  // Of the elements of a list the first that gets so far is the unlucky one.
  bool is_unlucky(StepIndex i) {
    const auto& path = plan().at(i).path;
    const auto written = written_path(path);
    if (!unlucky_.contains(written)) return false;
    return chosen_.emplace(written, path).first->second == path;
  }
  Mishap mishap_of(StepIndex i) const { return written_path(plan().at(i).path) == subject_ ? mishap_ : Mishap::fails; }
  // Once; what was under way, but for questions, was this step alone.
  bool dies(StepIndex i) {
    if (is_dead_ || !is_unlucky(i) || mishap_of(i) != Mishap::machine_dies) return false;
    is_dead_ = true;
    run_.record(EngineAttached{"host", "another world", 2});
    seen_ = run_.events.size();
    return true;
  }
  void go() {
    for (int moves = 0; !run_.state.settled && !run_.state.finished && move(); ++moves) {
      REQUIRE(moves < 10'000);
      run_.settle();
    }
  }
  bool move() {
    for (StepIndex i = 0; i < run_.state.steps.size(); ++i) {
      const auto& s = run_.state.steps[i];
      if (s.open &&
          !std::any_of(flights_.begin(), flights_.end(), [&](const Flight& f) { return f.step == i && f.k == s.open->k; }))
        flights_.push_back({i, s.open->k, run_.now + std::chrono::seconds(dice_.below(4))});
      if (s.question && !s.question->answer && answer(i)) return true;
    }
    if (!run_.state.stopping && waits_for_good()) return false;
    const auto next =
        std::min_element(flights_.begin(), flights_.end(), [](const Flight& a, const Flight& b) { return a.ends < b.ends; });
    if (next != flights_.end() && (!run_.wake_at || next->ends <= *run_.wake_at)) {
      const Flight flight = *next;
      flights_.erase(next);
      run_.now = std::max(run_.now, flight.ends);
      land(flight);
      return true;
    }
    if (!run_.wake_at || *run_.wake_at <= run_.now) return false;
    run_.now = *run_.wake_at;
    return true;
  }
  // Watches look on for ever at what only a person can move.
  bool waits_for_good() const {
    const auto& steps = run_.state.steps;
    return std::any_of(steps.begin(), steps.end(),
                       [](const StepState& s) {
                         return s.question && !s.question->answer &&
                                (s.question->asked.what == Ask::again || s.question->asked.what == Ask::in_doubt);
                       }) &&
           std::all_of(flights_.begin(), flights_.end(),
                       [this](const Flight& f) { return plan().at(f.step).role == Role::watch; });
  }
  bool answer(StepIndex i) {
    const auto what = run_.state.steps[i].question->asked.what;
    if (what == Ask::in_doubt || what == Ask::again || what == Ask::no_data) return false;
    const bool is_work = what == Ask::manual || what == Ask::approve;
    const bool unlucky = is_work && is_unlucky(i) && mishap_of(i) != Mishap::machine_dies;
    if (unlucky && mishap_of(i) == Mishap::times_out) return false;
    Asking asking{.what = Request::What::answer, .step = plan().at(i).path, .answer = Value(true)};
    if (what == Ask::confirm) asking.answer = "yes-do-it";
    if (what == Ask::approve) asking.what = Request::What::approve;
    if (unlucky) asking.what = Request::What::reject;
    asking.by = second_person;
    run_.ask(asking);
    return true;
  }
  void land(const Flight& flight) {
    const auto i = flight.step;
    const auto& open = run_.state.steps[i].open;
    if (!open || open->k != flight.k) return;
    if (dies(i)) {
      if (!plan().at(i).reads) return run_.record(AttemptInDoubt{plan().at(i).path, flight.k, "the machine died", {}});
      AttemptResult nothing = nothing_done(run_.now);
      nothing.outcome = Outcome::not_started;
      return run_.record(judge(plan(), run_.state, i, flight.k, nothing));
    }
    AttemptResult good = exit_of(0, run_.now, run_.now), bad = exit_of(1, run_.now, run_.now);
    if (judge(plan(), run_.state, i, flight.k, good).verdict != cel::Verdict::met) std::swap(good, bad);
    const auto owner = plan().at(i).owner;
    const bool is_its_probe = owner && plan().at(*owner).probe == i;  // which does not find what it looks for
    const bool unlucky = is_its_probe || (is_unlucky(i) && mishap_of(i) != Mishap::machine_dies);
    if (unlucky && mishap_of(i) == Mishap::times_out) {
      bad.outcome = Outcome::timed_out;
      bad.result.clear();
    }
    run_.record(judge(plan(), run_.state, i, flight.k, unlucky ? bad : good));
  }
  std::string first_about_subject() const {
    for (std::size_t n = seen_; n < run_.events.size(); ++n) {
      const Body& body = run_.events[n].body;
      if (const auto* starting = std::get_if<AttemptStarting>(&body); starting && is_chosen(starting->step))
        return "; resume: runs again";
      if (const auto* waiting = std::get_if<Waiting>(&body); waiting && is_chosen(waiting->step))
        return waiting->what == Ask::again      ? "; resume: asks again"
               : waiting->what == Ask::in_doubt ? "; resume: asks in doubt"
                                                : "; resume: asks on";
      if (const auto* answered = std::get_if<Answered>(&body); answered && is_chosen(answered->step)) return "; resume: asks on";
    }
    return "";
  }
  bool is_chosen(const std::string& path) const {
    const auto found = chosen_.find(written_path(path));
    return found != chosen_.end() && found->second == path && found->first == subject_;
  }
  std::string cleanup() const {
    std::set<std::string> out;
    for (const auto& event : run_.events)
      if (const auto* starting = std::get_if<AttemptStarting>(&event.body); starting && starting->step.starts_with("finally:"))
        out.insert(starting->step);
    std::string text;
    for (const auto& path : out) text += "; finally: " + path;
    return text;
  }

  StagedRun run_;
  std::string subject_;
  std::set<std::string> unlucky_;
  Mishap mishap_;
  Dice& dice_;
  std::vector<Flight> flights_;
  std::map<std::string, std::string> chosen_;
  std::size_t seen_ = 0;
  bool is_dead_ = false;
};

std::string foretold(const Plan& plan, const Consequence& one) {
  std::string out = std::string(name_of(one.end)) + (one.is_open ? " open" : "");
  const bool is_told = one.mishap == Mishap::machine_dies || (one.is_open && one.end != RunStatus::waiting);
  if (is_told && one.handling != Handling::none)
    out += "; resume: " + std::string(handling_names[static_cast<std::size_t>(one.handling)]);
  std::set<std::string> last;
  for (const auto i : one.cleanup) last.insert(plan.at(i).path);
  if (plan.at(one.step).role == Role::cleanup) last.insert(plan.at(one.step).path);
  for (const auto& path : last) out += "; finally: " + path;
  return out;
}

// In whose rescue it stands, where that is one step and no rescue in a rescue; nothing else has to fail: itself.
std::optional<std::set<std::string>> to_fail(const Plan& plan, StepIndex step) {
  std::set<std::string> out{plan.at(step).path};
  for (std::optional<StepIndex> at = step; at; at = plan.at(*at).parent) {
    if (!plan.at(*at).is_rescue) continue;
    const auto owner = *plan.at(*at).parent;
    if (plan.at(owner).step.is_group || out.size() > 1) return {};
    out.insert(plan.at(owner).path);
  }
  return out;
}

}  // namespace

TEST_CASE("of random plans, what is foretold of a step is what then happens") {
  const char* const many = std::getenv("RUNBOOK_SEEDS");
  const std::uint64_t last = many != nullptr ? std::strtoull(many, nullptr, 10) : 400;
  std::map<std::string, int> met;
  for (std::uint64_t seed = 1; seed <= last; ++seed) {
    Dice dice(seed);
    const auto text = Author(dice).write();
    if (text.find("run.id, run.id") != std::string::npos) continue;  // the list cannot be run through
    const auto plan = plan_of(text);
    RunCreated created = usual();
    created.parallel = static_cast<std::int64_t>(1 + dice.below(3));
    created.close_on_failure = dice.one_in(4);
    for (const auto& one : what_if(plan, created).consequences) {
      const auto* kind = plan.at(one.step).step.action.kind;
      if (!kind) continue;
      // What was under way beside it is in doubt, too; and a `hold` that starts over may come too late.
      const bool is_alone = created.parallel == 1 && !kind->asks_people && text.find("hold:") == std::string::npos;
      if (one.mishap == Mishap::machine_dies && !is_alone) continue;
      const auto unlucky = to_fail(plan, one.step);
      if (!unlucky) continue;
      const auto happened = Reality(plan, created, plan.at(one.step).path, *unlucky, one.mishap, dice).end();
      ++met[happened.substr(0, happened.find(';'))];
      if (plan.at(one.step).path.find("rescue:") != std::string::npos) ++met["in a rescue"];
      if (plan.at(one.step).path.find("[]") != std::string::npos) ++met["an element"];
      if (happened.find("finally") != std::string::npos) ++met["finally"];
      if (foretold(plan, one) == happened) continue;
      INFO(text);
      INFO(plan.at(one.step).path << " " << mishap_names[static_cast<std::size_t>(one.mishap)] << ", seed " << seed);
      CHECK(foretold(plan, one) == happened);
      return;
    }
  }
  for (const auto* what : {"succeeded", "failed", "failed open", "criteria_failed open", "waiting open", "refused", "cancelled",
                           "in a rescue", "an element", "finally"}) {
    INFO(what);
    CHECK(met[what] > 5);
  }
}

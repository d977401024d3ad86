// A run without an engine: a plan from YAML text, its events folded one by one, people and results played by the test.
#pragma once
#include <catch2/catch.hpp>

#include "plan/plan.h"
#include "run/accept.h"
#include "run/amend.h"
#include "run/decide.h"
#include "run/judge.h"
#include "run/polling.h"
#include "tests/runbook/memory_files.h"

namespace runbook::tests {

inline Plan plan_of(const std::string& text) {
  auto reading = read_runbook(testing::inputs_of("runbook.yaml"),
                              testing::files_in({{"runbook.yaml", "runbook: 1\nid: test\ntitle: Test\n" + text}}), all_kinds());
  INFO(text);
  if (!reading.runbook) FAIL(testing::rendered(reading.diagnostics, reading.sources));
  auto planning = make_plan(std::move(*reading.runbook), {});
  if (!planning.plan) FAIL(testing::rendered(planning.diagnostics, reading.sources));
  return std::move(*planning.plan);
}

inline Instant start_of_time() { return Instant(std::chrono::hours(500'000)); }
inline const Person operator_person{"op", 1000, "terminal"};
inline const Person second_person{"second", 1001, "command"};

inline AttemptResult exit_of(std::int64_t code, Instant from, Instant to) {
  AttemptResult result;
  result.result = {{"exit", code}, {"stdout", ""}, {"stderr", ""}, {"duration", Value(to - from)}};
  result.started = from;
  result.ended = to;
  return result;
}

// A request with every member optional.
struct Asking {
  Request::What what{};
  std::string step{};
  std::int64_t item = -1;
  Value answer{};
  std::string reason{};
  Record outputs{}, answers{};
  bool hard = false;
  std::uint64_t wait = 0;
  std::int64_t attempt = -1;
  std::uint64_t engine = 0;
  Person by{};
  std::vector<std::string> groups{};
  Instant at{};
  bool downstream = false;
  Request request() const {
    return {what,
            step,
            item,
            answer,
            reason,
            outputs,
            answers,
            hard,
            downstream,
            wait,
            attempt,
            engine,
            by.name.empty() ? operator_person : by,
            groups,
            at};
  }
};

class StagedRun {
 public:
  explicit StagedRun(Plan of, RunCreated created = {})
      : held(std::make_shared<Plan>(std::move(of))),
        plan(*held),
        state(plan),
        now(start_of_time()) {
    if (created.by.name.empty()) created.by = operator_person;
    record(created);
    record(EngineAttached{"host", "world", 1});
    settle();
  }
  explicit StagedRun(const std::string& text, RunCreated created = {}) : StagedRun(plan_of(text), std::move(created)) {}

  void record(Body body) {
    if (auto* finished = std::get_if<AttemptFinished>(&body)) body = recorded_end(state.plan(), state, std::move(*finished));
    events.push_back({state.seq + 1, now, std::move(body)});
    state.apply(events.back());
  }
  // Decides until nothing more is to be recorded.
  void settle() {
    for (int rounds = 0;; ++rounds) {
      REQUIRE(rounds < 1000);
      auto decision = decide(state.plan(), state, now);
      wake_at = decision.wake_at;
      if (decision.record.empty()) return;
      for (Body& body : decision.record) record(std::move(body));
    }
  }
  StepIndex index(const std::string& path) const {
    const auto found = state.plan().find(path);
    INFO(path);
    REQUIRE(found);
    return *found;
  }
  const StepState& at(const std::string& path) const { return state.steps[index(path)]; }
  std::string status(const std::string& path) const { return std::string(name_of(at(path).status)); }
  std::vector<std::string> running() const {
    std::vector<std::string> all;
    for (StepIndex i = 0; i < state.steps.size(); ++i)
      if (state.steps[i].open) all.push_back(state.plan().at(i).path);
    return all;
  }
  std::vector<std::string> asked() const {
    std::vector<std::string> all;
    for (StepIndex i = 0; i < state.steps.size(); ++i)
      if (const auto& q = state.steps[i].question; q && !q->answer)
        all.push_back(state.plan().at(i).path + ": " + std::string(name_of(q->asked.what)));
    return all;
  }
  StagedRun& finish(const std::string& path, std::int64_t code = 0) { return finish_with(path, exit_of(code, now, now)); }
  StagedRun& finish_with(const std::string& path, const AttemptResult& result) {
    const auto i = index(path);
    REQUIRE(state.steps[i].open);
    record(judge(state.plan(), state, i, state.steps[i].open->k, result));
    settle();
    return *this;
  }
  StagedRun& in_doubt(const std::string& path) {
    record(AttemptInDoubt{path, at(path).open->k, "its supervisor died", {}});
    settle();
    return *this;
  }
  StagedRun& pass(Duration time) {
    now += time;
    settle();
    return *this;
  }
  // The refusal, or nothing.
  std::string ask(const Asking& asking) {
    std::string refusal;
    for (Body& body : accept(state.plan(), state, asking.request())) {
      if (const auto* refused = std::get_if<RequestRefused>(&body)) refusal = refused->why;
      record(std::move(body));
    }
    settle();
    return refusal;
  }
  // What stands in the way, in English; or nothing, and the run goes by the other text.
  std::vector<std::string> amend(const std::string& text) {
    const Plan to = plan_of(text);
    auto amendment = runbook::amend(state, to, operator_person, "mended");
    std::vector<std::string> obstacles;
    for (const auto& obstacle : amendment.obstacles) obstacles.push_back(obstacle.text.en);
    if (!obstacles.empty()) return obstacles;
    held->amended.push_back(std::make_shared<const Plan>(to));
    for (Body& body : amendment.record) record(std::move(body));
    return {};
  }
  std::string ended() const {
    return state.finished  ? "finished " + std::string(name_of(*state.finished))
           : state.settled ? "settled " + std::string(name_of(*state.settled))
                           : "open";
  }

  std::shared_ptr<Plan> held;  // stays where it is when a run is copied: its state refers to it
  const Plan& plan;            // as written; state.plan() is the one that has grown
  State state;
  Instant now;
  std::vector<Event> events;
  std::optional<Instant> wake_at;
};

}  // namespace runbook::tests

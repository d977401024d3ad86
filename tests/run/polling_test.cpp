#include "run/polling.h"

#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;

namespace {

constexpr const char* polling = R"(
steps:
  - {id: ready, shell: look, changes: none, retry: {every: 2s, for: 1h}, expect: int(stdout) == 4}
  - {id: beside, needs: [], shell: look, changes: none, retry: {every: 2s, for: 1h}, expect: int(stdout) == 4}
)";

AttemptResult printed(const StagedRun& run, const std::string& text) {
  auto result = exit_of(0, run.now, run.now);
  result.result["stdout"] = text;
  return result;
}

// Both steps look once, and the time until the next look passes.
void look(StagedRun& run, const std::string& ready, const std::string& beside = "0") {
  run.finish_with("ready", printed(run, ready)).finish_with("beside", printed(run, beside)).pass(2s);
}

std::vector<Event> tail_of(const StagedRun& run, std::size_t from) {
  return {run.events.begin() + static_cast<std::ptrdiff_t>(from), run.events.end()};
}

std::string types_of(const std::vector<Event>& events, const std::string& step) {
  std::string out;
  for (const auto& event : events) {
    if (const auto* starting = std::get_if<AttemptStarting>(&event.body); starting && starting->step == step) out += "s";
    if (const auto* finished = std::get_if<AttemptFinished>(&event.body); finished && finished->step == step) out += "f";
    if (const auto* polled = std::get_if<Polled>(&event.body); polled && polled->step == step)
      out += "p" + std::to_string(polled->count);
  }
  return out;
}

}  // namespace

TEST_CASE("tries that change nothing are counted, and joined they give the same state") {
  StagedRun run(polling);
  look(run, "0");
  const auto stored = run.events.size();
  for (const char* value : {"0", "0", "0", "1", "2", "2", "2"}) look(run, value);
  const auto unstored = tail_of(run, stored);
  CHECK(types_of(unstored, "ready") == "p1sp1sp1sfsfsp1sp1s");
  const auto kept = joined(unstored);
  CHECK(types_of(kept, "ready") == "p3sfsfp2s");
  CHECK(types_of(kept, "beside") == "p7s");
  State again(run.plan);
  for (std::size_t i = 0; i < stored; ++i) again.apply(run.events[i]);
  for (const auto& event : kept) again.apply(event);
  CHECK(again == run.state);
  CHECK(run.at("ready").tries == 8);
  CHECK(run.at("ready").attempts == 9);
  REQUIRE(run.at("ready").history.size() == 3);
  CHECK(run.at("ready").history[0].tries == 4);
  CHECK(run.at("ready").history[2].tries == 3);
}

TEST_CASE("an hour of polling every two seconds is a handful of events") {
  StagedRun run(polling);
  look(run, "0");
  const auto stored = run.events.size();
  for (int n = 0; n < 1700; ++n) look(run, "0");
  CHECK(joined(tail_of(run, stored)).size() == 4);  // of both steps: the count, and the look that is under way
  CHECK(run.at("ready").tries == 1701);
}

TEST_CASE("where `hold` begins, and after it was interrupted, a try is told in full") {
  StagedRun run("steps:\n  - {id: a, shell: look, changes: none, hold: 10s, retry: {every: 2s, for: 1h}}\n");
  const auto types = [&] { return types_of(run.events, "a"); };
  run.finish("a").pass(2s).finish("a").pass(2s);
  CHECK(types() == "sfsp1s");
  run.record(EngineAttached{"host", "world", 2});
  run.finish("a").pass(2s).finish("a").pass(2s);
  CHECK(types() == "sfsp1sfsp1s");
  CHECK(run.at("a").held_since == run.now - 4s);
}

TEST_CASE("what changes something is never folded away, nor what a stop cut short") {
  StagedRun run("steps:\n  - {id: a, shell: act, changes: x, rerun: safe, retry: {every: 2s, for: 1h}}\n");
  run.finish("a", 1).pass(2s).finish("a", 1);
  CHECK(types_of(run.events, "a") == "sfsf");
  StagedRun light("steps:\n  - {id: a, shell: look, changes: none, retry: {every: 2s, for: 1h}}\n");
  light.finish("a", 1).pass(2s);
  auto cut = exit_of(1, light.now, light.now);
  cut.outcome = Outcome::cancelled;
  light.finish_with("a", cut);
  CHECK(types_of(light.events, "a") == "sfsf");
}

#include "drive/engine.h"

#include <catch2/catch.hpp>

#include "action/kinds.h"
#include "loop/fake_loop.h"
#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;

TEST_CASE("a store that cannot tell when requests come is looked at by the clock") {
  const Plan plan = plan_of("steps:\n  - { id: look, manual: Look at it, timeout: 1h }\n");
  FakeLoop loop;
  const auto store = make_memory_store();
  REQUIRE(store->news() < 0);
  const RunId id = RunId::fresh();
  RunCreated created;
  created.by = operator_person;
  const Body first = created;
  const Row row{1, loop.now(), std::string(event_type(first)), encode_body(first)};
  const NewRun run{{id, "", "", "", plan.digest, loop.now(), "running"}, "", {}, {}};
  REQUIRE(store->create(run, std::span(&row, 1)));
  const auto no_executor = [](const ActionKind&) -> Executor& { throw std::logic_error("nothing is executed here"); };
  Engine engine({plan, *store, loop, no_executor, {}, {}, "", "", Engine::Waiting::stay}, id);
  REQUIRE(engine.attach());
  loop.run_until(loop.now() + 10s);
  CHECK_FALSE(engine.is_over());
  Asking yes{.what = Request::What::answer, .step = "look", .answer = Value(true)};
  REQUIRE(store->submit(id, loop.now(), encode_request(yes.request())));
  loop.run_until(loop.now() + 3s);
  CHECK(engine.state().finished == RunStatus::succeeded);
}

namespace {

// Starts nothing; the test speaks for its attempts, also for those that are over.
class Ventriloquist : public Executor {
 public:
  struct Silent : ActiveAttempt {
    void go_on() override {}
    void cancel(CancelReason) override {}
  };
  Result<Stamp, Failure> prepare(const AttemptContext&) override { return Stamp(); }
  std::unique_ptr<ActiveAttempt> start(AttemptContext context) override {
    reports.push_back(context.report);
    return std::make_unique<Silent>();
  }
  std::unique_ptr<ActiveAttempt> recover(AttemptContext context) override { return start(std::move(context)); }
  std::vector<std::function<void(Report)>> reports;
};

}  // namespace

TEST_CASE("what an attempt says after its end is not taken for the next one") {
  const Plan plan = plan_of("steps:\n  - { id: look, shell: x, changes: none, retry: { every: 1s, for: 1m } }\n");
  FakeLoop loop;
  const auto store = make_memory_store();
  const RunId id = RunId::fresh();
  RunCreated created;
  created.by = operator_person;
  const Body first = created;
  const Row row{1, loop.now(), std::string(event_type(first)), encode_body(first)};
  REQUIRE(store->create({{id, "", "", "", plan.digest, loop.now(), "running"}, "", {}, {}}, std::span(&row, 1)));
  Ventriloquist executor;
  const auto any = [&](const ActionKind&) -> Executor& { return executor; };
  Engine engine({plan, *store, loop, any, {}, {}, "", "", Engine::Waiting::stay}, id);
  REQUIRE(engine.attach());
  const auto pass = [&](Duration time) { loop.run_until(loop.now() + time); };
  pass(100ms);
  REQUIRE(executor.reports.size() == 1);
  executor.reports[0](exit_of(1, loop.now(), loop.now()));
  pass(1500ms);
  REQUIRE(executor.reports.size() == 2);
  executor.reports[0](exit_of(0, loop.now(), loop.now()));
  pass(100ms);
  CHECK_FALSE(engine.is_over());
  executor.reports[1](exit_of(0, loop.now(), loop.now()));
  pass(100ms);
  CHECK(engine.state().finished == RunStatus::succeeded);
}

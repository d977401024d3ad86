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

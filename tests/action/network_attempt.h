// Carries one reading attempt of a network action to its end on a real loop.
#pragma once
#include <signal.h>

#include <catch2/catch.hpp>
#include <memory>
#include <optional>

#include "action/executor.h"
#include "runbook/field.h"

namespace runbook::tests {

struct NetworkAttempt {
  Record fields{}, connection{};
  std::vector<std::pair<std::string, std::string>> environment{};
  Duration within = std::chrono::seconds(20);
  bool changes_something = false;
  std::optional<std::pair<Duration, CancelReason>> cancel_after{};
  bool recovered = false;
  std::shared_ptr<Loop> loop = make_loop();  // an executor may hold timers of it: it outlives those that a test makes for it

  AttemptResult run(Executor& executor) const {
    ::signal(SIGPIPE, SIG_IGN);  // as the engine does
    std::vector<AttemptResult> results;
    AttemptContext context(*loop);
    context.run = "k7f3";
    context.step = "checks/step";
    context.durable = false;
    context.fields = fields;
    context.connection = connection;
    context.environment = environment;
    context.cwd = "/tmp";
    context.deadline = loop->now() + within;
    context.changes_something = changes_something;
    context.report = [&results](Report report) {
      REQUIRE(std::holds_alternative<AttemptResult>(report));
      results.push_back(std::get<AttemptResult>(std::move(report)));
    };
    const auto attempt = recovered ? executor.recover(context) : executor.start(context);
    CHECK(results.empty());
    Timer timer;
    if (cancel_after) {
      timer = loop->at(loop->now() + cancel_after->first, [&] {
        attempt->cancel(cancel_after->second);
        attempt->cancel(cancel_after->second);
        CHECK(results.empty());
      });
    }
    loop->run();
    attempt->cancel(CancelReason::stop);  // after the report: nothing
    loop->run();
    REQUIRE(results.size() == 1);
    CHECK(results[0].started <= results[0].ended);
    return results[0];
  }
};

inline Value map_of(std::initializer_list<std::pair<const char*, Value>> entries) {
  Value::Map map;
  for (const auto& [name, value] : entries) map.emplace(Value(name), value);
  return map;
}

inline Field literal(Value value) { return {{}, std::move(value)}; }

}  // namespace runbook::tests

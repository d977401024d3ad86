// Texts planned, for tests of what the graph is.
#pragma once
#include <catch2/catch.hpp>

#include "memory_files.h"
#include "plan/plan.h"

namespace runbook::testing {

// What the files ask of the caller's environment: all that a plan sees of it.
inline std::map<std::string, std::string, std::less<>> declared_environment(const Runbook& book, const Inputs& inputs) {
  std::map<std::string, std::string, std::less<>> out;
  for (const auto& unit : book.units)
    for (const auto& [name, at] : unit.requires_.env)
      if (const auto found = inputs.environment.find(name); found != inputs.environment.end()) out.insert(*found);
  return out;
}

inline Runbook read_book(const MemoryFiles& files, const Inputs& inputs) {
  auto reading = read_runbook(inputs, files, all_kinds());
  if (!reading.runbook) FAIL(rendered(reading.diagnostics, reading.sources));
  keep_valid(reading.sources);
  return std::move(*reading.runbook);
}

inline Planning planning_of(const MemoryFiles& files, const Inputs& inputs = inputs_of("runbook.yaml")) {
  Runbook book = read_book(files, inputs);
  auto environment = declared_environment(book, inputs);
  return make_plan(std::move(book), std::move(environment));
}

// Fails the test with what is wrong.
inline Plan plan_of(const MemoryFiles& files, const Inputs& inputs = inputs_of("runbook.yaml")) {
  auto planning = planning_of(files, inputs);
  if (!planning.plan) FAIL(rendered(planning.diagnostics, read_book(files, inputs).sources));
  return std::move(*planning.plan);
}
inline Plan plan_of(const std::string& text, const Inputs& inputs = inputs_of("runbook.yaml")) {
  return plan_of(files_in({{"runbook.yaml", "runbook: 1\n" + text}}), inputs);
}

inline const PlannedStep& at(const Plan& plan, std::string_view path) {
  const auto found = plan.find(path);
  if (!found) FAIL("no step " << path);
  return plan.at(*found);
}

// "b <- a", "d <- b c": every step with what it waits for, in the order of the plan; a step that waits for nothing alone.
inline std::vector<std::string> edges(const Plan& plan) {
  std::vector<std::string> out;
  for (const auto& step : plan.steps) {
    std::string line = step.path;
    for (const auto need : step.needs) line += (need == step.needs[0] ? " <- " : " ") + plan.at(need).path;
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace runbook::testing

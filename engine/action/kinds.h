// Every kind of action there is: the one list that the reader, the plan and the engine know kinds from.
#pragma once
#include <map>
#include <memory>
#include <span>

#include "action/executor.h"
#include "runbook/action_kind.h"

namespace runbook {

std::span<const ActionKind* const> all_kinds();

// An executor for each kind that has one, made at first use.
class Executors {
 public:
  explicit Executors(int supervisor) : supervisor_(supervisor) {}  // the caller's, open as long as this lives
  Executor& of(const ActionKind& kind);

 private:
  int supervisor_;
  std::map<const ActionKind*, std::unique_ptr<Executor>> made_;
};

}  // namespace runbook

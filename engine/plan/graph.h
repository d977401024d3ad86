// From lists of steps to edges: implied order, `needs` resolved, cycles found.
#pragma once
#include "plan/plan.h"

namespace runbook {

// Lays a list of steps (and, within, their groups, guards and probes) into the plan.
void lay_list(Plan& plan, std::vector<Step> list, Role role, const std::string& prefix, std::optional<StepIndex> parent,
              Diagnostics& wrong);
// One line of what a step does, as far as it is known: "kubectl rollout undo \"deployment/$deployment\"".
std::string described(const Plan& plan, StepIndex step);
// The list of a `for_each`, as known_elements; it may be one that cannot be run through.
std::optional<Value> known_list(const Plan& plan, StepIndex for_each);
// Complains about every circle of needs once, naming its steps. What they wait for is not known then.
void find_cycles(Plan& plan, Diagnostics& wrong);
// Which steps have certainly ended when another starts. Steps that stand one behind the other are walked as one: a list of
// 10,000 is one chain, and each question about it is answered at once.
class EndOrder {
 public:
  explicit EndOrder(const Plan& plan);
  // yes: `earlier` has certainly ended whenever `later` starts: it, or a group around it, is needed by `later` or a group
  // around that. unknown: it is not, as far as could be read what is needed.
  enum class Answer { no, yes, unknown };
  Answer ends_before(StepIndex earlier, StepIndex later);

 private:
  struct Place {
    StepIndex head = 0;  // of its chain: each other step of it needs only the one before it, which only that one needs
    std::size_t position = 0;
  };
  const Plan& plan_;
  std::vector<Place> places_;
  std::vector<std::size_t> seen_;  // by the head: the question in which its chain was walked
  std::size_t question_ = 0;
};

}  // namespace runbook

#include "run/what_if.h"

#include <algorithm>
#include <deque>

#include "run/assumed_plan.h"

namespace runbook {
namespace {

// What is looked at: whatever does something or asks somebody, also in a rescue; not what belongs to another step.
bool is_studied(const PlannedStep& planned) {
  return !planned.owner && !planned.step.is_group && !planned.step.for_each && planned.role != Role::watch &&
         planned.role != Role::baseline;
}

bool is_changing(const PlannedStep& planned) { return !planned.reads && !planned.step.is_group && !planned.owner; }

class Study {
 public:
  Study(const Plan& written, const Plan& assumed, const RunCreated& created)
      : written_(written),
        assumed_(assumed),
        created_(created) {}

  WhatIf run() {
    find_point_of_no_return();
    explore(Rehearsal(assumed_, created_), Failures::left_alone);
    // What everything going well does not reach, a failure may: a rescue, a step that asks how another one ended.
    if (!all_studied()) failing_.push_back(Rehearsal(assumed_, created_));
    for (; !failing_.empty() && !all_studied(); failing_.pop_front()) explore(failing_.front(), Failures::followed);
    for (StepIndex i = 0; i < written_.steps.size(); ++i) {
      if (const auto found = found_.find(i); found != found_.end())
        out_.consequences.insert(out_.consequences.end(), found->second.begin(), found->second.end());
      else if (is_studied(written_.at(i))) out_.unreached.push_back(i);
    }
    return std::move(out_);
  }

 private:
  // Of an element the step that stands for all.
  StepIndex as_written(const Plan& plan, StepIndex i) const {
    return i < written_.steps.size() ? i : *written_.find(written_path(plan.at(i).path));
  }
  bool all_studied() const {
    for (StepIndex i = 0; i < written_.steps.size(); ++i)
      if (is_studied(written_.at(i)) && !found_.contains(i)) return false;
    return true;
  }
  // Its failure brings about what otherwise does not happen.
  static bool leads_elsewhere(const Plan& plan, StepIndex i) {
    if (plan.at(i).step.on_fail == OnFail::go_on) return true;
    for (std::optional<StepIndex> at = i; at; at = plan.at(*at).parent)
      if (plan.at(*at).rescue || plan.at(*at).step.on_fail == OnFail::go_on) return true;
    return false;
  }

  void find_point_of_no_return() {
    Rehearsal good(assumed_, created_);
    good.run_to_end();
    for (const auto i : good.state().started) {
      const auto& planned = good.plan().at(i);
      if (planned.role != Role::step || !is_changing(planned) || planned.has_undo || planned.step.rerun_safe) continue;
      out_.no_return = as_written(good.plan(), i);
      return;
    }
  }

  enum class Failures { left_alone, followed };
  void explore(Rehearsal run, Failures failures) {
    while (const auto next = run.coming()) {
      if (next->what != Rehearsal::Coming::What::formality && is_studied(run.plan().at(next->step))) {
        const auto written = as_written(run.plan(), next->step);
        if (!found_.contains(written)) study(run, *next, written);
        if (failures == Failures::followed && leads_elsewhere(run.plan(), next->step) && followed_.insert(written).second)
          failing_.push_back(failed(run, next->step));
      }
      run.go_on();
    }
  }
  static Rehearsal failed(Rehearsal run, StepIndex step) {
    run.suffer(step, Mishap::fails);
    run.run_past_mishap();
    return run;
  }

  void study(const Rehearsal& run, const Rehearsal::Coming& at, StepIndex written) {
    auto& found = found_[written];
    for (const Mishap mishap : {Mishap::fails, Mishap::times_out, Mishap::machine_dies}) {
      const bool is_judged_at_once = !run.plan().at(at.step).step.action.kind;
      if (mishap == Mishap::times_out && is_judged_at_once) continue;
      found.push_back(consequence(run, at.step, mishap));
    }
  }

  Consequence consequence(Rehearsal run, StepIndex step, Mishap mishap) const {
    Consequence out;
    out.step = as_written(run.plan(), step);
    out.mishap = mishap;
    out.aftermath = aftermath_of(run.plan().at(step), mishap);
    for (const auto i : run.state().started)
      if (i != step && run.state().steps[i].open && is_studied(run.plan().at(i))) out.beside.push_back(as_written(run.plan(), i));
    run.suffer(step, mishap);
    run.run_to_end();
    const auto& state = run.state();
    out.end = run.status();
    out.is_open = !state.finished;
    // Where the run stands still, what was under way beside the step has ended.
    const bool stands_still = mishap != Mishap::machine_dies && out.end != RunStatus::succeeded;
    const Effects effects = stands_still ? effects_of(run.plan(), state) : run.by_then();
    out.retried = mishap != Mishap::machine_dies && run.told().attempts > 0;
    out.probed = run.told().probed;
    tell_what_ran(run, out);
    tell_effects(run.plan(), state, effects, out);
    for (StepIndex i = 0; i < state.steps.size(); ++i)
      if (run.is_asked(i)) out.asked.push_back(as_written(run.plan(), i));
    out.handling = mishap == Mishap::machine_dies ? run.told().handling : after_resume(run);
    if (!state.finished) tell_cleanup(run, out);
    return out;
  }

  void tell_what_ran(const Rehearsal& run, Consequence& out) const {
    const Plan& plan = run.plan();
    if (const auto rescued = run.told().rescued) out.rescued = as_written(plan, *rescued);
    for (const auto i : run.told().begun) {
      auto& list = plan.at(i).role == Role::cleanup                                                 ? out.cleanup
                   : run.told().rescued && is_within(plan, i, *plan.at(*run.told().rescued).rescue) ? out.rescue
                                                                                                    : out.begun;
      const auto written = as_written(plan, i);
      if (std::find(list.begin(), list.end(), written) == list.end()) list.push_back(written);
    }
    const auto& state = run.state();
    for (StepIndex i = 0; i < state.steps.size(); ++i)
      if (plan.at(i).role == Role::step && is_studied(plan.at(i)) && !plan.at(i).is_replaced && !is_in_rescue(plan, i) &&
          !state.steps[i].first_started && state.steps[i].status != StepStatus::skipped)
        out.not_started.push_back(as_written(plan, i));
  }
  static bool is_within(const Plan& plan, StepIndex i, StepIndex group) {
    for (std::optional<StepIndex> at = i; at; at = plan.at(*at).parent)
      if (*at == group) return true;
    return false;
  }
  static bool is_in_rescue(const Plan& plan, StepIndex i) {
    for (std::optional<StepIndex> at = i; at; at = plan.at(*at).parent)
      if (plan.at(*at).is_rescue) return true;
    return false;
  }

  void tell_effects(const Plan& plan, const State& state, const Effects& effects, Consequence& out) const {
    auto changed = effects.changed.begin();  // both in the order of `started`
    auto possibly = effects.possibly.begin();
    for (const auto i : state.started) {
      const bool is_changed = changed != effects.changed.end() && *changed == i;
      const bool is_possible = possibly != effects.possibly.end() && *possibly == i;
      changed += is_changed;
      possibly += is_possible;
      const auto written = as_written(plan, i);
      const bool is_tidying = plan.at(i).role == Role::cleanup && written != out.step;  // comes after it
      if ((!is_changed && !is_possible) || is_tidying) continue;
      (is_changed ? out.changed : out.possibly).push_back(written);
      out.is_past_return = out.is_past_return || written == out_.no_return;
      (plan.at(i).has_undo ? out.undoable : out.not_undoable).push_back(written);
    }
    std::reverse(out.undoable.begin(), out.undoable.end());
  }

  static Handling after_resume(Rehearsal run) {
    if (run.state().finished) return Handling::none;
    if (!run.state().settled) return run.question();
    run.resume();
    run.run_to_end();
    return run.told().handling;
  }
  void tell_cleanup(Rehearsal run, Consequence& out) const {
    run.close();
    run.run_to_end();
    for (const auto i : run.told().begun)
      if (run.plan().at(i).role == Role::cleanup) out.cleanup.push_back(as_written(run.plan(), i));
  }

  const Plan& written_;
  const Plan& assumed_;
  const RunCreated& created_;
  std::map<StepIndex, std::vector<Consequence>> found_;
  std::set<StepIndex> followed_;   // steps whose failure was gone on from
  std::deque<Rehearsal> failing_;  // and has not been explored yet
  WhatIf out_;
};

}  // namespace

WhatIf what_if(const Plan& plan, RunCreated created) {
  auto assumed = assume(plan);
  // What a flag answers to a question as it is written fits none that only wants a yes.
  std::erase_if(created.answers, [](const auto& answer) { return !answer.first.starts_with("with:"); });
  auto out = Study(plan, assumed.plan, created).run();
  out.conditions = std::move(assumed.conditions);
  out.one_for_many = std::move(assumed.one_for_many);
  return out;
}

}  // namespace runbook

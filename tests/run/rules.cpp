#include "tests/run/rules.h"

#include <algorithm>

namespace runbook::tests {

void Rules::judge(const Body& body, Instant now) {
  if (const auto* starting = std::get_if<AttemptStarting>(&body)) {
    const auto i = *plan().find(starting->step);
    const auto& planned = plan().at(i);
    if (state_.steps[i].open) broken("a second attempt of " + starting->step + " beside an open one");
    if (starting->k != state_.steps[i].attempts + 1) broken("attempt numbers of " + starting->step + " do not ascend by one");
    if (starting->deadline <= now) broken(starting->step + " starts after its deadline");
    if ((state_.stopping && !state_.closing) || state_.settled)
      broken(starting->step + " starts though the run is being stopped");
    if (state_.closing && planned.role != Role::cleanup) broken(starting->step + " starts in a closing run");
    needs_are_met(i);
    if (planned.role == Role::step)
      for (StepIndex first = 0; first < plan().steps.size(); ++first)
        if (comes_first(first) && !(plan().at(first).role == Role::baseline ? is_ended(state_.steps[first].status)
                                                                            : is_good(plan().at(first), state_.steps[first])))
          broken(starting->step + " starts though " + path(first) + " is " + std::string(name_of(state_.steps[first].status)));
    if (planned.role == Role::step || planned.role == Role::guard) nothing_failed_around(i);
    takes_its_turn(i);
    is_rescued_in_time(i);
    if (!planned.reads && !planned.step.rerun_safe) {
      if (!permissions_[path(i)].may_start) broken(starting->step + " changes something and starts again though nobody said so");
      permissions_[path(i)].may_start = false;
    }
  } else if (const auto* doubt = std::get_if<AttemptInDoubt>(&body)) {
    permissions_[doubt->step].looked = false;
  } else if (const auto* finished = std::get_if<AttemptFinished>(&body)) {
    if (const auto owner = plan().at(*plan().find(finished->step)).owner) permissions_[path(*owner)].looked = true;
    if (finished->outcome == Outcome::not_started || finished->outcome == Outcome::could_not_start)
      permissions_[finished->step].may_start = true;
  } else if (const auto* polled = std::get_if<Polled>(&body)) {
    const auto i = *plan().find(polled->step);
    if (!plan().at(i).reads) broken("tries of " + polled->step + " are counted though it may change something");
    if (const auto owner = plan().at(i).owner) permissions_[path(*owner)].looked = true;
  } else if (const auto* answered = std::get_if<Answered>(&body)) {
    const auto i = *plan().find(answered->step);
    const auto& q = state_.steps[i].question;
    const bool about_doing_it_again = !q || (q->asked.what == Ask::again || q->asked.what == Ask::in_doubt);
    if (about_doing_it_again) permissions_[path(i)].may_start = true;
  } else if (const auto* again = std::get_if<SetBack>(&body); again != nullptr && again->permitted) {
    for (const auto& step : again->steps) {
      const auto i = *plan().find(step);
      if (state_.steps[i].open || state_.steps[i].status == StepStatus::in_doubt) broken(step + " is to run again while it runs");
      permissions_[step].may_start = true;
    }
  } else if (const auto* ended = std::get_if<StepFinished>(&body)) {
    const auto i = *plan().find(ended->step);
    if (state_.steps[i].open) broken(ended->step + " ends with an open attempt");
    const bool by_probe =
        state_.steps[i].status == StepStatus::in_doubt && ended->status == StepStatus::succeeded && !state_.steps[i].question;
    if (by_probe && !permissions_[path(i)].looked) broken(ended->step + " is taken for done though its probe has not looked");
    if (plan().at(i).rescue) ends_after_its_rescue(i, ended->status);
  } else if (const auto* closing = std::get_if<RunClosing>(&body); closing != nullptr && closing->status == RunStatus::refused) {
    bool failed = false;  // since the last resume: what a stop has cancelled is no reason
    for (auto event = events_.rbegin(); event != events_.rend() && !std::holds_alternative<Resumed>(event->body); ++event)
      if (const auto* end = std::get_if<StepFinished>(&event->body))
        if (const auto i = plan().find(end->step))
          failed = failed || (plan().at(*i).role == Role::precondition && end->status != StepStatus::succeeded);
    if (!failed) broken("the run is refused though no precondition failed");
  } else if (const auto* rescuing = std::get_if<Rescuing>(&body)) {
    const auto& s = state_.steps[*plan().find(rescuing->step)];
    if (s.open) broken(rescuing->step + " is rescued with an open attempt");
    if (s.status == StepStatus::in_doubt && !s.question) broken(rescuing->step + " is rescued though it is in doubt");
  } else if (const auto* expanded = std::get_if<Expanded>(&body)) {
    if (state_.expanded.contains(*plan().find(expanded->step))) broken(expanded->step + " is expanded twice");
  } else if (std::holds_alternative<RunSettled>(body)) {
    nothing_is_left_to_guess();
  } else if (std::holds_alternative<RunFinished>(body)) {
    if (state_.open_attempts != 0) broken("the run ends with open attempts");
  }
}
bool Rules::comes_first(StepIndex i) const {
  return plan().at(i).role == Role::precondition || plan().at(i).role == Role::baseline;
}
// A run at rest says of each step that did what it was to do that it has succeeded.
void Rules::nothing_is_left_to_guess() {
  for (StepIndex i = 0; i < plan().steps.size(); ++i) {
    const auto& s = state_.steps[i];
    if (plan().at(i).role != Role::step || plan().at(i).step.is_group || plan().at(i).step.hold) continue;
    if (s.status == StepStatus::running && s.tries > 0 && s.last && s.last->verdict == cel::Verdict::met)
      broken(path(i) + " has done what it was to do, and nobody says so");
  }
}
StepIndex Rules::owner_or_self(StepIndex i) const { return plan().at(i).owner.value_or(i); }
// Elements that have begun go on, and what rescues a failure is kept from it by no other.
void Rules::nothing_failed_around(StepIndex i) {
  const auto own = owner_or_self(i);
  bool halted = false, reaches_top = plan().at(own).role == Role::step;
  for (std::optional<StepIndex> at = own; at; at = plan().at(*at).parent) {
    if (plan().at(*at).is_rescue) reaches_top = false;
    if (!reaches_top || !plan().at(*at).parent) break;
    const bool begun = plan().is_element(*at) && state_.steps[*at].status != StepStatus::pending;
    halted = halted || (state_.halted[*plan().at(*at).parent] && !begun);
  }
  if (halted || (reaches_top && state_.all_halted)) broken(path(i) + " starts though something failed in its list or around it");
}
// Of a `for_each`: no more at once than it says, none after more failures than it allows.
void Rules::takes_its_turn(StepIndex i) {
  for (std::optional<StepIndex> at = owner_or_self(i); at; at = plan().at(*at).parent) {
    if (!plan().is_element(*at)) continue;
    const auto& whole = plan().at(*plan().at(*at).parent);
    std::int64_t under_way = 1, failures = 0;
    for (const auto element : whole.children) {
      const auto status = state_.steps[element].status;
      under_way += element != *at && !is_ended(status) && status != StepStatus::pending;
      failures += is_ended(status) && !is_good(plan().at(element), state_.steps[element]);
    }
    // More may have begun than an amendment allows now.
    const bool begins = state_.amendments == 0 || !state_.steps[*at].first_started;
    if (begins && under_way > whole.step.for_each->at_once) broken(path(i) + " starts beside more elements than allowed");
    if (state_.steps[*at].status == StepStatus::pending && failures > whole.step.for_each->max_failures)
      broken(path(i) + " starts after more failures than allowed");
  }
}
void Rules::is_rescued_in_time(StepIndex i) {
  for (std::optional<StepIndex> at = owner_or_self(i); at; at = plan().at(*at).parent)
    if (plan().at(*at).is_rescue && state_.steps[*plan().at(*at).parent].status != StepStatus::rescuing)
      broken(path(i) + " starts though nothing is to be rescued");
}
// It is rescued when all of its rescue went well, and fails when not.
void Rules::ends_after_its_rescue(StepIndex i, StepStatus status) {
  if (status != StepStatus::rescued && status != StepStatus::failed) return;
  if (state_.steps[i].status != StepStatus::rescuing) return void(broken(path(i) + " ends without its rescue"));
  bool went_well = true;
  for (const auto step : plan().at(*plan().at(i).rescue).children) {
    if (!is_ended(state_.steps[step].status)) broken(path(i) + " ends before its rescue");
    went_well = went_well && is_good(plan().at(step), state_.steps[step]);
  }
  if (went_well != (status == StepStatus::rescued)) broken(path(i) + " ends otherwise than its rescue");
}
void Rules::needs_are_met(StepIndex i) {
  const auto own = plan().at(i).owner ? *plan().at(i).owner : i;
  for (std::optional<StepIndex> at = own; at && !plan().at(*at).is_rescue; at = plan().at(*at).parent)
    for (const auto need : plan().at(*at).needs)
      if (plan().at(need).role == Role::cleanup ? !is_ended(state_.steps[need].status)  // what fails there changes nothing
                                                : !is_good(plan().at(need), state_.steps[need]))
        broken(path(i) + " starts though " + path(need) + " is " + std::string(name_of(state_.steps[need].status)));
  if (!somebody_reran_) nothing_before_it_is_open(own);
}
// What stands before it has ended, also what an amendment has put before steps that had run.
void Rules::nothing_before_it_is_open(StepIndex i) {
  std::set<StepIndex> seen;
  std::vector<StepIndex> way;
  for (std::optional<StepIndex> at = i; at && !plan().at(*at).is_rescue; at = plan().at(*at).parent) way.push_back(*at);
  while (!way.empty()) {
    const auto at = way.back();
    way.pop_back();
    for (const auto need : plan().at(at).needs) {
      if (!seen.insert(need).second) continue;
      if (!is_ended(state_.steps[need].status)) broken(path(i) + " starts though before it is open " + path(need));
      way.push_back(need);
    }
  }
}
bool Rules::is_on_record(const std::string& path) const {
  const auto step = plan().find(path);
  bool found = false;
  for (const auto& event : events_) {
    if (const auto* starting = std::get_if<AttemptStarting>(&event.body)) found = found || starting->step == path;
    if (const auto* admitted = std::get_if<StepAdmitted>(&event.body))
      found = found || (admitted->step == path && step && plan().at(*step).step.is_group);
    if (const auto* amended = std::get_if<RunAmended>(&event.body))  // it was gone: what is called so now is another one
      for (const auto& part : amended->steps)
        if (part.how == Differs::removed && (part.name == path || part.name == written_path(path))) found = false;
  }
  return found;
}

}  // namespace runbook::tests

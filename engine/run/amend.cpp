#include "run/amend.h"

#include <algorithm>

#include "plan/followers.h"
#include "plan/times.h"
#include "run/group.h"
#include "run/judge.h"

namespace runbook {
namespace {

bool is_undecided(const StepState& s) { return s.status == StepStatus::in_doubt && !(s.question && s.question->answer); }
bool is_approval(const PlannedStep& planned) {
  return planned.step.action.kind != nullptr && planned.step.action.kind->name == "approve";
}
bool asks_people(const PlannedStep& planned) {
  return planned.step.action.kind != nullptr && planned.step.action.kind->asks_people;
}
bool comes_first(const PlannedStep& planned) { return planned.role == Role::precondition || planned.role == Role::baseline; }

class Amender {
 public:
  Amender(const State& state, const Plan& to) : state_(state), from_(state.plan()), to_(amended_plan(to, state)) {}

  Amendment run(const Plan& written, const Person& by, const std::string& reason) {
    look_at_the_moment();
    if (out_.obstacles.empty()) look_at_the_whole();
    if (out_.obstacles.empty()) look_at_what_began();
    if (out_.obstacles.empty()) look_at_the_elements(written);
    if (!out_.obstacles.empty()) return std::move(out_);
    amended_.by = by;
    amended_.reason = reason;
    amended_.file = to_.runbook.sources[0].path;
    amended_.from = from_.digest;
    amended_.digest = to_.digest;
    amended_.steps = parts_of(different_steps(state_.ungrown(), written));
    amended_.parts = parts_of(different_parts(state_.ungrown(), written));
    judge_changed();
    judge_approvals();
    judge_what_waits_again();
    out_.record.emplace_back(std::move(amended_));
    return std::move(out_);
  }

 private:
  using Kind = Obstacle::Kind;
  template <class... A>
  void refuse(Kind kind, std::string_view en, std::string_view ko, const A&... args) {
    out_.obstacles.push_back({kind, phrase(en, ko, args...)});
  }

  // An attempt is judged by what it was started as. What only reads has died with its engine, and is done again.
  void look_at_the_moment() {
    if (state_.finished || state_.closing)
      return refuse(Kind::moment, "the run has ended, or is being closed", "실행이 끝났거나 마치는 중입니다");
    for (StepIndex i = 0; i < state_.steps.size(); ++i) {
      const auto& s = state_.steps[i];
      const auto& path = from_.at(i).path;
      if (s.open && s.open->durable)
        refuse(
            Kind::moment,
            "step `{}` runs, and is judged by what it was started as: resume the run, let it end or pause it, then amend",
            "단계 `{}` 이(가) 실행 중이고, 시작할 때의 정의로 판정됩니다: 먼저 실행을 이어서 끝내거나 일시 중지한 뒤 고치십시오",
            path);
      else if (s.open) out_.record.emplace_back(never_started(i));
      if (is_undecided(s))
        refuse(Kind::moment, "step `{}` is in doubt: say first what became of it (runbook resolve), as it was then",
               "단계 `{}` 이(가) 불확실합니다: 먼저 그때의 정의로 결과를 정하십시오 (runbook resolve)", path);
    }
  }
  Body never_started(StepIndex i) const {
    AttemptResult result = nothing_done(state_.last_at);
    result.outcome = Outcome::not_started;
    return judge(from_, state_, i, state_.steps[i].open->k, result);
  }

  void look_at_the_whole() {
    if (from_.runbook.id != to_.runbook.id)
      refuse(Kind::plan, "it is another runbook: `{}`, and the run is one of `{}`", "다른 runbook 입니다: `{}`, 이 실행은 `{}`",
             to_.runbook.id, from_.runbook.id);
    if (from_.locks != to_.locks)
      refuse(Kind::plan, "its `lock` is another one: locks are taken when a run is created",
             "`lock` 이 다릅니다: 잠금은 실행을 만들 때 잡습니다");
    const auto parts = different_parts(from_, to_);
    const bool other_after = std::any_of(parts.begin(), parts.end(), [](const Difference& d) { return d.name == "after"; });
    if (other_after && !state_.follow_ups.empty())
      refuse(Kind::plan, "its `after` is another one, and after/{} is settled already: keep it as it is",
             "`after` 가 다른데 after/{} 은(는) 이미 처리되었습니다: 그대로 두십시오", state_.follow_ups.begin()->first);
  }

  void look_at_what_began() {
    for (StepIndex i = 0; i < state_.steps.size(); ++i) {
      const auto& before = from_.at(i);
      const auto& s = state_.steps[i];
      if (before.owner || before.is_pattern || !has_record(s)) continue;
      const auto now = to_.find(before.path);
      if (!now)
        refuse(
            Kind::plan,
            "step `{}` is not there any more, and it has run ({}): keep it; what is to be done otherwise is a step of another id",
            "단계 `{}` 이(가) 없는데 이미 실행되었습니다 ({}): 그대로 두고, 달리 할 일은 다른 id 의 단계로 쓰십시오", before.path,
            name_of(s.status));
      else if (!is_readable(i, *now))
        refuse(
            Kind::plan,
            "step `{}` was {} and is {} now: what is on record of it ({}) could not be read any more; give the new one another id",
            "단계 `{}` 은(는) {} 였는데 이제 {} 입니다: 기록({})을 읽을 수 없게 됩니다. 새 단계에는 다른 id 를 쓰십시오",
            before.path, before.kind, to_.at(*now).kind, name_of(s.status));
      else if (s.status == StepStatus::rescuing && !to_.at(*now).rescue)
        refuse(Kind::plan, "step `{}` is being rescued: its `rescue` is needed",
               "단계 `{}` 은(는) 복구 중입니다: `rescue` 가 있어야 합니다", before.path);
    }
  }
  // The elements stay those on record: their times must be known of each.
  void look_at_the_elements(const Plan& written) {
    for (const auto& [i, turns] : state_.expanded) {
      const auto& path = from_.at(i).path;
      const auto now = written.find(path);
      if (!now || !written.at(*now).step.for_each) continue;
      std::vector<Element> elements;
      for (const auto child : from_.at(i).children) elements.push_back(from_.at(child).element->element);
      if (const auto timed = times_of_elements(written, *now, elements); !timed)
        out_.obstacles.push_back(
            {Kind::plan,
             {fmt::format("step `{}`: {}", path, timed.error().en), fmt::format("단계 `{}`: {}", path, timed.error().ko)}});
    }
  }
  // What ran as a group or for a list stays one. Another kind is another thing, unless it begins anew.
  bool is_readable(StepIndex before, StepIndex now) const {
    const Step &was = from_.at(before).step, &is = to_.at(now).step;
    if (was.is_group != is.is_group || was.for_each.has_value() != is.for_each.has_value()) return false;
    return was.action.kind == is.action.kind || begins_anew(before);
  }
  // As far as its state tells; whether what it does has changed is another question.
  bool begins_anew(StepIndex before) const {
    const auto& s = state_.steps[before];
    const auto& planned = from_.at(before);
    switch (s.status) {
      case StepStatus::pending: return true;
      case StepStatus::waiting: return !s.question || !s.question->answer;
      case StepStatus::running: return !planned.step.is_group && !is_done(planned, s);
      case StepStatus::failed:
      case StepStatus::cancelled: return !is_tolerated(from_, state_, before) && !is_over(planned);
      case StepStatus::in_doubt:
      case StepStatus::rescuing: return false;
      // What only judges or looks does so by what it is now.
      case StepStatus::succeeded:
      case StepStatus::skipped:
      case StepStatus::rescued:
        return planned.role == Role::criterion || planned.role == Role::watch ||
               (comes_first(planned) && !is_over(planned) && !asks_people(planned));
    }
    return false;
  }
  // Checks before the first step are not looked at behind it.
  bool is_over(const PlannedStep& planned) const { return comes_first(planned) && state_.something_started; }
  // Its attempt went well, and only its end is not on record yet.
  static bool is_done(const PlannedStep& planned, const StepState& s) {
    if (s.open || planned.role == Role::watch) return false;
    return s.tries > 0 && s.never_started == 0 && s.last && s.last->verdict == cel::Verdict::met && !planned.step.hold;
  }

  void judge_changed() {
    for (StepIndex i = 0; i < to_.steps.size(); ++i) {
      const auto& planned = to_.at(i);
      const auto before = from_.find(planned.path);
      if (!before || planned.owner || planned.is_pattern) continue;
      if (!does_otherwise(different_fields(from_, *before, to_, i))) continue;
      const auto& s = state_.steps[*before];
      if (begins_anew(*before)) {
        if (s.status != StepStatus::pending || s.admitted || s.wanted || s.confirmed || s.attempts > 0)
          amended_.set_back.push_back(planned.path);
      } else if (is_ended(s.status) || !planned.step.is_group) {
        keep(written_path(planned.path));
      }
    }
  }
  void keep(std::string path) {
    if (std::find(amended_.kept.begin(), amended_.kept.end(), path) == amended_.kept.end())
      amended_.kept.push_back(std::move(path));
  }

  // An approval is of a plan, by its digest: for whatever has not begun it does not hold any more.
  void judge_approvals() {
    for (StepIndex i = 0; i < to_.steps.size(); ++i) {
      const auto& planned = to_.at(i);
      const auto before = from_.find(planned.path);
      if (!before || planned.owner || planned.is_pattern || !is_approval(planned)) continue;
      const auto& s = state_.steps[*before];
      const bool was_given = s.status == StepStatus::succeeded && s.lasting.contains("by");
      const bool is_refused = s.question && s.question->answer && s.question->answer->answer == Value(false);
      const bool holds_no_more = was_given && !is_left_behind(*before) && something_follows(i);
      if (is_refused || (s.status != StepStatus::waiting && !holds_no_more)) continue;
      const auto again = std::find(amended_.set_back.begin(), amended_.set_back.end(), planned.path);
      if (again != amended_.set_back.end()) amended_.set_back.erase(again);
      std::erase(amended_.kept, written_path(planned.path));
      amended_.asked_again.push_back(planned.path);
    }
  }
  // It stands in what has failed, and the run went on in spite of that: nobody comes back to it.
  bool is_left_behind(StepIndex before) const {
    for (auto at = from_.at(before).parent; at; at = from_.at(*at).parent) {
      const auto status = state_.steps[*at].status;
      if (is_ended(status) && status != StepStatus::succeeded && is_tolerated(from_, state_, *at)) return true;
    }
    return false;
  }
  bool something_follows(StepIndex approval) const {
    const auto& planned = to_.at(approval);
    if (planned.role == Role::criterion) return true;
    if (planned.role == Role::precondition) {
      for (StepIndex i = 0; i < to_.steps.size(); ++i)
        if (to_.at(i).role == Role::step && will_start(i)) return true;
      return false;
    }
    const auto followers = what_needs(to_, approval);
    return std::any_of(followers.begin(), followers.end(), [this](StepIndex i) { return will_start(i); });
  }
  bool will_start(StepIndex i) const {
    const auto& planned = to_.at(i);
    if (planned.owner || planned.is_pattern) return false;
    const auto before = from_.find(planned.path);
    if (!before) return true;
    const auto status = state_.steps[*before].status;
    if (!is_ended(status)) return true;
    return (status == StepStatus::failed || status == StepStatus::cancelled) && !is_tolerated(from_, state_, *before);
  }

  // A step that had begun, and now needs what has not ended, waits for its turn once more.
  void judge_what_waits_again() {
    std::vector<bool> is_open(to_.steps.size(), false);
    for (StepIndex i = 0; i < to_.steps.size(); ++i) {
      const auto before = from_.find(to_.at(i).path);
      if (before && is_ended(state_.steps[*before].status) && !is_named(to_.at(i).path)) continue;
      for (std::optional<StepIndex> at = i; at; at = to_.at(*at).parent) is_open[*at] = true;
    }
    for (StepIndex i = 0; i < to_.steps.size(); ++i) {
      const auto before = from_.find(to_.at(i).path);
      if (!before || to_.at(i).owner || to_.at(i).step.is_group || is_named(to_.at(i).path)) continue;
      const auto& s = state_.steps[*before];
      const bool has_begun = s.status == StepStatus::running || (s.status == StepStatus::waiting && !s.question->answer);
      if (has_begun && !is_done(from_.at(*before), s) && waits_for(i, is_open)) amended_.set_back.push_back(to_.at(i).path);
    }
  }
  // Also through what has ended. A rescue that has begun waits for nothing that was put before its step.
  bool waits_for(StepIndex step, const std::vector<bool>& is_open) const {
    std::set<StepIndex> seen;
    std::vector<StepIndex> way;
    for (std::optional<StepIndex> at = step; at && !to_.at(*at).is_rescue; at = to_.at(*at).parent) way.push_back(*at);
    while (!way.empty()) {
      const StepIndex at = way.back();
      way.pop_back();
      for (const auto need : to_.at(at).needs) {
        if (is_open[need]) return true;
        if (seen.insert(need).second) way.push_back(need);
      }
    }
    return false;
  }
  bool is_named(const std::string& path) const {
    for (const auto* list : {&amended_.set_back, &amended_.asked_again})
      if (std::find(list->begin(), list->end(), path) != list->end()) return true;
    return false;
  }

  static std::vector<AmendedPart> parts_of(const std::vector<Difference>& differences) {
    std::vector<AmendedPart> out;
    for (const auto& one : differences) {
      AmendedPart part{one.name, one.how, {}};
      for (const auto& field : one.fields)
        if (!field.name.empty()) part.fields.push_back(field.name);
      out.push_back(std::move(part));
    }
    return out;
  }

  const State& state_;
  const Plan& from_;
  const Plan to_;
  Amendment out_;
  RunAmended amended_;
};

}  // namespace

bool has_record(const StepState& s) {
  const bool is_only_asked =
      s.status == StepStatus::waiting && s.attempts == 0 && s.question && !s.question->answer && s.question->approvals.empty() &&
      std::none_of(s.question->items.begin(), s.question->items.end(), [](const auto& a) { return a.has_value(); });
  return s.first_started && !is_only_asked;
}

Amendment amend(const State& state, const Plan& to, const Person& by, const std::string& reason) {
  return Amender(state, to).run(to, by, reason);
}

}  // namespace runbook

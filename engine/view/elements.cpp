#include "view/elements.h"

#include "view/sentences.h"
#include "view/step_words.h"

namespace runbook {
namespace {

constexpr std::size_t few = 20;       // elements that are told one by one
constexpr std::size_t few_names = 5;  // in a line

constexpr Sentence at_once{"{} at once", "동시에 {}개"}, may_fail{"{} may fail", "{}개까지 실패해도 됨"},
    counts{"{} of {} ended", "{}/{} 종료"}, failed{"{} failed", "{}개 실패"}, doubtful{"{} in doubt", "{}개 불확실"},
    more{"{} more of `{}`", "`{}` 에 {}개 더"}, and_more{"... {} more", "... 그 밖에 {}개"};

std::string listed(const std::vector<Element>& elements, Language language) {
  std::vector<std::string> names;
  for (const auto& element : elements) {
    if (names.size() == few_names) {
      names.push_back(say(language, and_more, elements.size() - few_names));
      break;
    }
    names.push_back(shown(element.key));
  }
  return fmt::format("{}: {}", elements.size(), join(names, ", "));
}

// "restart[]/drain" as it is shown: "restart[...]/drain".
std::string of_all(const std::string& written) {
  return written.substr(0, written.find('[')) + "[..." + written.substr(written.find(']'));
}

bool needs_to_be_told(StepStatus status) {
  switch (status) {
    case StepStatus::pending:
    case StepStatus::succeeded:
    case StepStatus::skipped:
    case StepStatus::cancelled: return false;
    default: return true;
  }
}

// Of an undo: all that take back what the same `for_each` did.
std::vector<StepIndex> undos_of(const Plan& plan, StepIndex first) {
  std::vector<StepIndex> out;
  for (StepIndex i = first; i < plan.steps.size(); ++i)
    if (plan.at(i).first_of_many == first) out.push_back(i);
  return out;
}

}  // namespace

std::string elements_words(const Plan& plan, StepIndex i, Language language) {
  const auto& written = *plan.at(i).step.for_each;
  const auto known = known_elements(plan, i);
  std::string out = known ? listed(*known, language) : shown(plan.at(i).description);
  std::vector<std::string> how;
  if (written.at_once > 1) how.push_back(say(language, at_once, written.at_once));
  if (written.max_failures > 0) how.push_back(say(language, may_fail, written.max_failures));
  return how.empty() ? out : out + " (" + join(how, ", ") + ")";
}

std::string tally(const Plan& plan, const State& state, StepIndex i, Language language) {
  const bool is_of_undo = plan.at(i).many > few;
  if (!is_of_undo && !state.expanded.contains(i)) return {};
  std::size_t ended = 0, bad = 0, doubts = 0;
  const auto each = is_of_undo ? undos_of(plan, i) : plan.at(i).children;
  for (const auto child : each) {
    const auto status = state.steps[child].status;
    ended += is_ended(status) ? 1 : 0;
    bad += status == StepStatus::failed ? 1 : 0;
    doubts += status == StepStatus::in_doubt ? 1 : 0;
  }
  std::string out = say(language, counts, ended, each.size());
  if (bad > 0) out += ", " + say(language, failed, bad);
  if (doubts > 0) out += ", " + say(language, doubtful, doubts);
  return out;
}

std::optional<StepIndex> summed_up_in(const Plan& plan, StepIndex step) {
  const StepIndex own = plan.at(step).owner.value_or(step);
  if (const auto first = plan.at(own).first_of_many) return plan.at(*first).many > few ? first : std::nullopt;
  for (std::optional<StepIndex> at = own; at; at = plan.at(*at).parent)
    if (plan.is_element(*at)) return plan.at(*plan.at(*at).parent).children.size() > few ? plan.at(*at).parent : std::nullopt;
  return {};
}

std::string name_of_many(const Plan& plan, StepIndex whole) {
  const auto& path = plan.at(whole).path;
  return plan.at(whole).many > 0 ? path.substr(0, path.find('[')) : path;
}

std::size_t count_of_many(const Plan& plan, StepIndex whole) {
  return plan.at(whole).many > 0 ? plan.at(whole).many : plan.at(whole).children.size();
}

std::vector<std::string> Told::left_out_lines(const Plan& plan, Language language) const {
  std::vector<std::string> out;
  // fmt cannot mix automatic and numbered arguments: the Korean order differs.
  for (const auto& [i, count] : left_out)
    out.push_back(language == Language::korean ? say(language, more, name_of_many(plan, i), count)
                                               : say(language, more, count, name_of_many(plan, i)));
  return out;
}

Told told(const Plan& plan, const std::vector<StepIndex>& steps) {
  Told out;
  std::map<StepIndex, std::size_t> seen;
  for (const auto i : steps) {
    const auto whole = summed_up_in(plan, i);
    if (!whole || ++seen[*whole] <= few) out.steps.push_back(i);
    else ++out.left_out[*whole];
  }
  return out;
}

std::vector<StepIndex> told_steps(const Plan& plan, const State& state, Role role) {
  std::vector<StepIndex> out;
  for (const auto i : steps_of(plan, role))
    if (!summed_up_in(plan, i) || plan.at(i).many > 0 || needs_to_be_told(state.steps[i].status)) out.push_back(i);
  return told(plan, out).steps;
}

std::vector<std::string> summed_up(const Plan& plan, const std::vector<StepIndex>& steps) {
  std::vector<std::string> out;
  std::map<std::string, std::size_t> counted;
  for (const auto i : steps) {
    if (!summed_up_in(plan, i)) {
      out.push_back(plan.at(i).path);
      continue;
    }
    const auto written = written_path(plan.at(i).path);
    if (counted[written]++ == 0) out.push_back(written);
  }
  for (auto& path : out)
    if (const auto count = counted.find(path); count != counted.end()) path = fmt::format("{} ({})", of_all(path), count->second);
  return out;
}

}  // namespace runbook

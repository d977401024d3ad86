#include "view/questions.h"

#include <algorithm>
#include <cctype>

#include "base/quoted_word.h"
#include "view/sentences.h"
#include "view/step_words.h"

namespace runbook {
namespace {

constexpr Sentence asked_by{"asked of {}", "{}에게 묻습니다"}, until{"until {}", "{}까지"},
    not_operator{"not whoever runs it", "실행한 사람 제외"}, approvals{"{} of {} approvals", "승인 {}/{}"},
    one_of{"one of: {}", "다음 중 하나: {}"}, optional_item{"optional", "선택"}, answered_item{"answered: {}", "답: {}"},
    type_word{"type `{}` to start it", "시작하려면 `{}` 을(를) 입력합니다"}, needed_now{"is it needed?", "필요합니까?"},
    start_again{"it has been started before: may it be started again?", "이미 시작된 적이 있습니다. 다시 시작해도 됩니까?"},
    give_outputs{"it is not started again: what does it leave behind?", "다시 시작하지 않습니다. 남긴 값은 무엇입니까?"},
    and_reason{"REASON", "이유"}, will_change{"changes", "적힌 변경"};

// A word without a meaning is not offered there.
struct Settlement {
  std::string_view word;
  Sentence in_doubt, again, without_output;
};
constexpr Settlement settlements[] = {
    {"done",
     {"it took effect: what follows goes on", "효과가 있었음: 다음으로 넘어감"},
     {"it is done already: what follows goes on", "이미 된 것으로 봄: 다음으로 넘어감"},
     {"what follows goes on with that", "그 값으로 다음을 계속함"}},
    {"not-done", {"it had no effect: it is started again", "효과가 없었음: 다시 시작"}, {"it is started again", "다시 시작"}, {}},
    {"failed",
     {"it counts as failed", "실패로 봄"},
     {"it stays failed, and is not started", "실패로 두고 시작하지 않음"},
     {"it stays failed", "실패로 둠"}},
    {"skipped",
     {"", ""},
     {"it is left out: what follows goes on", "건너뜀: 다음으로 넘어감"},
     {"what follows goes on without", "그 값 없이 다음을 계속함"}},
};

std::string placeholder(const std::string& type) {
  std::string out = type.empty() ? "VALUE" : type;
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

}  // namespace

std::vector<StepIndex> open_questions(const Plan& plan, const State& state) {
  std::vector<StepIndex> out;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    const auto& s = state.steps[i];
    if (s.question && !s.question->answer && !is_ended(s.status)) out.push_back(i);
  }
  return out;
}

std::vector<std::string> question_lines(const Plan& plan, const State& state, StepIndex step, const Style& style) {
  const auto& q = *state.steps[step].question;
  const auto language = style.language;
  std::vector<std::string> out;
  std::string head = ink(mark(Mark::asks, style), Ink::warn, style) + " " + ink(named(plan, step), Ink::strong, style);
  std::vector<std::string> terms;
  if (!q.asked.by.empty()) terms.push_back(say(language, asked_by, shown(join(q.asked.by, ", "))));
  if (q.asked.not_operator) terms.emplace_back(not_operator.in(language));
  if (q.asked.what == Ask::approve && q.asked.count > 1)
    terms.push_back(say(language, approvals, q.approvals.size(), q.asked.count));
  if (q.asked.until) terms.push_back(say(language, until, format_local_clock(*q.asked.until)));
  if (!terms.empty()) head += "  " + join(terms, ", ");
  out.push_back(head);
  const auto add = [&](const std::string& text) {
    for (auto& line : wrap(text, static_cast<std::size_t>(std::max(style.width - 4, 40)))) out.push_back("    " + line);
  };
  if (!q.asked.sentence.empty()) add(asked_words(q.asked.what, q.asked.sentence, language));
  if (q.asked.what == Ask::confirm && !q.asked.choices.empty()) add(say(language, type_word, shown(q.asked.choices[0])));
  else if (!q.asked.choices.empty()) add(say(language, one_of, shown(join(q.asked.choices, ", "))));
  if (q.asked.what == Ask::optional) add(std::string(needed_now.in(language)));
  if (q.asked.what == Ask::again)
    add(std::string((lacks_only_outputs(state.steps[step]) ? give_outputs : start_again).in(language)));
  for (std::size_t n = 0; n < q.asked.items.size(); ++n) {
    const auto& item = q.asked.items[n];
    const auto& given = q.items[n];
    const Mark m = !given ? Mark::none : *given == Value(false) ? Mark::bad : Mark::good;
    std::string line = fmt::format("{} {}. {}", mark(m, style), n + 1, shown(item.text));
    if (item.optional) line += fmt::format(" ({})", optional_item.in(language));
    if (given && given->boolean() == nullptr) line += "  " + say(language, answered_item, shown(to_text(*given)));
    add(line);
  }
  return out;
}

std::vector<std::string> start_lines(const Plan& plan, StepIndex step, const Style& style) {
  std::vector<std::string> out{ink(mark(Mark::asks, style), Ink::warn, style) + " " + ink(named(plan, step), Ink::strong, style)};
  const auto add = [&](std::string_view label, const std::string& text) {
    for (auto& line : labelled("    " + std::string(label), text, 15, style)) out.push_back(std::move(line));
  };
  add(plan.at(step).kind, shown(plan.at(step).description));
  add(will_change.in(style.language), changes_of(plan, step, style.language));
  return out;
}

std::vector<SettlingWord> settling_words(const StepState& state, Ask what, Language language) {
  std::vector<SettlingWord> out;
  for (const auto& each : settlements) {
    const auto& meaning = what == Ask::in_doubt ? each.in_doubt : lacks_only_outputs(state) ? each.without_output : each.again;
    if (!meaning.en.empty()) out.push_back({each.word, meaning.in(language)});
  }
  return out;
}

std::vector<Proposal> settling_commands(const Plan& plan, const State& state, StepIndex step, std::string_view run, Ask what,
                                        Language language) {
  const auto& s = state.steps[step];
  std::string values;
  if (what == Ask::again && lacks_only_outputs(s))
    for (const auto& [name, expression] : plan.at(step).step.outputs) values += fmt::format(" --output {}=VALUE", name);
  std::vector<Proposal> out;
  for (const auto& [as, meaning] : settling_words(s, what, language))
    out.push_back({fmt::format("runbook resolve {} {} --as {}{} --reason \"{}\"", run, quoted_word(plan.at(step).path), as,
                               as == "done" ? values : "", and_reason.in(language)),
                   std::string(meaning)});
  return out;
}

std::vector<Proposal> answer_commands(const Plan& plan, const State& state, StepIndex step, std::string_view run,
                                      Language language) {
  const auto& q = *state.steps[step].question;
  const std::string target = fmt::format("{} {}", run, quoted_word(plan.at(step).path));
  const std::string reason = fmt::format("--reason \"{}\"", and_reason.in(language));
  const std::string confirm = "runbook confirm " + target;
  const Proposal no{confirm + " --no " + reason, ""};
  switch (q.asked.what) {
    case Ask::approve: return {{"runbook approve " + target, ""}, {"runbook reject " + target + " " + reason, ""}};
    case Ask::in_doubt:
    case Ask::again: return settling_commands(plan, state, step, run, q.asked.what, language);
    case Ask::confirm:
      return {{confirm + " --answer " + quoted_word(q.asked.choices.empty() ? std::string() : q.asked.choices[0]), ""}, no};
    case Ask::optional:
    case Ask::no_data: return {{confirm, ""}, no};
    case Ask::manual: break;
  }
  std::vector<Proposal> out;
  for (std::size_t n = 0; n < q.asked.items.size(); ++n) {
    if (q.items[n]) continue;
    const auto& input = q.asked.items[n].input;
    out.push_back({fmt::format("{} {}{}", confirm, n + 1, input.empty() ? "" : " --answer " + placeholder(input)), ""});
  }
  if (!q.asked.items.empty()) return out;
  if (!q.asked.choices.empty()) return {{confirm + " --answer " + quoted_word(q.asked.choices[0]), ""}, no};
  if (!q.asked.input.empty()) return {{confirm + " --answer " + placeholder(q.asked.input), ""}, no};
  return {{confirm, ""}, no};
}

}  // namespace runbook

#include "view/step_facts.h"

#include "plan/times.h"
#include "view/elements.h"
#include "view/plan_screen.h"
#include "view/step_words.h"
#include "view/used_files.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr Sentence not_operator{"whoever started the run may not approve it", "실행한 사람은 승인할 수 없음"},
    how_many{"approvals needed: {}", "필요한 승인: {}"}, answer{"answer ({})", "답 ({})"},
    one_of{"one of: {}", "하나를 고름: {}"};

constexpr Sentence changes{"changes", "변경"}, expect{"succeeds when", "성공 조건"}, when{"only when", "실행 조건"},
    after{"after", "앞 단계"}, limit{"limit", "제한"}, again{"tried every {} for {}", "{} 간격으로 {} 동안 시도"},
    undo{"undo", "되돌리기"}, probe{"probe", "probe"}, asked{"asked first", "먼저 물음"}, typed{"typed first", "먼저 입력"},
    checked{"checked first", "먼저 확인"}, hold{"must stay true for {}", "{} 동안 참이어야 함"},
    not_for{"when it was not true for {}", "{} 동안 참이 아닐 때"}, rerun{"rerun", "다시 실행"}, outputs{"records", "기록"},
    each{"for each of", "요소마다"}, safe{"safe", "안전함"},
    looks{"looked at every {}; then {}", "{} 간격으로 봄. 맞지 않으면 {}"}, stop{"stop", "멈춤"}, pause{"pause", "일시 중지"},
    uses{"uses", "쓰는 파일"}, environment{"env", "env"}, folder{"in folder", "작업 폴더"}, if_failed{"if it fails", "실패하면"},
    goes_on{"the run goes on", "실행은 계속됨"}, without_data{"without data", "데이터가 없으면"},
    people_decide{"a person is asked", "사람에게 물음"}, undo_environment{"undo env", "되돌리기 env"},
    undo_changes{"undo changes", "되돌리기 변경"}, undo_limit{"undo limit", "되돌리기 제한"};

// The file whose steps it holds; of a check that a list takes from another file, the first of them tells it.
std::optional<unsigned> file_told_at(const Plan& plan, StepIndex i) {
  const auto& step = plan.at(i).step;
  if (step.is_use) return step.outputs_unit;
  const bool is_of_list = !path_prefix(plan.at(i).role).empty() && !plan.at(i).parent;
  if (!is_of_list || step.unit == 0 || (i > 0 && plan.at(i - 1).step.unit == step.unit)) return {};
  return step.unit;
}

std::string assignment(const Plan& plan, StepIndex i, const std::string& name, const Text& text) {
  return name + " = " + step_text(plan, i, text);
}

// What its undo does, with what that has to be given: it stands for itself, as a step would.
std::vector<Fact> undo_facts(const Plan& plan, StepIndex i, Language language) {
  const Step& undone = *plan.at(i).step.undo;
  std::vector<Fact> out;
  const auto add = [&](const Sentence& label, std::string text, bool is_code = false) {
    out.push_back({std::string(label.in(language)), std::move(text), is_code});
  };
  const bool asks = undone.action.kind && undone.action.kind->asks_people;
  for (const auto& text : action_texts(plan, undone.unit, undone.action)) {
    if (text.lines.empty()) continue;
    if (asks) add(undo, question_words(text, language));
    else add(undo, (text.is_code ? "" : text.label + ": ") + join(text.lines, "; "), true);
  }
  for (const auto& [name, text] : undone.env) add(undo_environment, assignment(plan, i, name, text), true);
  if (undone.changes == Changes::says) add(undo_changes, step_text(plan, i, *undone.changes_text));
  if (undone.timeout) add(undo_limit, format_duration(*undone.timeout));
  return out;
}

}  // namespace

std::vector<Fact> facts_of(const Plan& plan, StepIndex i, Language language) {
  const auto& planned = plan.at(i);
  const auto& step = planned.step;
  std::vector<Fact> out;
  const auto add = [&](const Sentence& label, std::string text, bool is_code = false) {
    out.push_back({std::string(label.in(language)), std::move(text), is_code});
  };
  std::vector<std::string> needs;
  for (const auto n : planned.needs) needs.push_back(plan.at(n).step.id);
  const bool is_ordered = planned.role == Role::step || planned.role == Role::cleanup;
  if (!needs.empty() && is_ordered) add(after, join(needs, ", "));
  if (step.when) add(when, shown(step.when->expression.text()), true);
  if (step.optional_question) add(asked, step_text(plan, i, *step.optional_question));
  if (step.confirm) add(typed, step_text(plan, i, *step.confirm), true);
  for (const auto g : planned.guards) add(checked, plan.at(g).step.id + ": " + requirement(plan.at(g)), true);
  if (step.for_each) add(each, elements_words(plan, i, language));
  if (step.on_fail == OnFail::go_on) add(if_failed, std::string(goes_on.in(language)));
  if (const auto unit = file_told_at(plan, i)) add(uses, used_file(plan, *unit, language));
  if (step.is_group) return out;
  for (const auto& [name, text] : step.env) add(environment, assignment(plan, i, name, text), true);
  if (step.cwd) add(folder, step_text(plan, i, *step.cwd), true);
  if (step.expect) add(expect, shown(step.expect->expression.text()), true);
  if (planned.retries)
    add(limit, say(language, again, shown(time_words(planned, &ElementTimes::every, planned.retry.every)),
                   shown(time_words(planned, &ElementTimes::limit, planned.retry.limit.value_or(Duration{})))));
  if (planned.role == Role::watch)
    add(limit, say(language, looks, format_duration(planned.retry.every), (step.pauses ? pause : stop).in(language)));
  if (step.hold && planned.role == Role::watch) add(limit, say(language, not_for, format_duration(*step.hold)));
  else if (step.hold) add(limit, say(language, hold, shown(time_words(planned, &ElementTimes::hold, *step.hold))));
  if (step.no_data == NoData::ask) add(without_data, std::string(people_decide.in(language)));
  if (planned.role == Role::step || planned.role == Role::cleanup) {
    if (!asks_people(planned)) add(changes, changes_of(plan, i, language));
    if (!planned.retries) add(limit, limit_of(planned));
    if (const auto text = expected_of(planned); !text.empty()) add(words::expected, text);
  }
  if (step.rerun_safe) add(rerun, std::string(safe.in(language)));
  for (const auto& [name, output] : step.outputs) add(outputs, name + " = " + shown(output.expression.text()), true);
  if (planned.probe) add(probe, shown(plan.at(*planned.probe).description) + " | " + requirement(plan.at(*planned.probe)), true);
  if (step.undo)
    for (auto& fact : undo_facts(plan, i, language)) out.push_back(std::move(fact));
  return out;
}

std::string question_words(const ActionText& field, Language language) {
  const auto text = join(field.lines, ", ");
  if (field.label == "ask") return text;
  if (field.label == "by") return std::string(words::approver.in(language)) + ": " + text;
  if (field.label == "not_operator" && text == "true") return std::string(not_operator.in(language));
  if (field.label == "count") return say(language, how_many, text);
  if (field.label == "input") return say(language, answer, text);
  if (field.label == "choose") return say(language, one_of, text);
  return field.label + ": " + text;
}

std::vector<Fact> head_facts(const Plan& plan, Language language) {
  const auto& book = plan.runbook;
  std::vector<Fact> out;
  const auto add = [&](const Sentence& label, std::string text) {
    if (!text.empty()) out.push_back({std::string(label.in(language)), std::move(text)});
  };
  add(words::use_when, plan_text(plan, 0, book.use_when));
  add(words::impact, plan_text(plan, 0, book.impact));
  if (book.expected) add(words::expected, format_duration(book.expected->low) + ".." + format_duration(book.expected->high));
  add(words::risk, book.risk);
  add(words::owner, plan_text(plan, 0, book.owner));
  add(words::approver, plan_text(plan, 0, book.approver));
  add(words::contact, plan_text(plan, 0, book.contact));
  return out;
}

}  // namespace runbook

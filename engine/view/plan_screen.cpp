#include "view/plan_screen.h"

#include <algorithm>
#include <utility>

#include "base/text_width.h"
#include "plan/critical_path.h"
#include "view/elements.h"
#include "view/follow_ups.h"
#include "view/graph_lines.h"
#include "view/notice.h"
#include "view/sentences.h"
#include "view/step_words.h"
#include "view/table.h"
#include "view/used_files.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr std::size_t label_width = 14;
constexpr std::size_t few_variables = 4;  // more defaults than this share lines

constexpr Sentence incomplete{"incomplete: {} not given, no digest", "미완성: {} 값이 없어 다이제스트가 없음"},
    declared{"CHANGES is what the author declares; the tool cannot predict what a command will do",
             "CHANGES 는 작성자가 적은 것입니다. 명령이 실제로 무엇을 할지 도구는 예측할 수 없습니다"},
    critical{"* = critical path ({})", "* = 가장 오래 걸리는 경로 ({})"}, now{"as they are now", "지금 상태"},
    beside{"looked at while the steps run; a failure stops or pauses the run, which stays open",
           "단계가 도는 동안 봄. 맞지 않으면 멈추거나 일시 중지하고, 실행은 열린 채로 둠"},
    stops{"every {}: stop", "{} 마다: 멈춤"}, pauses{"every {}: pause", "{} 마다: 일시 중지"},
    stops_after{"every {}: stop after {}", "{} 마다: {} 지속되면 멈춤"},
    pauses_after{"every {}: pause after {}", "{} 마다: {} 지속되면 일시 중지"}, later{"evaluated when it runs", "실행할 때 확인"},
    found{"found", "있음"}, missing{"MISSING", "없음"}, not_run{"by a command, not looked at", "명령으로 읽음, 확인하지 않음"},
    given{"given", "지정함"}, fallback{"default", "기본값"}, ask_marker{"<ask: {}>", "<물음: {}>"},
    required{"<required: {}>", "<필요: {}>"}, required_only{"<required>", "<필요>"}, unset{"<unset>", "<값 없음>"},
    to_give{"--var {}=...", "--var {}=..."}, environment{"environment {}", "환경 변수 {}"}, commands{"commands {}", "명령 {}"},
    when{"when {}", "조건 {}"}, asked{"asked first: {}", "먼저 물음: {}"}, typed{"typed first: {}", "먼저 입력: {}"},
    guarded{"checked first: {}", "먼저 확인: {}"}, each{"each of {}", "요소마다: {}"},
    if_failed{"only when `{}` has failed", "`{}` 가 실패했을 때만"},
    goes_on{"a failure does not stop the run", "실패해도 계속함"}, no_undo{"cannot be undone: {}", "되돌릴 수 없음: {}"},
    safe_again{"without an undo, but safe to run again: {}", "undo 는 없지만 다시 실행해도 안전함: {}"},
    undo_by{"runbook undo RUN, last first: {}", "runbook undo RUN, 나중 것부터: {}"},
    expected_total{"expected {}, at most {}", "예상 {}, 최대 {}"}, and_people{"{} + people", "{} + 사람이 답하는 시간"},
    one_element{"{} counted with one element: the list is not known yet", "{} 는 요소 하나로 계산: 목록을 아직 모름"},
    author_says{"the author says {}", "작성자 예상 {}"};

std::string source_of(const Variable& v, Language language) {
  switch (v.source) {
    case Variable::Source::given: return std::string(given.in(language));
    case Variable::Source::fallback: return std::string(fallback.in(language));
    case Variable::Source::passed:
    case Variable::Source::outer: return {};  // only of a used file
    case Variable::Source::asked:
    case Variable::Source::unset:
    case Variable::Source::unread: return say(language, to_give, v.name);
  }
  return {};
}

// Of a variable that has to be given: its question; one that is only `required` has none, but may say what it is.
std::string asked_words(const Plan& plan, const Variable& v, Language language) {
  if (const auto question = plan_text(plan, 0, v.ask); !question.empty()) return say(language, ask_marker, question);
  const auto help = plan_text(plan, 0, v.help);
  return help.empty() ? std::string(required_only.in(language)) : say(language, required, help);
}

std::string heading(const Sentence& words, const Style& style, std::string_view rest = {}) {
  std::string out = ink(words.in(style.language), Ink::strong, style);
  if (!rest.empty()) out += "  " + ink(rest, Ink::faint, style);
  return out;
}

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// What stands in CHANGES beside the change itself: conditions, questions, titles of what only reads.
std::string changes_cell(const Plan& plan, StepIndex i, Language language) {
  const auto& planned = plan.at(i);
  const auto& step = planned.step;
  std::vector<std::string> notes;
  if (step.when) notes.push_back(say(language, when, shown(step.when->expression.text())));
  if (step.optional_question) notes.push_back(say(language, asked, step_text(plan, i, *step.optional_question)));
  if (step.confirm) notes.push_back(say(language, typed, step_text(plan, i, *step.confirm)));
  for (const auto g : planned.guards) notes.push_back(say(language, guarded, plan.at(g).step.id));
  if (planned.is_rescue) notes.push_back(say(language, if_failed, plan.at(*planned.parent).path));
  if (step.for_each) notes.push_back(say(language, each, elements_words(plan, i, language)));
  if (step.on_fail == OnFail::go_on) notes.emplace_back(goes_on.in(language));
  const std::string note = notes.empty() ? "" : "[" + join(notes, "; ") + "] ";
  const auto title = title_of(plan, i);
  if (step.is_group) return note + title;
  if (asks_people(planned)) return note + (planned.description.empty() ? title : shown(planned.description));
  const auto changes = changes_of(plan, i, language);
  return note + (planned.reads && !title.empty() ? changes + ": " + title : changes);
}

std::string title_or_action(const Plan& plan, StepIndex i) {
  const auto title = title_of(plan, i);
  return title.empty() ? shown(plan.at(i).description) : title;
}

// The title, and what must hold: the expression, else the command that must succeed. In full it stands in `explain`.
std::string text_of_check(const Plan& plan, StepIndex i) {
  const auto& planned = plan.at(i);
  const auto title = title_or_action(plan, i);
  if (asks_people(planned)) return title;
  const auto must = planned.step.expect ? requirement(planned) : shown(planned.description);
  return must.empty() || must == title ? title : title + ": " + must;
}

std::vector<std::string> header_lines(const Plan& plan, const PlanFacts& facts, const Style& style) {
  const auto& book = plan.runbook;
  const auto language = style.language;
  std::vector<std::string> out;
  out.push_back(heading(words::plan, style) + " " + ink(book.id, Ink::strong, style) + "  " + plan_text(plan, 0, book.title));
  const auto add = [&](const Sentence& label, const std::string& text) {
    if (!text.empty()) append(out, labelled("  " + std::string(label.in(language)), text, label_width, style));
  };
  add(words::digest, plan.digest.empty() ? say(language, incomplete, join(book.unanswered, ", ")) : plan.digest);
  add(words::file,
      (book.sources.empty() ? "" : shown(book.sources[0].name)) + (facts.file_hash.empty() ? "" : "  sha256 " + facts.file_hash));
  add(words::use_when, plan_text(plan, 0, book.use_when));
  add(words::impact, plan_text(plan, 0, book.impact));
  std::vector<std::string> people;
  const auto person = [&](const Sentence& label, const Text& text) {
    const auto name = plan_text(plan, 0, text);
    people.push_back(fmt::format("{} {}", label.in(language), name.empty() ? std::string(words::not_named.in(language)) : name));
  };
  person(words::owner, book.owner);
  person(words::approver, book.approver);
  person(words::contact, book.contact);
  if (!book.risk.empty()) people.push_back(fmt::format("{} {}", words::risk.in(language), book.risk));
  append(out, labelled("", join(people, " | "), 2, style));
  add(words::locks, shown(join(plan.locks, ", ")));
  return out;
}

std::pair<Mark, Sentence> presence(SecretPresence::Is is) {
  switch (is) {
    case SecretPresence::Is::found: return {Mark::good, found};
    case SecretPresence::Is::missing: return {Mark::bad, missing};
    case SecretPresence::Is::behind_a_command: break;
  }
  return {Mark::none, not_run};
}

std::vector<std::string> need_lines(const Plan& plan, const PlanFacts& facts, const Style& style) {
  std::vector<std::string> out, secrets, needs, env, commands_needed;
  for (const auto& secret : facts.secrets) {
    const auto [m, words] = presence(secret.is);
    secrets.push_back(ink(mark(m, style), ink_of(m), style) + " " + secret.name + " " + std::string(words.in(style.language)));
  }
  if (!secrets.empty()) out.push_back(heading(words::secrets, style) + "  " + join(secrets, ", "));
  const auto once = [&](std::vector<std::string>& list, const std::string& name, auto of_missing) {
    std::string words = name;
    if (facts.missing) {
      const auto& absent = (*facts.missing).*of_missing;
      const Mark m = std::find(absent.begin(), absent.end(), name) == absent.end() ? Mark::good : Mark::bad;
      words = ink(mark(m, style), ink_of(m), style) + " " + name;
    }
    if (std::find(list.begin(), list.end(), words) == list.end()) list.push_back(std::move(words));
  };
  for (const auto& unit : plan.runbook.units) {
    for (const auto& [name, at] : unit.requires_.env) once(env, name, &MissingRequirements::environment);
    for (const auto& [name, at] : unit.requires_.commands) once(commands_needed, name, &MissingRequirements::commands);
  }
  if (!env.empty()) needs.push_back(say(style.language, environment, join(env, " ")));
  if (!commands_needed.empty()) needs.push_back(say(style.language, commands, join(commands_needed, " ")));
  if (!needs.empty()) out.push_back(heading(words::needed, style) + "  " + join(needs, " | "));
  return out;
}

// As the point of no return of `--what-if` has it: what is safe to run again can be gone on with, and bars no way back.
std::vector<std::string> undo_lines(const Plan& plan, const Style& style) {
  std::vector<std::string> can, again, cannot;
  for (const auto i : steps_of(plan, Role::step)) {
    const auto& planned = plan.at(i);
    if (planned.has_undo) can.insert(can.begin(), planned.path);
    else if (!planned.reads && !planned.step.is_group) (planned.step.rerun_safe ? again : cannot).push_back(planned.path);
  }
  std::vector<std::string> out;
  std::string label = std::string(words::undo.in(style.language)) + "  ";
  const auto indent = display_width(label);
  const auto add = [&](const Sentence& sentence, const std::vector<std::string>& paths) {
    if (!paths.empty())
      append(out, labelled(std::exchange(label, ""), say(style.language, sentence, join(paths, ", ")), indent, style));
  };
  add(undo_by, can);
  add(safe_again, again);
  add(no_undo, cannot);
  return out;
}

std::vector<std::string> watch_table(const Plan& plan, const Style& style) {
  Table table({"", "", "", ""}, {}, Table::Last::cut);
  for (const auto i : steps_of(plan, Role::watch)) {
    const auto& planned = plan.at(i);
    const auto every = format_duration(planned.retry.every);
    const auto& rule = planned.step.hold     ? planned.step.pauses ? pauses_after : stops_after
                       : planned.step.pauses ? pauses
                                             : stops;
    table.add({mark(Mark::none, style), short_path(planned),
               say(style.language, rule, every, planned.step.hold ? format_duration(*planned.step.hold) : ""),
               text_of_check(plan, i)});
  }
  return table.lines(2, style);
}

std::vector<std::string> end_lines(const Plan& plan, const PlanFacts& facts, const Style& style) {
  std::vector<std::string> out, last;
  const auto section = [&](const Sentence& label, const std::string& text) {
    const auto words = std::string(label.in(style.language)) + "  ";
    if (!text.empty()) append(out, labelled(words, text, display_width(words), style));
  };
  for (const auto i : steps_of(plan, Role::cleanup))
    if (!plan.at(i).step.is_group) last.push_back(title_of(plan, i).empty() ? short_path(plan.at(i)) : title_of(plan, i));
  section(words::finally, join(last, ", "));
  for (const auto& channel : plan.runbook.notify) section(words::channels, channel_words(plan, channel));
  section(words::after, follow_up_summary(plan));
  const auto people = waits_for_people(plan);
  const auto with_people = [&](Duration time, bool waits) {
    const auto text = brief_duration(time);
    return waits ? say(style.language, and_people, text) : text;
  };
  std::string total = say(style.language, expected_total, with_people(plan.estimate.expected, people != People::none),
                          with_people(plan.estimate.at_most, people == People::without_limit));
  std::vector<std::string> unknown;
  for (const auto i : unknown_lists(plan)) unknown.push_back(plan.at(i).path);
  if (!unknown.empty()) total += "; " + say(style.language, one_element, join(unknown, ", "));
  if (const auto& range = plan.runbook.expected)
    total += "; " + say(style.language, author_says,
                        range->low == range->high ? format_duration(range->low)
                                                  : format_duration(range->low) + ".." + format_duration(range->high));
  section(words::totals, total);
  section(words::how_to_run, facts.how_to_run);
  return out;
}

}  // namespace

std::vector<std::string> variable_lines(const Plan& plan, const Style& style) {
  const auto& variables = plan.runbook.units[0].variables;
  std::vector<const Variable*> rows, defaults;
  for (const auto& [name, v] : variables) (v.source == Variable::Source::fallback ? defaults : rows).push_back(&v);
  if (defaults.size() <= few_variables) rows.insert(rows.end(), defaults.begin(), defaults.end()), defaults.clear();
  Table table({"", "", "", ""});
  for (const auto* v : rows) {
    const bool is_asked = v->source == Variable::Source::asked;
    const std::string value = v->value   ? shown(to_text(*v->value))
                              : is_asked ? asked_words(plan, *v, style.language)
                                         : std::string(unset.in(style.language));
    const bool is_given = v->source == Variable::Source::given;
    table.add({is_given ? "*" : " ", v->name, source_of(*v, style.language), value}, is_asked   ? Ink::warn
                                                                                     : is_given ? Ink::strong
                                                                                                : Ink::plain);
  }
  auto out = table.lines(0, style);
  std::vector<std::string> pairs;
  for (const auto* v : defaults)
    pairs.push_back(v->name + "=" + (v->value ? shown(to_text(*v->value)) : std::string(unset.in(style.language))));
  if (!pairs.empty())
    append(out, labelled("   " + std::string(fallback.in(style.language)), join(pairs, "  "), label_width, style));
  return out;
}

std::vector<std::string> step_table(const Plan& plan, Role role, const Style& style) {
  const auto steps = steps_of(plan, role);
  std::map<StepIndex, std::size_t> number;
  for (const auto i : steps) number.emplace(i, number.size() + 1);
  using A = Table::Align;
  Table table({"#", "STEP", "KIND", "AFTER", "EXPECTED", "LIMIT", "RERUN", "CHANGES"},
              {A::right, A::left, A::left, A::left, A::right, A::right, A::left, A::left});
  const auto each = told(plan, steps);
  for (const auto i : each.steps) {
    const auto& planned = plan.at(i);
    const bool is_critical = std::find(plan.critical_path.begin(), plan.critical_path.end(), i) != plan.critical_path.end();
    std::vector<std::string> after;
    for (const auto n : planned.needs) after.push_back(std::to_string(number[n]));
    const auto name =
        std::string(2 * static_cast<std::size_t>(depth_of(plan, i)), ' ') + planned.step.id + (is_critical ? " *" : "");
    const bool unsaid = !planned.reads && planned.step.changes == Changes::unsaid;
    table.add({std::to_string(number[i]), name, std::string(planned.kind), join(after, ","), expected_of(planned),
               limit_of(planned), std::string(rerun_of(planned)), changes_cell(plan, i, style.language)},
              unsaid && !planned.step.is_group ? Ink::warn : Ink::plain);
  }
  auto out = table.lines(2, style);
  for (const auto& line : each.left_out_lines(plan, style.language)) out.push_back("  " + line);
  return out;
}

std::vector<std::string> check_table(const Plan& plan, Role role, const State* checks, const Style& style) {
  Table table({"", "", "", ""}, {}, Table::Last::cut);
  for (const auto i : steps_of(plan, role)) {
    const auto& planned = plan.at(i);
    if (planned.step.is_group) continue;
    if (!checks) {
      table.add({mark(asks_people(planned) ? Mark::asks : Mark::none, style), short_path(planned), std::string(planned.kind),
                 text_of_check(plan, i)});
      continue;
    }
    const auto standing = standing_of(plan, *checks, i, style.language);
    const auto found = role == Role::baseline                               ? outputs_of(checks->steps[i])
                       : standing.mark == Mark::good && planned.step.expect ? standing.actual
                                                                            : std::string();
    std::vector<std::string> below;
    if (standing.mark == Mark::bad || standing.mark == Mark::unknown) below = explanation_lines(plan, *checks, i, 6, style);
    table.add({mark(standing.mark, style), short_path(planned), standing.word,
               found.empty() ? text_of_check(plan, i) : title_or_action(plan, i) + "  (" + found + ")"},
              standing.mark == Mark::good ? Ink::plain : ink_of(standing.mark), std::move(below));
  }
  return table.lines(2, style);
}

std::string plan_screen(const Plan& plan, const State* checks, const PlanFacts& facts, const Style& style) {
  if (!facts.checked) checks = nullptr;
  const auto language = style.language;
  std::vector<std::string> out = header_lines(plan, facts, style);
  if (auto lines = variable_lines(plan, style); !lines.empty()) {
    out.push_back(heading(words::variables, style));
    append(out, std::move(lines));
  }
  const auto uses_label = display_width(words::uses.in(language)) + 2;
  if (auto lines = use_lines(plan, uses_label, style); !lines.empty()) {
    lines[0].replace(0, uses_label, heading(words::uses, style) + "  ");
    append(out, std::move(lines));
  }
  append(out, need_lines(plan, facts, style));
  const auto checked = [&](const Sentence& title, Role role) {
    auto lines = check_table(plan, role, checks, style);
    if (lines.empty()) return;
    out.push_back(heading(title, style, (checks ? now : later).in(language)));
    append(out, std::move(lines));
  };
  const auto watched = [&] {
    auto lines = watch_table(plan, style);
    if (lines.empty()) return;
    out.push_back(heading(words::watches, style, beside.in(language)));
    append(out, std::move(lines));
  };
  checked(words::preconditions, Role::precondition);
  checked(words::baseline, Role::baseline);
  watched();
  const auto steps = steps_of(plan, Role::step);
  out.push_back(heading(words::steps, style, fmt::format("({})  {}", steps.size(), declared.in(language))));
  append(out, step_table(plan, Role::step, style));
  out.push_back("  " + ink(say(language, critical, brief_duration(plan.estimate.expected)), Ink::faint, style));
  const auto graph_label = std::string(words::graph.in(language)) + "  ";
  append(out, labelled(graph_label, graph_text(plan, Role::step), display_width(graph_label), style));
  checked(words::criteria, Role::criterion);
  append(out, undo_lines(plan, style));
  append(out, end_lines(plan, facts, style));
  if (!facts.warnings.empty()) {
    out.push_back(heading(words::warnings, style, fmt::format("({})", facts.warnings.size())));
    for (const auto& w : facts.warnings) {
      const auto at = place_words(plan, w.at);
      append(out, labelled("  " + w.code, shown(w.text.in(language)) + (at.empty() ? "" : "  " + at), 9, style));
    }
  }
  return join_lines(out);
}

}  // namespace runbook

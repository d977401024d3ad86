#include "view/show.h"

#include "base/text_width.h"
#include "view/effects.h"
#include "view/elements.h"
#include "view/end_screen.h"
#include "view/failure.h"
#include "view/questions.h"
#include "view/sentences.h"
#include "view/step_words.h"
#include "view/table.h"
#include "view/timeline.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr std::size_t label_width = 14;

constexpr Sentence run_word{"RUN", "실행"}, by{"by", "실행한 사람"}, created{"created", "시작"}, reason{"reason", "이유"},
    ticket{"ticket", "티켓"}, engine{"engine", "엔진"}, no_engine{"none is running", "실행 중인 엔진 없음"},
    people{"PEOPLE", "사람의 결정"}, on_host{"{} on {}", "{}, 호스트 {}"}, no_longer{"file", "파일"}, undone{"undone", "되돌림"},
    filed{"RECORDED, AND TAKEN BY THE NEXT RESUME", "기록됨, 다음 resume 이 받습니다"},
    waiting_for{"WAITING FOR PEOPLE", "사람을 기다리는 질문"}, answer_with{"answer with:", "답하는 명령:"},
    failed{"FAILED", "실패한 단계"};

constexpr Sentence step_heading{"STEP", "단계"}, state_heading{"STATE", "상태"}, tries{"TRIES", "시도"},
    started_at{"STARTED", "시작"}, took_time{"TOOK", "걸린 시간"}, note_heading{"NOTE", "비고"};
constexpr std::size_t most_of_outputs = 200;  // columns of a table that is read at night; the run holds all

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<std::string> state_table(const Plan& plan, const State& state, Role role, const Style& style) {
  using A = Table::Align;
  const auto in = [&](const Sentence& heading) { return std::string(heading.in(style.language)); };
  Table table({"", in(step_heading), in(state_heading), in(tries), in(started_at), in(took_time), in(note_heading)},
              {A::left, A::left, A::left, A::right, A::left, A::right, A::left});
  for (const auto i : told_steps(plan, state, role)) {
    const auto& planned = plan.at(i);
    const auto& s = state.steps[i];
    const auto m = mark_of(s.status);
    const auto started = s.first_started ? format_local_clock(*s.first_started) : std::string();
    const auto took = time_of(s) ? brief_duration(*time_of(s)) : std::string();
    std::string note = title_of(plan, i);
    if (const auto counts = tally(plan, state, i, style.language); !counts.empty()) note += (note.empty() ? "" : "  ") + counts;
    if (!s.why.empty()) note += (note.empty() ? "" : "  ") + ("[" + why_words(s.why, style.language) + "]");
    if (auto outputs = outputs_of(s); !outputs.empty()) {
      if (display_width(outputs) > most_of_outputs) outputs = fit(outputs, most_of_outputs);
      note += (note.empty() ? "" : "  ") + outputs;
    }
    table.add(
        {mark(m, style), std::string(2 * static_cast<std::size_t>(depth_of(plan, i)), ' ') + planned.step.id,
         std::string(word_of(s.status, style.language)), s.attempts > 0 ? std::to_string(s.attempts) : "", started, took, note},
        m == Mark::good ? Ink::plain : ink_of(m));
  }
  return table.empty() ? std::vector<std::string>() : table.lines(0, style);
}

// While an engine works nothing else moves the run on; what shows this screen is not proposed on it.
std::vector<Proposal> commands_now(const Plan& plan, const State& state, const RunFacts& facts, Language language) {
  if (!facts.engine.empty()) return {{"runbook watch " + facts.run, ""}};
  auto out = next_commands(plan, state, facts.run, facts.now, language);
  std::erase_if(out, [&](const Proposal& each) { return each.command == "runbook show " + facts.run; });
  return out;
}

}  // namespace

std::string show_screen(const Plan& plan, const State& state, const std::vector<Event>& events, const RunFacts& facts,
                        const Style& style) {
  const auto language = style.language;
  std::vector<std::string> out{verdict_line(plan, state, facts.run, style)};
  const auto add = [&](const Sentence& label, const std::string& text) {
    if (!text.empty()) append(out, labelled("  " + std::string(label.in(language)), text, label_width, style));
  };
  const auto heading = [&](const Sentence& words) { out.push_back(ink(words.in(language), Ink::strong, style)); };
  add(words::title, plan.runbook.id + "  " + plan_text(plan, 0, plan.runbook.title));
  add(words::file, shown(facts.file));
  add(no_longer, facts.file_changed);
  add(words::digest, plan.digest);
  if (state.amendments > 0) add(words::digest_before, state.written().digest);
  add(undone, facts.undone);
  add(by, say(language, on_host, person_words(state.created.by, language), state.created.host));
  add(created, format_local(state.created_at));
  add(reason, shown(state.created.reason));
  add(ticket, shown(state.created.ticket));
  add(engine, facts.engine.empty() ? std::string(no_engine.in(language)) : facts.engine);
  add(words::locks, shown(join(plan.locks, ", ")));
  const auto section = [&](const Sentence& words, Role role) {
    auto lines = state_table(plan, state, role, style);
    if (lines.empty()) return;
    heading(words);
    append(out, std::move(lines));
  };
  section(words::preconditions, Role::precondition);
  section(words::baseline, Role::baseline);
  section(words::watches, Role::watch);
  section(words::steps, Role::step);
  if (auto lines = criteria_lines(plan, state, style); !lines.empty()) {
    heading(words::criteria);
    append(out, std::move(lines));
  }
  section(words::finally, Role::cleanup);
  if (!failed_steps(plan, state).empty()) heading(failed);
  append(out, all_failure_lines(plan, state, facts.run, {}, style));
  append(out, doubtful_lines(plan, state, facts.run, facts.now, style));
  if (const auto open = open_questions(plan, state); !open.empty()) {
    heading(waiting_for);
    for (const auto i : open) {
      append(out, question_lines(plan, state, i, style));
      out.push_back("    " + std::string(answer_with.in(language)));
      for (const auto& line : proposal_lines(answer_commands(plan, state, i, facts.run, language)))
        out.push_back("      " + line);
    }
  }
  if (!facts.filed.empty()) heading(filed);
  for (const auto& request : facts.filed)
    out.push_back(fmt::format("  {}  {}  {}", name_of(request.what), shown(request.step), person_words(request.by, language)));
  const auto human = decisions(timeline(state.written(), events, facts.run, language));
  if (!human.empty()) heading(people);
  for (const auto& line : human)
    append(out, labelled("  " + format_local_clock(line.at), (line.path.empty() ? "" : line.path + "  ") + line.text, 12, style));
  append(out, effect_lines(plan, state, style));
  append(out, next_lines(commands_now(plan, state, facts, language), style));
  return join_lines(out);
}

}  // namespace runbook

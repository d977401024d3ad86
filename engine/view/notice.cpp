#include "view/notice.h"

#include "run/scope.h"
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

constexpr Sentence waits{"waits for a person: {}", "사람을 기다림: {}"}, has_failed{"{} failed: {}", "{} 실패: {}"},
    in_doubt{"{} is in doubt: nobody knows whether it was done", "{} 불확실: 실행되었는지 알 수 없음"}, ended{"{}", "{}"},
    stays_open{"{}; the run stays open", "{}. 실행은 열린 상태로 남음"}, in_it_failed{"; failed: {}", ". 실패: {}"},
    in_it_rescued{"; failed, and rescued: {}", ". 실패했으나 복구됨: {}"},
    run_on{"run {} on {}, by {}", "실행 {}, 호스트 {}, 운영자 {}"};

std::string what_happened(const State& state, const News& news, Language language) {
  const Plan& plan = state.plan();
  const auto i = plan.find(news.step);
  const auto name = i ? named(plan, *i) : news.step;
  switch (news.what) {
    case Notice::waiting: {
      const auto& question = state.steps[*i].question;
      const auto& asked = question->asked;
      const auto sentence = asked.sentence.empty() && !asked.items.empty() ? asked.items[0].text : asked.sentence;
      return name + ": " + say(language, waits, asked_words(asked.what, sentence, language));
    }
    case Notice::failed: return say(language, has_failed, name, why_words(state.steps[*i].why, language));
    case Notice::in_doubt: return say(language, in_doubt, name);
    case Notice::finished: {
      const auto status = state.finished ? *state.finished : state.settled.value_or(RunStatus::running);
      auto out = say(language, state.finished ? ended : stays_open, word_of(status, language));
      // Also a run that succeeded may hold them: nobody who reads this alone is to think that all went well.
      if (const auto failed = failed_steps(plan, state); !failed.empty())
        out += say(language, in_it_failed, join(summed_up(plan, failed), ", "));
      if (const auto rescued = rescued_steps(plan, state); !rescued.empty())
        out += say(language, in_it_rescued, join(summed_up(plan, rescued), ", "));
      return out;
    }
  }
  return {};
}

std::vector<Proposal> commands_of(const State& state, const News& news, Language language) {
  const Plan& plan = state.plan();
  const auto i = plan.find(news.step);
  if (i && (news.what == Notice::waiting || news.what == Notice::in_doubt))
    return answer_commands(plan, state, *i, state.run_id, language);
  if (news.what == Notice::finished) return next_commands(plan, state, state.run_id, {}, language);
  return {{"runbook show " + state.run_id, ""}};
}

std::string_view sign_of(const State& state, const News& news) {
  switch (news.what) {
    case Notice::waiting: return ":raised_hand:";
    case Notice::failed: return ":x:";
    case Notice::in_doubt: return ":warning:";
    case Notice::finished: return state.finished == RunStatus::succeeded ? ":white_check_mark:" : ":octagonal_sign:";
  }
  return {};
}

// https://api.slack.com/reference/surfaces/formatting#escaping: these three, and no others.
std::string for_slack(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else out += c;
  }
  return out;
}

}  // namespace

Value notice(const Channel& channel, const State& state, const News& news, Language language) {
  const Plan& plan = state.plan();
  const auto title = plan_text(plan, 0, plan.runbook.title);
  const auto heading = title.empty() ? plan.runbook.id : title;
  const auto text = what_happened(state, news, language);
  const auto commands = commands_of(state, news, language);
  if (channel.format == Channel::Format::slack) {
    std::string lines = std::string(sign_of(state, news)) + " *" + for_slack(heading) + "* " + for_slack(text) + "\n" +
                        for_slack(say(language, run_on, state.run_id, state.created.host, state.created.by.name));
    if (!commands.empty()) lines += "\n```" + for_slack(join(proposal_lines(commands), "\n")) + "```";
    return Value::Map{{"text", lines}};
  }
  Value::List next;
  for (const auto& each : commands) next.push_back(each.command);
  Value::Map out{{"runbook", plan.runbook.id},
                 {"title", title},
                 {"run", state.run_id},
                 {"seq", news.seq},
                 {"at", format_utc(news.at)},
                 {"what", name_of(news.what)},
                 {"text", text},
                 {"host", state.created.host},
                 {"operator", state.created.by.name},
                 {"digest", state.created.digest},
                 {"commands", next}};
  if (!news.step.empty()) out.emplace("step", news.step);
  if (news.what == Notice::finished) {
    out.emplace("status", name_of(state.finished ? *state.finished : state.settled.value_or(RunStatus::running)));
    out.emplace("open", !state.finished);
  }
  return out;
}

std::string channel_words(const Plan& plan, const Channel& channel) {
  std::vector<std::string> what;
  for (const auto each : channel.tell) what.emplace_back(name_of(each));
  return fmt::format("{}: {} -> {}", channel.format == Channel::Format::slack ? "slack" : "json", join(what, ", "),
                     plan_text(plan, 0, channel.url));
}

}  // namespace runbook

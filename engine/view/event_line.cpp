#include "view/event_line.h"

#include "view/amendment.h"
#include "view/effects.h"
#include "view/elements.h"
#include "view/sentences.h"
#include "view/step_words.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr Sentence run_created{"run {} created by {} on {}", "실행 {}: {}, 호스트 {}"}, with_reason{"reason: {}", "이유: {}"},
    ticket{"ticket {}", "티켓 {}"}, engine_back{"engine attached: {} pid {}", "엔진 연결: {} pid {}"},
    engine_left{"engine left: {}", "엔진 종료: {}"}, expanded{"{} elements", "요소 {}개"}, group_begins{"begins", "시작"},
    rescuing{"failed, its rescue begins: {}", "실패, 복구 시작: {}"}, started{"started, limit {}", "시작, 제한 {}"},
    started_again{"started again, attempt {}, limit {}", "다시 시작, {}번째 시도, 제한 {}"},
    not_yet{"not yet: {}", "아직 아님: {}"}, holds_now{"true; must stay so for {}", "참. {} 동안 유지되어야 함"},
    never_began{"did not start; trying again", "시작되지 않음. 다시 시도함"},
    cancelling_timeout{"its time is up: it is being ended", "제한 시간이 지나 종료시키는 중"},
    cancelling_stop{"is being ended", "종료시키는 중"}, killing{"is being killed", "강제 종료하는 중"},
    cancelling_not_met{"is being taken back", "되돌리는 중"}, in_doubt{"in doubt: {}", "불확실: {}"},
    skipped{"skipped: {}", "건너뜀: {}"}, skipped_by{"skipped: {} ({})", "건너뜀: {} ({})"},
    unreachable{"waits for its host, {}", "호스트를 기다림, {}"}, asks{"waits for a person: {}", "사람을 기다림: {}"},
    yes{"yes", "예"}, no{"no", "아니요"}, approved{"approved by {}", "승인: {}"}, rejected{"rejected by {}", "거절: {}"},
    answered{"{} answered: {}", "{} 의 답: {}"}, typed{"{} typed the word", "{} 이(가) 확인 단어를 입력함"},
    resolved{"{} says: {}", "{} 의 판단: {}"},
    pause{"paused by {}: what runs is left to end", "일시 중지 요청: {} (실행 중인 것은 끝까지 둠)"},
    runs_again{"is to run again, by {}", "다시 실행 요청: {}"}, with_others{"all that do: {}", "다시 실행할 단계: {}"},
    stop{"stop asked for by {}", "중단 요청: {}"}, stop_hard{"kill asked for by {}", "강제 중단 요청: {}"},
    refused{"a request of {} was refused ({}): {}", "{} 의 요청 거부 ({}): {}"},
    followed_up{"after/{} settled by {}", "after/{} 완료: {}"}, left_out{"after/{} left by {}", "after/{} 하지 않음: {}"},
    told{"{} was told: {}", "{} 에 알림: {}"}, not_told{"{} could not be told ({}): {}", "{} 에 알리지 못함 ({}): {}"},
    noted{"note by {}: {}", "메모, {}: {}"}, resumed{"resumed by {}", "다시 시작: {}"},
    resumed_again{"resumed by {}; again: {}", "다시 시작: {}. 다시 실행: {}"}, closing{"closing: {}", "마치는 중: {}"},
    settled{"{}; the run stays open", "{}. 실행은 열린 상태로 남음"}, finished{"{}", "{}"}, failed_for{"{}: {}", "{}: {}"};

class Liner {
 public:
  Liner(const Plan& plan, const State& after, const Event& event, Language language)
      : plan_(plan),
        state_(after),
        event_(event),
        language_(language) {}

  using Line = std::optional<EventLine>;

  Line operator()(const RunCreated& e) const {
    std::string text = say(language_, run_created, state_.run_id.empty() ? plan_.runbook.id : state_.run_id,
                           person_words(e.by, language_), e.host);
    if (!e.reason.empty()) text += "; " + say(language_, with_reason, shown(e.reason));
    if (!e.ticket.empty()) text += "; " + say(language_, ticket, shown(e.ticket));
    return human("", Mark::busy, std::move(text));
  }
  // The first engine is the run's own beginning.
  Line operator()(const EngineAttached& e) const {
    if (event_.seq <= 2) return {};
    return line("", Mark::busy, say(language_, engine_back, e.host, e.pid));
  }
  Line operator()(const EngineDetached& e) const { return line("", Mark::none, say(language_, engine_left, e.why)); }
  Line operator()(const StepAdmitted& e) const {
    const auto i = plan_.find(e.step);
    if (!i || !plan_.at(*i).step.is_group) return {};
    return line(e.step, Mark::busy, std::string(group_begins.in(language_)));
  }
  Line operator()(const StepSkipped& e) const {
    if (e.by.name.empty()) return line(e.step, Mark::none, say(language_, skipped, why_words(e.why, language_)));
    return human(e.step, Mark::none, say(language_, skipped_by, why_words(e.why, language_), person_words(e.by, language_)));
  }
  Line operator()(const Expanded& e) const { return line(e.step, Mark::busy, say(language_, expanded, e.items.size())); }
  // Tries of what only reads are many: the first is told, its end, and the heartbeat tells the rest.
  Line operator()(const AttemptStarting& e) const {
    const auto i = plan_.find(e.step);
    if (!i || plan_.at(*i).owner || !plan_.at(*i).step.action.kind) return {};
    // A check is short, and its end is told: its start would only double the lines.
    if (plan_.at(*i).role != Role::step && plan_.at(*i).role != Role::cleanup) return {};
    const auto limit = format_duration(std::chrono::ceil<std::chrono::seconds>(e.deadline - event_.at));
    if (e.k > 1) return e.durable ? line(e.step, Mark::busy, say(language_, started_again, e.k, limit)) : Line();
    return line(e.step, Mark::busy, say(language_, started, limit));
  }
  Line operator()(const AttemptProgress& e) const {
    const auto i = plan_.find(e.step);
    const auto& open = i ? state_.steps[*i].open : std::optional<OpenAttempt>();
    if (!open || open->unreachable() == nullptr) return {};
    return line(e.step, Mark::busy, say(language_, unreachable, *open->unreachable()));
  }
  Line operator()(const AttemptCancelling& e) const {
    const auto& what = e.why == CancelReason::timeout   ? cancelling_timeout
                       : e.why == CancelReason::not_met ? cancelling_not_met
                       : e.hard                         ? killing
                                                        : cancelling_stop;
    return line(e.step, Mark::busy, std::string(what.in(language_)));
  }
  Line operator()(const AttemptFinished& e) const {
    const auto i = plan_.find(e.step);
    if (!i || plan_.at(*i).owner) return {};
    const auto& s = state_.steps[*i];
    if (e.outcome == Outcome::not_started) return line(e.step, Mark::busy, std::string(never_began.in(language_)));
    if (e.verdict == cel::Verdict::met)
      return plan_.at(*i).step.hold && s.held_since == event_.at
                 ? line(e.step, Mark::busy, say(language_, holds_now, format_duration(*plan_.at(*i).step.hold)))
                 : Line();
    if (!plan_.at(*i).retries || s.tries > 1 || e.final) return {};
    return line(e.step, Mark::busy, say(language_, not_yet, why_words(e.why, language_)));
  }
  Line operator()(const Polled&) const { return {}; }
  Line operator()(const AttemptInDoubt& e) const {
    return line(e.step, Mark::unknown, say(language_, in_doubt, why_words(e.evidence, language_)));
  }
  Line operator()(const StepFinished& e) const {
    const auto i = plan_.find(e.step);
    if (!i) return {};
    if (plan_.at(*i).role == Role::guard && e.status == StepStatus::succeeded) return {};
    std::string text(word_of(e.status, language_));
    if (!e.why.empty()) text = say(language_, failed_for, text, why_words(e.why, language_));
    const auto& s = state_.steps[*i];
    if (const auto took = time_of(s); took && *took > Duration{}) text += "  " + brief_duration(*took);
    auto out = *line(e.step, mark_of(e.status), std::move(text));
    out.is_failure = e.status == StepStatus::failed && !plan_.at(*i).step.is_group;
    return out;
  }
  Line operator()(const Rescuing& e) const {
    auto out = *line(e.step, Mark::bad, say(language_, rescuing, why_words(e.why, language_)));
    const auto i = plan_.find(e.step);
    out.is_failure = i && !plan_.at(*i).step.is_group;
    return out;
  }
  Line operator()(const Waiting& e) const {
    // Settled by hand: the answer that follows says it all.
    if (e.what == Ask::again && event_.seq == state_.seq && e.sentence == "settled by hand") return {};
    const auto sentence = e.sentence.empty() && !e.items.empty() ? e.items[0].text : e.sentence;
    return line(e.step, Mark::asks, say(language_, asks, asked_words(e.what, sentence, language_)));
  }
  Line operator()(const Answered& e) const {
    const auto who = person_words(e.by, language_);
    const auto i = plan_.find(e.step);
    const auto& q = i ? state_.steps[*i].question : std::nullopt;
    std::string text;
    if (q && q->asked.what == Ask::approve) text = say(language_, e.answer == Value(true) ? approved : rejected, who);
    else if (e.answer.string())
      text = say(language_, q && (q->asked.what == Ask::in_doubt || q->asked.what == Ask::again) ? resolved : answered, who,
                 shown(*e.answer.string()));
    else if (i && !q && state_.steps[*i].confirmed) text = say(language_, typed, who);
    else if (e.answer.boolean()) text = say(language_, answered, who, (*e.answer.boolean() ? yes : no).in(language_));
    else text = say(language_, answered, who, shown(to_text(e.answer)));
    if (e.item >= 0 && q && static_cast<std::size_t>(e.item) < q->asked.items.size())
      text = fmt::format("{}. {}: {}", e.item + 1, shown(q->asked.items[static_cast<std::size_t>(e.item)].text), text);
    if (!e.reason.empty()) text += "; " + say(language_, with_reason, shown(e.reason));
    return human(e.step, e.answer == Value(false) ? Mark::bad : Mark::good, std::move(text));
  }
  Line operator()(const StopRequested& e) const {
    std::string text = say(language_, e.pause ? pause : e.hard ? stop_hard : stop, person_words(e.by, language_));
    if (!e.reason.empty()) text += "; " + say(language_, with_reason, why_words(e.reason, language_));
    return human("", Mark::unknown, std::move(text));
  }
  Line operator()(const RequestRefused& e) const {
    return human("", Mark::unknown,
                 say(language_, refused, person_words(e.by, language_), shown(e.what), why_words(e.why, language_)));
  }
  Line operator()(const Noted& e) const {
    return human("", Mark::none, say(language_, noted, person_words(e.by, language_), shown(e.text)));
  }
  Line operator()(const FollowedUp& e) const {
    std::string text = say(language_, e.done ? followed_up : left_out, e.number, person_words(e.by, language_));
    if (!e.reason.empty()) text += "; " + say(language_, with_reason, shown(e.reason));
    return human("", e.done ? Mark::good : Mark::bad, std::move(text));
  }
  Line operator()(const Notified& e) const {
    const auto channel = fmt::format("notify/{}", e.channel);
    if (e.delivered) return line("", Mark::none, say(language_, told, channel, notice_words(e.what, language_)));
    return line("", Mark::unknown, say(language_, not_told, channel, notice_words(e.what, language_), shown(e.why)));
  }
  Line operator()(const Resumed& e) const {
    const auto who = person_words(e.by, language_);
    return human("", Mark::busy,
                 e.set_back.empty() ? say(language_, resumed, who) : say(language_, resumed_again, who, join(e.set_back, ", ")));
  }
  Line operator()(const SetBack& e) const {
    if (!e.permitted || e.steps.empty()) return {};
    std::string text =
        say(language_, runs_again, person_words(e.by, language_)) + "; " + say(language_, with_reason, shown(e.why));
    if (e.steps.size() > 1) text += "; " + say(language_, with_others, join(e.steps, ", "));
    return human(e.steps[0], Mark::unknown, std::move(text));
  }
  Line operator()(const RunAmended& e) const { return human("", Mark::unknown, amendment_words(e, language_)); }
  Line operator()(const RunClosing& e) const {
    if (steps_of(plan_, Role::cleanup).empty()) return {};
    return line("", Mark::busy, say(language_, closing, word_of(e.status, language_)));
  }
  Line operator()(const RunSettled& e) const {
    return line("", mark_of_run(e.status), say(language_, settled, word_of(e.status, language_)));
  }
  Line operator()(const RunFinished& e) const {
    return line("", mark_of_run(e.status), say(language_, finished, word_of(e.status, language_)));
  }

 private:
  Line line(const std::string& path, Mark mark, std::string text) const {
    return EventLine{event_.at, mark, path, std::move(text), false, false};
  }
  Line human(const std::string& path, Mark mark, std::string text) const {
    return EventLine{event_.at, mark, path, std::move(text), false, true};
  }

  const Plan& plan_;
  const State& state_;
  const Event& event_;
  Language language_;
};

}  // namespace

namespace {

constexpr std::int64_t told_failures = 20;

// Of one of many elements: what went wrong, what asks for somebody; and now and then how far they are.
std::optional<EventLine> summed_up(const Plan& plan, const State& after, StepIndex step, StepIndex whole, EventLine line,
                                   bool has_ended, Language language) {
  const auto count = count_of_many(plan, whole);
  const bool is_undo = plan.at(step).first_of_many.has_value();
  if (line.is_human || line.mark == Mark::unknown || line.mark == Mark::asks) return line;
  if (line.mark == Mark::bad && (is_undo || after.expanded.at(whole).failures <= told_failures)) return line;
  if (!has_ended || !(is_undo || plan.is_element(step))) return {};
  const auto position = is_undo ? step - whole + 1 : static_cast<std::size_t>(plan.at(step).element->index) + 1;
  if (position % std::max<std::size_t>(count / 10, 1) != 0) return {};
  return EventLine{line.at, Mark::busy, name_of_many(plan, whole), tally(plan, after, whole, language), false, false};
}

}  // namespace

std::optional<EventLine> event_line(const Plan& plan, const State& after, const Event& event, Language language) {
  auto line = std::visit(Liner(plan, after, event, language), event.body);
  const auto step = line ? plan.find(line->path) : std::nullopt;
  const auto whole = step ? summed_up_in(plan, *step) : std::nullopt;
  if (!whole) return line;
  const bool has_ended = std::holds_alternative<StepFinished>(event.body) || std::holds_alternative<StepSkipped>(event.body);
  return summed_up(plan, after, *step, *whole, std::move(*line), has_ended, language);
}

}  // namespace runbook

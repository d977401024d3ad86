#include "cli/prompter.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/text_width.h"
#include "base/yes_or_no.h"
#include "cli/inputs.h"
#include "drive/operating_user.h"
#include "view/questions.h"

namespace runbook {
namespace {

bool wants_value(const Waiting& asked, std::int64_t item) {
  if (item >= 0) return !asked.items[static_cast<std::size_t>(item)].input.empty();
  return !asked.input.empty() || !asked.choices.empty();
}

}  // namespace

bool Prompter::is_still_open(const State& state, std::optional<StepIndex> held) const {
  if (asked_->is_start()) return held == asked_->step;
  const auto& q = state.steps[asked_->step].question;
  return q && !q->answer && q->seq == asked_->seq && (asked_->item < 0 || !q->items[static_cast<std::size_t>(asked_->item)]);
}

void Prompter::look(const State& state, std::optional<StepIndex> held) {
  if (is_over_) return;
  plan_ = &state.plan();
  const auto open = open_questions(*plan_, state);
  if (asked_) {
    if (is_still_open(state, held)) {  // an answer that was refused: asked again
      if (!context_.terminal.is_prompting()) say_prompt(question_, asked_->item);
      return;
    }
    asked_.reset();
    context_.terminal.withdraw_prompt();
  }
  if (!open.empty()) return ask(state, open.front());
  if (held) return ask_to_start(*held);
  watch_.reset();
}

void Prompter::watch() {
  if (!watch_) watch_ = loop_.watch(0, Interest::read, [this] { readable(); });
}

void Prompter::ask_to_start(StepIndex step) {
  question_ = {};
  asked_ = Asked{step, 0, -1};
  for (const auto& line : start_lines(*plan_, step, context_.style)) context_.terminal.line(line);
  say_prompt(question_, -1);
  watch();
}

// In the order written; but the list is done with the last one that is required, so optional ones come before it.
std::int64_t Prompter::next_item(const Question& q) {
  std::int64_t first = -1, optional = -1, required = 0;
  for (std::size_t n = q.items.size(); n-- > 0;) {
    if (q.items[n]) continue;
    first = static_cast<std::int64_t>(n);
    if (q.asked.items[n].optional) optional = first;
    else ++required;
  }
  return required == 1 && optional >= 0 ? optional : first;
}

void Prompter::ask(const State& state, StepIndex step) {
  const auto& q = *state.steps[step].question;
  const bool is_same = question_.step == q.asked.step && question_.what == q.asked.what && question_.sentence == q.asked.sentence;
  question_ = q.asked;
  Asked next{step, q.seq, -1};
  next.item = next_item(q);
  asked_ = next;
  if (!is_same || next.item <= 0) {
    for (const auto& line : question_lines(*plan_, state, step, context_.style)) context_.terminal.line(line);
    if (q.asked.what == Ask::in_doubt || q.asked.what == Ask::again)
      for (const auto& [word, meaning] : settling_words(state.steps[step], q.asked.what, context_.style.language))
        context_.terminal.line(fmt::format("      {:<10}{}", word, meaning));
  }
  say_prompt(question_, next.item);
  watch();
}

void Prompter::say_prompt(const Waiting& asked, std::int64_t item) {
  const bool korean = context_.style.language == Language::korean;
  std::string prompt;
  if (asked_->is_start()) {
    prompt = korean ? "시작할까요? y, n (실행 중단), s 이유 (건너뜀), all (나머지 모두)> "
                    : "start it? y, n (stops the run), s REASON (skips it), all (and what follows)> ";
  } else if (item >= 0) {
    const auto& one = asked.items[static_cast<std::size_t>(item)];
    prompt = fmt::format("  {}. {} ({})> ", item + 1, printable(one.text),
                         one.input.empty() ? (one.optional ? "y/n/-" : "y/n") : one.input);
  } else if (asked.what == Ask::in_doubt || asked.what == Ask::again) {
    prompt = korean ? "done, not-done, failed, skipped 중 하나와 이유> " : "done, not-done, failed or skipped, and a reason> ";
  } else if (asked.what == Ask::confirm) {
    prompt = fmt::format(fmt::runtime(korean ? "시작하려면 `{}` 를 입력하십시오> " : "type `{}` to start it> "),
                         asked.choices.front());
  } else if (wants_value(asked, item)) {
    prompt =
        fmt::format("{}> ", asked.input.empty() ? (korean ? "목록의 번호나 값" : "a number or value of the list") : asked.input);
  } else {
    prompt = "y/n> ";
  }
  context_.terminal.prompt(prompt);
}

void Prompter::readable() {
  char bytes[4096];
  const auto got = ::read(0, bytes, sizeof bytes);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) {
    is_over_ = true;
    context_.terminal.withdraw_prompt();
    watch_.reset();
    asked_.reset();
    return says_.ended();
  }
  pending_.append(bytes, static_cast<std::size_t>(got));
  for (auto at = pending_.find('\n'); at != std::string::npos; at = pending_.find('\n')) {
    std::string line = pending_.substr(0, at);
    pending_.erase(0, at + 1);
    context_.terminal.prompt_answered();
    if (asked_) take(std::move(line));
  }
}

Request Prompter::request(Request::What what) const {
  Request out;
  out.what = what;
  out.step = plan_->at(asked_->step).path;
  out.item = asked_->item;
  out.wait = asked_->seq;
  out.by = context_.person;
  out.by.how = "terminal";
  out.groups = group_names(::getuid());
  return out;
}

void Prompter::again(const std::string& why) {
  context_.terminal.line("  " + why);
  say_prompt(question_, asked_->item);
}

void Prompter::take_start(const std::string& line) {
  const auto word = line.substr(0, line.find(' '));
  const auto reason = line.size() > word.size() ? line.substr(word.size() + 1) : "";
  if (word == "all") return says_.start_all();
  if (word == "s") {
    if (reason.empty()) return again("a reason is needed: `s done already`");
    Request r = request(Request::What::resolve);
    r.answer = Value("skipped");
    r.reason = reason;
    return says_.answer(std::move(r));
  }
  const auto yes = parse_yes(word);
  if (!yes) return again("y, n, s REASON or all");
  if (*yes) return says_.start(asked_->step);
  Request stop = request(Request::What::interrupt);
  stop.step.clear();
  stop.reason = reason.empty() ? "no to " + plan_->at(asked_->step).path : reason;
  says_.answer(std::move(stop));
}

void Prompter::take(std::string line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
  while (!line.empty() && line.front() == ' ') line.erase(0, 1);
  if (asked_->is_start()) return take_start(line);
  if (question_.what == Ask::in_doubt || question_.what == Ask::again) {
    const auto word = line.substr(0, line.find(' '));
    Request r = request(Request::What::resolve);
    r.item = -1;
    r.answer = Value(word);
    r.reason = line.size() > word.size() ? line.substr(word.size() + 1) : "";
    if (word != "done" && word != "not-done" && word != "failed" && word != "skipped")
      return again("done REASON, not-done REASON, failed REASON or skipped REASON");
    if (r.reason.empty()) return again("a reason is needed: `done checked by hand`");
    return says_.answer(std::move(r));
  }
  const bool optional_item = asked_->item >= 0 && question_.items[static_cast<std::size_t>(asked_->item)].optional;
  const auto yes = parse_yes(line);
  const auto word = line.substr(0, line.find(' '));
  if (parse_yes(word) == false || (optional_item && (line == "-" || line.empty()))) {
    Request r = request(Request::What::answer);
    r.answer = Value(false);
    r.reason = line.size() > word.size() ? line.substr(word.size() + 1) : "";
    return says_.answer(std::move(r));
  }
  if (question_.what == Ask::approve) {
    if (yes != true) return again("y approves, `n REASON` refuses");
    return says_.answer(request(Request::What::approve));
  }
  Request r = request(Request::What::answer);
  if (question_.what == Ask::confirm) {
    r.answer = Value(line);
  } else if (wants_value(question_, asked_->item)) {
    if (!question_.choices.empty()) {
      const auto number = parse_variable(VariableType::integer, line);
      if (number && number->integer() != nullptr && *number->integer() >= 1 &&
          static_cast<std::size_t>(*number->integer()) <= question_.choices.size())
        line = question_.choices[static_cast<std::size_t>(*number->integer()) - 1];
    }
    if (line.empty()) return again("a value is asked for; `n` answers no");
    r.answer = Value(line);
  } else {
    if (!yes) return again("y or n");
    r.answer = Value(true);
  }
  says_.answer(std::move(r));
}

}  // namespace runbook

#include "cli/inputs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "action/supervised.h"
#include "base/text_width.h"
#include "base/yes_or_no.h"
#include "cli/large_pages.h"
#include "cli/limit_flag.h"
#include "drive/look.h"
#include "run/fit_answer.h"
#include "run/question.h"
#include "view/reasons.h"
#include "view/sentences.h"
#include "yaml/document.h"

namespace runbook {
namespace {

constexpr Sentence values_missing{"these values are missing, and nobody can be asked here:",
                                  "다음 값이 없고, 여기서는 물어볼 사람이 없습니다:"};

Result<void, ExitCode> read_vars_file(const Context& context, const std::string& path,
                                      std::map<std::string, std::string, std::less<>>& into) {
  const auto text = read_file(path, 1U << 20U);
  if (!text) return failure(context.fail(ExitCode::usage, text.error()));
  Diagnostics wrong;
  const auto root = yaml::parse(*text, 0, {}, wrong);
  const Sources sources{{path, path, *text}};
  if (!root) {
    show_diagnostics(context, root.error(), sources);
    return failure(ExitCode::usage);
  }
  if (root->kind != yaml::Node::Kind::map)
    return failure(context.fail(ExitCode::usage, path + ": a file of variables holds NAME: VALUE lines"));
  for (const auto& [name, value] : root->entries) {
    if (value.kind == yaml::Node::Kind::scalar) {
      into.insert_or_assign(name.text, value.text);
    } else if (value.kind == yaml::Node::Kind::sequence) {
      std::string list;
      for (const auto& item : value.items) list += (list.empty() ? "" : ",") + item.text;
      into.insert_or_assign(name.text, list);
    } else {
      return failure(context.fail(ExitCode::usage, fmt::format("{}:{}: `{}` needs a value", path, value.at.line, name.text)));
    }
  }
  return {};
}

std::string shown_text(const Text& text, const Unit& unit, const std::map<std::string, std::string, std::less<>>& environment) {
  return printable(cel::preview(text.text, unit_scope(unit, environment)));
}

// What it is asked with; one that is only `required` says at least what it is, if its author did.
std::string question_of(const Variable& variable, const Unit& unit,
                        const std::map<std::string, std::string, std::less<>>& environment) {
  return shown_text(variable.ask.text.text().empty() ? variable.help : variable.ask, unit, environment);
}

}  // namespace

std::optional<std::string> read_line(const Context& context, const std::string& prompt) {
  context.terminal.prompt(prompt);
  std::string line;
  char c = 0;
  for (;;) {
    const auto got = ::read(0, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return line.empty() ? std::nullopt : std::optional(line);
    if (c == '\n') {
      context.terminal.prompt_answered();
      return line;
    }
    line += c;
  }
}

bool agreed(const Context& context, const std::string& question) {
  if (!context.can_ask || context.arguments.yes) return true;
  for (;;) {
    const auto line = read_line(context, question + " [y/n] ");
    if (!line) return false;
    if (const auto yes = parse_yes(*line)) return *yes;
  }
}

Result<Inputs, ExitCode> gather_inputs(const Context& context, const std::string& file) {
  Inputs inputs;
  inputs.shown = file;
  inputs.path = std::filesystem::absolute(file).lexically_normal().string();
  inputs.strict = context.arguments.strict;
  inputs.environment = context.environment_map();
  const auto limits = parse_limits(context.arguments.limits);
  if (!limits) return failure(context.fail(ExitCode::usage, limits.error()));
  inputs.limits = *limits;
  use_large_pages_for(inputs.path);
  for (const auto& path : context.arguments.variable_files)
    if (const auto read = read_vars_file(context, path, inputs.variables); !read) return failure(read.error());
  for (const auto& text : context.arguments.variables) {
    const auto pair = split_pair(text);
    if (!pair) return failure(context.fail(ExitCode::usage, fmt::format("--var takes NAME=VALUE, not `{}`", text)));
    inputs.variables.insert_or_assign(pair->first, pair->second);
  }
  return inputs;
}

Result<void, ExitCode> ask_missing(const Context& context, Inputs& inputs) {
  for (int round = 0; round < 64; ++round) {
    const auto reading = read_runbook(inputs, DiskFiles(inputs.limits.bytes), all_kinds());
    if (!reading.runbook || reading.runbook->unanswered.empty()) return {};
    const Runbook& book = *reading.runbook;
    if (!context.can_ask) {
      std::string flags;
      for (const auto& name : book.unanswered) {
        const auto& variable = book.units[0].variables.at(name);
        const auto question = question_of(variable, book.units[0], inputs.environment);
        flags += fmt::format("\n  --var {}=...{}", name, question.empty() ? "" : "   " + question);
      }
      return failure(context.fail(ExitCode::waiting, std::string(values_missing.in(context.style.language)) + flags));
    }
    const auto& variable = book.units[0].variables.at(book.unanswered.front());
    std::vector<std::string> choices;
    for (const auto& choice : variable.choices) choices.push_back(to_text(choice));
    if (variable.candidates) {
      const auto supervisor = open_supervisor();
      if (!supervisor) return failure(context.fail(ExitCode::broken, supervisor.error()));
      const auto loop = make_loop();
      Executors executors(supervisor->get());
      const auto found =
          candidates(book, variable, inputs.environment,
                     {*loop, [&](const ActionKind& kind) -> Executor& { return executors.of(kind); }, context.environment});
      if (!found)
        return failure(context.fail(ExitCode::refused,
                                    fmt::format("the candidates for `{}` cannot be listed: {}", variable.name, found.error())));
      if (found->empty())
        return failure(context.fail(ExitCode::refused, fmt::format("there is no candidate for `{}`", variable.name)));
      choices = *found;
    }
    const auto question = question_of(variable, book.units[0], inputs.environment);
    context.terminal.line(question.empty() ? variable.name : question);
    for (std::size_t i = 0; i < choices.size(); ++i) context.terminal.line(fmt::format("  {}) {}", i + 1, printable(choices[i])));
    const auto hint = variable.type == VariableType::boolean ? "[y/n]" : std::string(type_name(variable.type));
    const auto line = read_line(context, fmt::format("{} ({})> ", variable.name, hint));
    if (!line)
      return failure(context.fail(ExitCode::waiting, fmt::format("no answer: give it with --var {}=...", variable.name)));
    std::string value = *line;
    if (variable.type == VariableType::boolean)
      if (const auto yes = parse_yes(value)) value = *yes ? "true" : "false";
    if (!choices.empty()) {
      const auto parsed = parse_variable(VariableType::integer, value);
      const auto* number = parsed ? parsed->integer() : nullptr;
      const bool is_listed = std::find(choices.begin(), choices.end(), value) != choices.end();
      if (!is_listed && number != nullptr && *number >= 1 && static_cast<std::size_t>(*number) <= choices.size())
        value = choices[static_cast<std::size_t>(*number) - 1];
      else if (!is_listed) {
        context.terminal.line("  one of the list, or its number");
        continue;
      }
    }
    Inputs tried = inputs;
    tried.variables.insert_or_assign(variable.name, value);
    const auto again = read_runbook(tried, DiskFiles(tried.limits.bytes), all_kinds());
    if (!again.runbook) {
      show_diagnostics(context, again.diagnostics, again.sources);
      continue;
    }
    inputs = std::move(tried);
  }
  return failure(context.fail(ExitCode::usage, "too many answers that do not fit"));
}

namespace {

bool asks_something(const PlannedStep& planned) {
  const auto* kind = planned.step.action.kind;
  const bool asks_people = kind != nullptr && kind->asks_people;
  return asks_people || !planned.reads || planned.step.no_data == NoData::ask;  // what changes something may end in doubt
}

constexpr Sentence not_yes_or_no{
    "step `{}` asks for yes or no, not for `{}`: it takes yes, y, no, n",
    "단계 `{}` 은(는) 예나 아니오로 답합니다. `{}` 은(는) 둘 다 아닙니다: 예, 네, y, 아니오, n 중에서 쓰십시오"};
// It asks a person, and for no value.
bool asks_yes_or_no(const PlannedStep& planned) {
  const auto has = [&](const char* key) { return planned.step.action.fields.contains(key); };
  return planned.kind == "manual" && !has("choose") && !has("input") && !has("items");
}

struct AnswerFlag {
  std::string_view flag, prefix;
  bool (*is_for)(const PlannedStep&);
  Sentence not_for;
};
constexpr Sentence not_optional{"step `{1}` is not `optional`: {0} leaves nothing out",
                                "단계 `{1}` 은(는) `optional` 이 아닙니다: {0} 로 정할 수 없습니다"};
constexpr auto is_optional = [](const PlannedStep& planned) { return planned.step.optional_question.has_value(); };
constexpr AnswerFlag confirm_flag{"--confirm",
                                  "confirm:",
                                  [](const PlannedStep&planned) { return planned.step.confirm.has_value(); },
                                  {"step `{1}` asks for no word: it has no `confirm` for {0}",
                                   "단계 `{1}` 에는 `confirm` 이 없습니다: {0} 로 답할 것이 없습니다"}},
    answer_flag{
        "--answer",
        "answer:",
        asks_something,
        {"step `{1}` asks nothing that {0} could answer", "단계 `{1}` 은(는) 묻는 것이 없습니다: {0} 로 답할 것이 없습니다"}},
    with_flag{"--with", "with:", is_optional, not_optional}, without_flag{"--without", "with:", is_optional, not_optional};

// Why the answer cannot be one, as far as the question is known before the run; empty: it may be.
std::string why_unfit(const Plan& plan, StepIndex i, const AnswerFlag& of, const Value& answer) {
  const bool is_manual = of.prefix == "answer:" && plan.at(i).kind == "manual";
  if (!is_manual && of.prefix != "confirm:") return {};
  const auto asked = question_of(plan, State(plan), i, is_manual ? Ask::manual : Ask::confirm, Instant());
  if (!asked || !asked->items.empty()) return {};
  const auto fitting = fit_answer(*asked, -1, answer);
  return fitting ? "" : fitting.error();
}

}  // namespace

Result<Record, ExitCode> answers_in_advance(const Context& context, const Plan& plan) {
  Record out;
  const auto language = context.style.language;
  const auto take = [&](const AnswerFlag& of, const std::string& step, Value answer) {
    auto found = plan.find(step);
    if (!found) found = plan.find(written_path(step));
    if (!found) {
      context.fail(ExitCode::usage, fmt::format("there is no step `{}` in this plan", step));
    } else if (!of.is_for(plan.at(*found))) {
      context.fail(ExitCode::usage, say(language, of.not_for, of.flag, step));
    } else if (of.prefix == "answer:" && asks_yes_or_no(plan.at(*found)) && !parse_answer(to_text(answer))) {
      context.fail(ExitCode::usage, say(language, not_yes_or_no, step, to_text(answer)));
    } else if (const auto why = why_unfit(plan, *found, of, answer); !why.empty()) {
      context.fail(ExitCode::usage, fmt::format("{} {}={}: {}", of.flag, step, to_text(answer), reason_in(why, language)));
    } else {
      out.insert_or_assign(std::string(of.prefix) + step, std::move(answer));
      return true;
    }
    return false;
  };
  const auto take_pairs = [&](const AnswerFlag& of, const std::vector<std::string>& given) {
    return std::all_of(given.begin(), given.end(), [&](const std::string& text) {
      const auto pair = split_pair(text);
      if (!pair) context.fail(ExitCode::usage, fmt::format("{} takes STEP=VALUE, not `{}`", of.flag, text));
      return pair && take(of, pair->first, Value(pair->second));
    });
  };
  const auto take_steps = [&](const AnswerFlag& of, const std::vector<std::string>& steps, bool wanted) {
    return std::all_of(steps.begin(), steps.end(), [&](const std::string& step) { return take(of, step, Value(wanted)); });
  };
  const auto& a = context.arguments;
  if (take_pairs(confirm_flag, a.confirms) && take_pairs(answer_flag, a.answers) && take_steps(with_flag, a.with, true) &&
      take_steps(without_flag, a.without, false))
    return out;
  return failure(ExitCode::usage);
}

}  // namespace runbook

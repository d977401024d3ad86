// `eval`: an expression is tried on real data, a file's or a step's, and explained as a verdict would be.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/masker.h"
#include "base/quoted_word.h"
#include "base/safe_file.h"
#include "base/text_width.h"
#include "cli/commands.h"
#include "cli/end_facts.h"
#include "cli/output_tails.h"
#include "cli/shared_sentences.h"
#include "run/scope.h"

namespace runbook {
namespace {

constexpr Sentence no_json{"{}: {}; `json` needs it, `stdout` and `lines` do not",
                           "{}: {}. `json` 에는 필요하고, `stdout` 과 `lines` 에는 필요하지 않습니다"};
constexpr std::size_t longest_output = 8U << 20U;  // what a step's own expressions see at most

// The caret under the place: expressions on a command line have no file.
std::string pointed_out(const std::string& text, const cel::Complaint& complaint, Language language) {
  std::string out = complaint.code + ": " + complaint.text.in(language) + "\n  " + text + "\n  ";
  out += std::string(display_width(text.substr(0, complaint.offset)), ' ') +
         std::string(std::max<std::size_t>(complaint.length, 1), '^');
  if (!complaint.help.in(language).empty()) out += "\n  = " + std::string(complaint.help.in(language));
  return out;
}

Value lines_of(std::string_view text) {
  Value::List lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(std::string(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return Value(std::move(lines));
}

// A file is seen as what a command printed: `stdout`, `lines`, and `json` where it is JSON.
cel::Scope scope_of_file(std::string text) {
  return [text = std::move(text)](std::string_view root) -> std::optional<Value> {
    if (root == "stdout" || root == "text") return Value(text);
    if (root == "lines") return lines_of(text);
    if (root != "json") return {};
    auto parsed = parse_json(text);
    return parsed ? std::optional(*parsed) : std::nullopt;
  };
}

// What the latest attempt of a step said, as far as it was kept, with secrets masked.
AttemptResult kept_result(const State& state, StepIndex step, const std::string& folder, const Masker& masker) {
  AttemptResult out;
  const auto& s = state.steps[step];
  if (!s.last) return out;
  out.result = s.last->lasting;
  for (const auto& tail : output_tails(s.last->facts)) out.result.insert_or_assign(tail.name, masker.text(tail.text));
  for (const auto& [name, extension] : {std::pair("stdout", "out"), std::pair("stderr", "err")})
    if (const auto bytes =
            read_file(fmt::format("{}/{:04}.{}.{}", folder, state.plan().at(step).number, s.last->k, extension), longest_output))
      out.result.insert_or_assign(name, masker.text(*bytes));
  return out;
}

ExitCode explain(const Context& context, const cel::Expression& expression, const cel::Scope& scope) {
  const auto found = cel::evaluate(expression, scope);
  std::string out;
  if (found.value) out = to_json(*found.value) + "\n";
  for (const auto& line : cel::explain_lines(found.explained)) out += "  " + explained_line(line, context.style) + "\n";
  context.terminal.result(out);
  if (found.value) return ExitCode::done;
  return context.fail(ExitCode::criteria_failed, found.error);
}

}  // namespace

ExitCode eval_command(const Context& context) {
  const auto& a = context.arguments;
  const auto expression = cel::Expression::parse(a.text);
  if (!expression) {
    for (const auto& complaint : expression.error())
      context.terminal.line(pointed_out(a.text, complaint, context.style.language));
    return ExitCode::invalid;
  }
  if (!a.on.empty()) {
    const auto text = read_file(a.on, longest_output);
    if (!text) return context.fail(ExitCode::usage, fmt::format("{} cannot be read", a.on));
    const auto& used = expression->references();
    if (std::any_of(used.begin(), used.end(), [](const auto& each) { return each.path.front() == "json"; }))
      if (const auto json = parse_json(*text); !json)
        return context.fail(ExitCode::usage, say(context.style.language, no_json, quoted_word(a.on), json.error()));
    return explain(context, *expression, scope_of_file(*text));
  }
  if (a.run.empty()) return explain(context, *expression, [](std::string_view) { return std::optional<Value>(); });
  auto store = context.open_store(Access::read);
  if (!store) return context.fail(store.error());
  const auto run = load_run(context, **store, a.run);
  if (!run) return run.error();
  const State state = fold(*run);
  const Plan& plan = state.plan();
  const auto step = plan.find(a.step);
  if (!a.step.empty() && !step)
    return context.fail(ExitCode::usage, say(context.style.language, no_such_step, run->row.id.text(), a.step));
  const auto masker = masker_for(state);
  if (!masker) return context.fail(ExitCode::broken, fmt::format("a secret of the run cannot be masked: {}", masker.error()));
  AttemptResult own;
  if (step) own = kept_result(state, *step, (*store)->run_directory_path(run->row.id), *masker);
  return explain(
      context, *expression,
      scope_of(plan, state, step, step ? plan.at(*step).step.unit : 0, expression->references(), step ? &own : nullptr));
}

}  // namespace runbook

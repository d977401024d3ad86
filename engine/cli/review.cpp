// Commands that look and change nothing: run --plan, check, list, explain.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "action/supervised.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/quoted_word.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/file_review.h"
#include "cli/inputs.h"
#include "cli/requirements.h"
#include "cli/same_run.h"
#include "drive/look.h"
#include "drive/secrets.h"
#include "plan/plan_value.h"
#include "view/document.h"
#include "view/plan_screen.h"
#include "view/what_if_screen.h"

namespace runbook {
namespace {

struct Looking {
  Inputs inputs;
  Plan plan;
  Diagnostics warnings;
  Sources sources;
};

// Text to plan with what is given; errors were shown.
Result<Looking, ExitCode> look_at_file(const Context& context, const std::string& file, ScriptReaders readers) {
  auto inputs = gather_inputs(context, file);
  if (!inputs) return failure(inputs.error());
  auto reviewed = review_file(context, *inputs, readers);
  if (!reviewed.plan || has_errors(reviewed.diagnostics)) {
    show_diagnostics(context, reviewed.diagnostics, reviewed.sources);
    return failure(ExitCode::invalid);
  }
  return Looking{std::move(*inputs), std::move(*reviewed.plan), std::move(reviewed.diagnostics), std::move(reviewed.sources)};
}

// A state of the whole plan in which the checks stand as they were found.
Result<State, ExitCode> look_at_checks_of(const Context& context, const Looking& looking) {
  const auto supervisor = open_supervisor();
  if (!supervisor) return failure(context.fail(ExitCode::broken, supervisor.error()));
  const auto loop = make_loop();
  Executors executors(supervisor->get());
  const auto reading = read_runbook(looking.inputs, DiskFiles(looking.inputs.limits.bytes), all_kinds());
  State state(looking.plan);
  if (!reading.runbook) return state;
  const auto found =
      look_at_checks(*reading.runbook, looking.plan.environment,
                     {*loop, [&](const ActionKind& kind) -> Executor& { return executors.of(kind); }, context.environment});
  for (const auto& [path, step] : found)
    if (const auto i = looking.plan.find(path)) state.steps[*i] = step;
  return state;
}

// Those that were looked at; a check that no engine looked at says nothing.
bool all_hold(const Plan& plan, const State& state, Role role) {
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    if (plan.at(i).role == role &&
        (state.steps[i].status == StepStatus::failed || state.steps[i].status == StepStatus::cancelled))
      return false;
  return true;
}

SecretPresence::Is presence_of(const Secret& secret) {
  if (!is_present(secret)) return SecretPresence::Is::missing;
  return secret.from == Secret::From::command ? SecretPresence::Is::behind_a_command : SecretPresence::Is::found;
}

// What would follow if a step did not go well, as the run would be made with these flags.
ExitCode what_if_command(const Context& context, const Plan& plan) {
  auto answers = answers_in_advance(context, plan);
  if (!answers) return answers.error();
  RunCreated created;
  created.parallel = context.arguments.parallel;
  created.close_on_failure = context.arguments.close;
  created.answers = *std::move(answers);
  const auto found = what_if(plan, created);
  const auto exit_number = [](RunStatus status) { return static_cast<int>(exit_code_of(status)); };
  context.terminal.result(context.arguments.output == "json" ? to_json(what_if_value(plan, found, exit_number)) + "\n"
                                                             : what_if_screen(plan, found, exit_number, context.style));
  return ExitCode::done;
}

}  // namespace

ExitCode plan_command(const Context& context) {
  auto looking = look_at_file(context, context.arguments.files.front(),
                              context.arguments.no_checks ? ScriptReaders::none : ScriptReaders::shells);
  if (!looking) return looking.error();
  const Plan& plan = looking->plan;
  if (context.arguments.what_if) return what_if_command(context, plan);
  std::optional<State> checks;
  const bool complete = plan.runbook.unanswered.empty();
  if (!context.arguments.no_checks && complete) {
    auto looked = look_at_checks_of(context, *looking);
    if (!looked) return looked.error();
    checks = std::move(*looked);
  }
  std::optional<MissingRequirements> missing;
  if (!context.arguments.no_checks) missing = missing_requirements(context, plan);
  if (context.arguments.output == "json") {
    Value::Map out = *plan_value(plan).map();
    out.insert_or_assign("digest", Value(plan.digest));
    if (checks) {
      Value::Map verdicts;
      for (StepIndex i = 0; i < plan.steps.size(); ++i)
        if (checks->steps[i].last)
          verdicts.emplace(plan.at(i).path,
                           Value::Map{{"verdict", name_of(checks->steps[i].last->verdict)}, {"why", checks->steps[i].why}});
      out.insert_or_assign("checks", Value(std::move(verdicts)));
    }
    context.terminal.result(to_json(Value(std::move(out))) + "\n");
  } else {
    PlanFacts facts;
    for (const auto& [name, secret] : plan.runbook.units[0].secrets) facts.secrets.push_back({name, presence_of(secret)});
    facts.missing = missing;
    facts.checked = checks.has_value();
    facts.file_hash = sha256_hex(plan.runbook.sources.front().text);
    facts.how_to_run = command_for(context);
    facts.warnings = looking->warnings;
    context.terminal.result(plan_screen(plan, checks ? &*checks : nullptr, facts, context.style));
    if (missing) tell_missing(context, *missing);
  }
  if (missing && !missing->empty()) return ExitCode::refused;
  return checks && !all_hold(plan, *checks, Role::precondition) ? ExitCode::refused : ExitCode::done;
}

ExitCode check_command(const Context& context) {
  auto looking = look_at_file(context, context.arguments.files.front(), ScriptReaders::shells);
  if (!looking) return looking.error();
  if (const auto asked = ask_missing(context, looking->inputs); !asked) return asked.error();
  auto state = look_at_checks_of(context, *looking);
  if (!state) return state.error();
  const Plan& plan = looking->plan;
  std::string out;
  for (const Role role : {Role::precondition, Role::criterion})
    for (const auto& line : check_table(plan, role, &*state, context.style)) out += line + "\n";
  context.terminal.result(out);
  if (!all_hold(plan, *state, Role::precondition)) return ExitCode::refused;
  return all_hold(plan, *state, Role::criterion) ? ExitCode::done : ExitCode::criteria_failed;
}

ExitCode list_command(const Context& context) {
  const std::string folder = context.arguments.files.empty() ? "." : context.arguments.files.front();
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".yaml" || entry.path().extension() == ".yml")
      files.push_back(entry.path().lexically_normal().string());
  if (error) return context.fail(ExitCode::usage, fmt::format("cannot list {}: {}", folder, error.message()));
  std::sort(files.begin(), files.end());
  Value::List json;
  for (const auto& file : files) {
    auto inputs = gather_inputs(context, file);
    if (!inputs) return inputs.error();
    const auto reading = read_runbook(*inputs, DiskFiles(inputs->limits.bytes), all_kinds());
    if (reading.runbook && reading.runbook->is_part) continue;
    const auto scope = reading.runbook ? unit_scope(reading.runbook->units[0], inputs->environment) : cel::Scope();
    const std::string title = reading.runbook ? cel::preview(reading.runbook->title.text, scope)
                                              : "(not valid: runbook lint " + quoted_word(file) + ")";
    const std::string use_when = reading.runbook ? cel::preview(reading.runbook->use_when.text, scope) : "";
    if (context.arguments.output == "json")
      json.push_back(
          Value::Map{{"file", file}, {"title", title}, {"use_when", use_when}, {"valid", reading.runbook.has_value()}});
    else context.terminal.result(fmt::format("{}\n    {}\n{}", file, title, use_when.empty() ? "" : "    " + use_when + "\n"));
  }
  if (context.arguments.output == "json") context.terminal.result(to_json(Value(std::move(json))) + "\n");
  return ExitCode::done;
}

ExitCode explain_command(const Context& context) {
  if (context.arguments.keys) return keys_command(context);
  if (context.arguments.files.empty()) return context.fail(ExitCode::usage, "explain what? name a runbook, or --keys");
  auto looking = look_at_file(context, context.arguments.files.front(), ScriptReaders::none);
  if (!looking) return looking.error();
  const auto& format = context.arguments.format;
  const Plan& plan = looking->plan;
  context.terminal.result(format == "md"        ? explain_markdown(plan, context.style.language)
                          : format == "html"    ? explain_html(plan, context.style.language)
                          : format == "mermaid" ? explain_mermaid(plan)
                          : format == "dot"     ? explain_dot(plan)
                                                : explain_text(plan, context.style));
  return ExitCode::done;
}

}  // namespace runbook

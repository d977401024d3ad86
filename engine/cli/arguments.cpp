#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include "base/edit_distance.h"

namespace runbook {
namespace {

using App = CLI::App;

void common(App& app, Arguments& a) {
  app.add_option("--state-dir", a.state_dir, "where runs are kept (RUNBOOK_STATE_DIR; ~/.local/state/runbook)");
  app.add_option("--color", a.color, "auto, always, never")->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("--ascii", a.ascii, "no characters beyond ASCII in the structure of a screen");
  app.add_option("--output", a.output, "text or json")->check(CLI::IsMember({"text", "json"}));
}

void variables(App& app, Arguments& a) {
  app.add_option("--var", a.variables, "NAME=VALUE: value of a variable");
  app.add_option("--vars", a.variable_files, "a YAML file of NAME: VALUE");
  app.add_option("--limit", a.limits, "size=64MiB, nodes=N, depth=N: how large a file may be");
  app.add_flag("--strict", a.strict, "warnings that have a strict form are errors");
}

void progress(App& app, Arguments& a) {
  app.add_option("--progress", a.progress, "auto, tty, plain, json")->check(CLI::IsMember({"auto", "tty", "plain", "json"}));
}

void running(App& app, Arguments& a) {
  app.add_flag("--wait", a.wait, "stay when only people can move the run on");
  app.add_flag("--yes", a.yes, "answer the go/no-go question; never manual, approve, confirm, optional");
  app.add_flag("--no-input", a.no_input, "ask nothing, as without a terminal");
  app.add_flag("--step", a.step_by_step, "ask before each step that changes something; needs a terminal");
  app.add_option("--confirm", a.confirms, "STEP=WORD: the word that a step wants typed");
  app.add_option("--answer", a.answers, "STEP=VALUE: the answer to a manual step");
  app.add_option("--with", a.with, "an optional step that is needed");
  app.add_option("--without", a.without, "an optional step that is not needed");
  progress(app, a);
}

void reason(App& app, Arguments& a) { app.add_option("--reason", a.reason, "why: recorded with the run"); }

App& command(App& app, Arguments& a, const char* name, const char* what) {
  App& sub = *app.add_subcommand(name, what);
  sub.callback([&a, name] { a.command = name; });
  common(sub, a);
  return sub;
}

void take_run(App& sub, Arguments& a) { sub.add_option("RUN", a.run, "any unique part of a run's id, or @last")->required(); }
void take_step(App& sub, Arguments& a) { sub.add_option("STEP", a.step, "path of the step: data/restore")->required(); }

void build(App& app, Arguments& a) {
  app.require_subcommand(1);
  {
    App& sub = command(app, a, "run", "run a runbook; --plan reviews it and changes nothing");
    sub.add_option("FILE", a.files, "the runbook")->required()->expected(1);
    auto* plan = sub.add_flag("--plan", a.plan, "show the plan after checking the preconditions, and stop");
    sub.add_flag("--what-if", a.what_if,
                 "with --plan: what follows if a step fails, times out, or this machine dies; contacts nothing")
        ->needs(plan);
    sub.add_flag("--no-checks", a.no_checks, "with --plan: contact nothing");
    variables(sub, a);
    running(sub, a);
    reason(sub, a);
    sub.add_option("--ticket", a.ticket, "a reference that is recorded with the run");
    sub.add_flag("--close", a.close, "close the run at the first failure");
    sub.add_option_function<std::string>(
        "--wait-lock",
        [&a](const std::string& text) {
          const auto read = parse_duration(text);
          if (!read) throw CLI::ValidationError("--wait-lock", read.error().en);
          a.wait_lock = *read;
        },
        "wait this long for a lock that another run holds");
    sub.add_option("--parallel", a.parallel, "how many steps may run at once")->check(CLI::Range(1, 256));
  }
  {
    App& sub = command(app, a, "lint", "parse, references, types, cycles, style; no contact with anything");
    sub.add_option("FILE", a.files, "runbooks");
    sub.add_option("--profile", a.profile, "basic; production: and what others need who run it at night")
        ->check(CLI::IsMember({"basic", "production"}));
    sub.add_option("--explain", a.topic, "CODE: what it means, with a wrong and a right example");
    sub.remove_option(sub.get_option("--output"));
    sub.add_option("--output", a.output, "text, json, sarif, github")->check(CLI::IsMember({"text", "json", "sarif", "github"}));
    variables(sub, a);
  }
  {
    App& sub = command(app, a, "check", "evaluate only the preconditions, and the success criteria as they are now");
    sub.add_option("FILE", a.files, "the runbook")->required()->expected(1);
    variables(sub, a);
  }
  {
    App& sub = command(app, a, "list", "the runbooks of a folder");
    sub.add_option("DIR", a.files, "the folder")->expected(0, 1);
  }
  {
    App& sub = command(app, a, "explain", "one runbook as a document; --keys: the language's reference");
    sub.add_option("FILE", a.files, "the runbook")->expected(0, 1);
    sub.add_option_function<std::string>(
           "--keys",
           [&a](const std::string& key) {
             a.keys = true;
             a.topic = key;
           },
           "KEY: what may stand in a runbook, or one key of it")
        ->expected(0, 1);
    sub.add_option("--format", a.format, "text, md, html, mermaid, dot; of --keys: text, md")
        ->check(CLI::IsMember({"text", "md", "html", "mermaid", "dot"}));
    variables(sub, a);
  }
  {
    App& sub = command(app, a, "new", "a file to start from; --from: a skeleton made from a plan in Markdown");
    sub.add_option("NAME", a.name, "writes NAME.yaml");
    sub.add_option("--from", a.from,
                   "PLAN.md: its headings, code blocks and check boxes; what it leaves open is marked `# decide:`");
    sub.add_option("--section", a.section, "HEADING: the one scenario of the plan that is wanted")->needs("--from");
    sub.add_option("-o,--to", a.to, "FILE to write, or - to print it");
  }
  command(app, a, "runs", "the history");
  take_run(command(app, a, "show", "one run: steps, attempts, answers, what to do next"), a);
  {
    App& sub = command(app, a, "logs", "output of a run's steps");
    take_run(sub, a);
    sub.add_option("STEP", a.step, "path of the step; all of them without it");
    sub.add_option("--attempt", a.attempt, "number of the attempt; the latest without it");
  }
  {
    App& sub = command(app, a, "report", "the post-mortem with its timeline filled in");
    take_run(sub, a);
    sub.add_option("--format", a.format, "md")->check(CLI::IsMember({"md", "text"}));
  }
  {
    App& sub = command(app, a, "resume", "go on with a run; --amend: by a corrected runbook");
    take_run(sub, a);
    running(sub, a);
    reason(sub, a);
    auto* amend = sub.add_option("--amend", a.amend, "FILE: the corrected runbook; shows what differs, and asks");
    sub.add_option("--var", a.variables, "NAME=VALUE: with --amend, of a variable that was not given yet or is another now")
        ->needs(amend);
    sub.add_option("--vars", a.variable_files, "with --amend: a YAML file of NAME: VALUE")->needs(amend);
  }
  {
    App& sub = command(app, a, "undo", "run the declared undos of a run, last first");
    take_run(sub, a);
    running(sub, a);
    reason(sub, a);
  }
  {
    App& sub = command(app, a, "stop", "stop a run and close it");
    take_run(sub, a);
    reason(sub, a);
  }
  {
    App& sub = command(app, a, "pause", "let what runs end, start nothing more; resume goes on");
    take_run(sub, a);
    reason(sub, a);
  }
  {
    App& sub = command(app, a, "rerun", "run a step again that has ended, and go on with resume");
    take_run(sub, a);
    take_step(sub, a);
    sub.add_flag("--downstream", a.downstream, "and everything that needs it");
    reason(sub, a);
  }
  {
    App& sub = command(app, a, "resolve", "say what became of a step in doubt, or settle one by hand");
    take_run(sub, a);
    take_step(sub, a);
    sub.add_option("--as", a.as, "done, not-done, failed, skipped")
        ->required()
        ->check(CLI::IsMember({"done", "not-done", "failed", "skipped"}));
    sub.add_option("--reason", a.reason, "why")->required();
    sub.add_option("--set", a.outputs, "NAME=VALUE: an output that later steps need");
  }
  {
    App& sub = command(app, a, "confirm", "answer a manual step, an item, a question");
    take_run(sub, a);
    take_step(sub, a);
    sub.add_option("ITEM", a.item, "number of an item, from 1");
    sub.add_option("--answer", a.answer, "the value that is asked for");
    sub.add_flag("--no", a.no, "the answer is no");
    reason(sub, a);
  }
  {
    App& sub = command(app, a, "approve", "approve a step");
    take_run(sub, a);
    take_step(sub, a);
    reason(sub, a);
  }
  {
    App& sub = command(app, a, "reject", "refuse an approval");
    take_run(sub, a);
    take_step(sub, a);
    sub.add_option("--reason", a.reason, "why")->required();
  }
  {
    App& sub = command(app, a, "note", "write a remark into a run's history");
    take_run(sub, a);
    sub.add_option("TEXT", a.text, "the remark")->required();
  }
  {
    App& sub = command(app, a, "watch", "see a run live from another terminal");
    take_run(sub, a);
    progress(sub, a);
  }
  {
    App& sub = command(app, a, "doctor", "what on this machine weakens what is promised, and the remedy");
    sub.add_option_function<std::vector<std::string>>(
           "--attempt",
           [&a](const std::vector<std::string>& words) {
             a.attempt_directory = words[0];
             if (!CLI::detail::lexical_cast(words[1], a.attempt) || a.attempt < 0)
               throw CLI::ValidationError("--attempt", "N is the number of a slot: " + words[1]);
           },
           "DIR N: what slot N of a run's directory holds")
        ->expected(2);
  }
  command(app, a, "schema", "the JSON Schema of runbooks, for editors; or of what is printed")
      .add_option("OF", a.topic, "runbook, event, plan")
      ->check(CLI::IsMember({"runbook", "event", "plan"}));
  {
    App& sub = command(app, a, "eval", "try an expression on real data, and see why it is what it is");
    sub.add_option("EXPR", a.text, "the expression")->required();
    auto* on = sub.add_option("--on", a.on, "a file, seen as what a command printed: json, lines, stdout");
    auto* run = sub.add_option("--run", a.run, "a run: steps, vars, checks, was")->excludes(on);
    sub.add_option("--step", a.step, "of that run: what its latest attempt said, too")->needs(run);
  }
  command(app, a, "version", "what this is");
  command(app, a, "man", "a manual page to install: 1 of the commands, 5 of the language")
      .add_option("PAGE", a.topic, "1, 5")
      ->required()
      ->check(CLI::IsMember({"1", "5"}));
  command(app, a, "completion", "the script for a shell: source <(runbook completion bash)")
      .add_option("SHELL", a.topic, "bash, zsh, fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

// CLI11 tells the members of a set only within the name of the type: "TEXT:{auto,tty}".
std::vector<std::string> members(const std::string& type) {
  std::vector<std::string> out;
  const auto begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return out;
  for (auto& word : CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',')) out.push_back(std::move(word));
  return out;
}

std::string suggestion(const App& app, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const auto* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  if (!words.empty())
    if (const auto near = nearest(words.front(), names)) return "did you mean `runbook " + *near + "`?\n";
  return "`runbook --help` lists the commands\n";
}

}  // namespace

Parsed parse_arguments(int count, const char* const* words) {
  Arguments a;
  App app("Runs declarative runbooks: reviewed, resumable, honest about what happened.", "runbook");
  build(app, a);
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp&) {
    const auto subs = app.get_subcommands();
    return {{}, subs.empty() ? app.help() : subs.front()->help(), false};
  } catch (const CLI::ParseError& error) {
    std::vector<std::string> given;
    for (int i = 1; i < count; ++i) given.emplace_back(words[i]);
    const bool names_none = app.get_subcommands().empty();
    const bool names_another = names_none && !given.empty() && !given.front().starts_with('-');
    std::string message =
        "runbook: " + (names_another ? "there is no command `" + given.front() + "`" : std::string(error.what())) + "\n";
    if (names_none) message += suggestion(app, given);
    else message += "`runbook " + app.get_subcommands().front()->get_name() + " --help` lists what it takes\n";
    return {{}, message, true};
  }
  return {a, "", false};
}

std::vector<CommandWords> command_words() {
  Arguments a;
  App app;
  build(app, a);
  std::vector<CommandWords> out;
  for (const App* sub : app.get_subcommands([](const App* one) { return !one->get_group().empty(); })) {
    CommandWords command{sub->get_name(), sub->get_description(), {}, {}};
    for (const CLI::Option* option : sub->get_options()) {
      const auto words = members(option->get_type_name());
      const int most = option->get_items_expected_max();
      if (option->get_positional()) command.places.push_back({option->get_name(true), most > 1, words});
      else command.flags.push_back({option->get_name(), option->get_description(), most > 0, words});
    }
    out.push_back(std::move(command));
  }
  return out;
}

std::optional<std::pair<std::string, std::string>> split_pair(const std::string& text) {
  const auto at = text.find('=');
  if (at == std::string::npos || at == 0) return {};
  return std::pair(text.substr(0, at), text.substr(at + 1));
}

}  // namespace runbook

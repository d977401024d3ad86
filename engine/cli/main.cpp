// The program: arguments, signals, one command.
#include <fmt/format.h>
#include <signal.h>

#include <array>
#include <exception>

#include "action/http_sender.h"
#include "cli/commands.h"
#include "cli/completion.h"

namespace {

using namespace runbook;

ExitCode version_command(const Context& context) {
  context.terminal.result("runbook 0.1.0, language version 1\n");
  return ExitCode::done;
}

struct Row {
  std::string_view name;
  ExitCode (*run)(const Context&);
};
constexpr std::array<Row, 27> table{{
    {"run", run_command},         {"resume", resume_command}, {"undo", undo_command},       {"lint", lint_command},
    {"check", check_command},     {"list", list_command},     {"explain", explain_command}, {"runs", runs_command},
    {"show", show_command},       {"logs", logs_command},     {"report", report_command},   {"confirm", confirm_command},
    {"approve", approve_command}, {"reject", reject_command}, {"resolve", resolve_command}, {"rerun", rerun_command},
    {"note", note_command},       {"stop", stop_command},     {"version", version_command}, {"eval", eval_command},
    {"watch", watch_command},     {"pause", pause_command},   {"schema", schema_command},   {"completion", completion_command},
    {"doctor", doctor_command},   {"new", new_command},       {"man", man_command},
}};

}  // namespace

int main(int count, char** words) {
  if (count == 2 && words[1] == http_sender_word) return send_http_request();
  Terminal terminal;
  ::signal(SIGPIPE, SIG_IGN);  // writing to a dead pipe is an error, not an end
  try {
    if (count > 2 && words[1] == complete_word) {
      terminal.result(candidate_lines(candidates({words + 2, words + count}, terminal)));
      return 0;
    }
    auto parsed = parse_arguments(count, words);
    if (!parsed.arguments) {
      if (parsed.is_wrong) terminal.lines(parsed.message);
      else terminal.result(parsed.message);
      return static_cast<int>(parsed.is_wrong ? ExitCode::usage : ExitCode::done);
    }
    const Context context = make_context(std::move(*parsed.arguments), terminal);
    const auto& name = context.arguments.command;
    for (const auto& row : table)
      if (row.name == name) return static_cast<int>(row.run(context));
    return static_cast<int>(ExitCode::usage);
  } catch (const std::exception& error) {
    terminal.line(fmt::format("runbook: {}", error.what()));
    return static_cast<int>(ExitCode::broken);
  }
}

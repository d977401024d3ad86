#include "cli/manual.h"

#include <fmt/format.h>

namespace runbook {
namespace {

// A line that begins with a dot or a quote would be a request; a bare hyphen may be typeset as another character.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else out += c == '\n' ? ' ' : c;
  }
  return (out.starts_with('.') || out.starts_with('\'') ? "\\&" : "") + out;
}
// An argument of a macro.
std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : roff(text)) out += c == '"' ? std::string("\\(dq") : std::string(1, c);
  return "\"" + out + "\"";
}
// Lines of examples are kept as they are.
std::string example(std::string_view lines) {
  std::string out = ".PP\n.nf\n.RS 4\n";
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    out += roff(lines.substr(0, end)) + "\n";
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  return out + ".RE\n.fi\n";
}
std::string entry(std::string_view term, std::string_view text) {
  return fmt::format(".TP\n.B {}\n{}\n", quoted(term), roff(text));
}
std::string page(std::string_view section, std::string_view what, std::string_view name_line) {
  return fmt::format(".TH RUNBOOK {} 2026-11-26 \"runbook 0.1.0\" {}\n.SH NAME\nrunbook \\- {}\n", section, quoted(what),
                     roff(name_line));
}

struct Row {
  std::string_view term, text;
};
constexpr Row exit_codes[] = {
    {"0", "all steps and all success criteria"},
    {"1", "the tool itself failed; see its summary"},
    {"2", "wrong usage; nothing was changed"},
    {"3", "an invalid runbook, or the plan does not match; nothing was changed"},
    {"4", "a precondition does not hold; nothing was changed"},
    {"5", "a step failed; resumable"},
    {"6", "all steps ran, a success criterion is not met or has no data"},
    {"7", "waiting for a person; resumable"},
    {"8", "rejected, or stopped by request"},
    {"9", "another run holds the lock; nothing was changed"},
    {"130, 143", "SIGINT, SIGTERM; resumable"},
};
constexpr Row environment[] = {
    {"RUNBOOK_STATE_DIR", "where runs are kept; otherwise ~/.local/state/runbook"},
    {"RUNBOOK_LANG", "ko or en: the language of messages; otherwise by LC_MESSAGES"},
    {"NO_COLOR", "set: no colours"},
};

std::string usage_of(const CommandWords& command) {
  std::string out = "runbook " + command.name;
  for (const auto& place : command.places) out += " " + place.name + (place.repeats ? "..." : "");
  return out;
}

}  // namespace

std::string manual_of_commands(const std::vector<CommandWords>& commands) {
  std::string out = page("1", "User Commands", "runs declarative runbooks: reviewed, resumable, honest about what happened");
  out += ".SH SYNOPSIS\n.B runbook\n.I COMMAND\n.RI [ ARGUMENTS ]\n";
  out += ".SH DESCRIPTION\n" +
         roff(
             "A YAML file for each scenario becomes a plan that people review, and a run whose state survives anything. "
             "The language is described in runbook(5).") +
         "\n" + example("runbook run FILE --plan\nrunbook run FILE\nrunbook show @last\nrunbook resume @last") + ".SH COMMANDS\n";
  for (const auto& command : commands) {
    out += ".SS " + quoted(usage_of(command)) + "\n" + roff(command.help) + "\n";
    for (const auto& flag : command.flags) {
      out += fmt::format(".TP\n.B {}\n{}", quoted(flag.name), roff(flag.help));
      // Most helps name the words themselves.
      const bool are_told = flag.words.empty() || flag.help.find(flag.words.back()) != std::string::npos;
      out += (are_told ? "" : " (" + roff(fmt::format("{}", fmt::join(flag.words, ", "))) + ")") + "\n";
    }
  }
  out += ".SH EXIT STATUS\n";
  for (const auto& row : exit_codes) out += entry(row.term, row.text);
  out += ".SH ENVIRONMENT\n";
  for (const auto& row : environment) out += entry(row.term, row.text);
  return out + ".SH SEE ALSO\n.BR runbook (5)\n";
}

std::string manual_of_language(const std::vector<ReferencePart>& parts, Language language) {
  const bool is_korean = language == Language::korean;
  std::string out = page("5", "File Formats", is_korean ? "런북의 언어, 버전 1" : "the language of runbooks, version 1");
  out += ".SH DESCRIPTION\n" +
         roff(is_korean
                  ? "YAML 파일 하나가 런북 하나, 곧 시나리오 하나입니다. 단계는 위의 모두가 끝난 뒤 실행되고, needs 로 바꿉니다."
                  : "One YAML file is one runbook: one scenario. A step runs after everything above it; needs says otherwise.") +
         "\n" +
         example(
             "runbook: 1\nid: restart\ntitle: Restart the service\nsteps:\n  - id: restart\n"
             "    shell: kubectl rollout restart deployment/web\n    changes: the pods restart one by one\nsuccess:\n"
             "  - id: health\n    http: { get: \"http://web/health\" }\n    expect: json.status == \"ok\"");
  for (const auto& part : parts) {
    out += ".SH " + quoted(part.heading) + "\n";
    for (const auto& note : part.above) out += roff(note) + "\n.PP\n";
    // A paragraph that nothing follows is one that the checkers complain of.
    if (out.ends_with(".PP\n") && (!part.rows.empty() || part.below.empty())) out.erase(out.size() - 4);
    for (const auto& row : part.rows) {
      out += fmt::format(".TP\n.BR {} {}\n{}\n", quoted(row[0]), quoted(" (" + row[1] + ")"), roff(row.size() > 2 ? row[2] : ""));
    }
    for (const auto& note : part.below)
      out += (part.rows.empty() && &note == &part.below.front() ? "" : ".PP\n") + roff(note) + "\n";
  }
  return out + ".SH SEE ALSO\n.BR runbook (1)\n";
}

}  // namespace runbook

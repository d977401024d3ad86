#include "cli/script_check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/safe_file.h"
#include "cli/bash_functions.h"
#include "cli/messages.h"
#include "cli/plain_script.h"
#include "cli/script_findings.h"
#include "cli/timed_children.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

constexpr std::size_t largest_output = 16U << 20U;
constexpr Duration longest = std::chrono::seconds(60);

// shellcheck takes all scripts at once, beside the shells, and a millisecond for each.
// Left out of what shellcheck knows: files that are not here (SC1090, SC1091), and a `#!` that stands below our first line.
constexpr std::string_view program = R"(cd "$1" || exit
if [ "$2" = asked ] && command -v shellcheck >/dev/null; then
  for s in bash sh; do
    set -- *.$s
    if [ -e "$1" ]; then shellcheck --norc -f json1 -S warning -e SC1090,SC1091,SC1128 -s $s -- "$@" >$s.json & fi
  done
fi
while read -r f; do bash -n "$f"; done <doubtful 2>>syntax
for f in *.sh; do if [ -e "$f" ]; then sh -n "$f"; fi; done 2>>syntax
wait)";

// The same script of several steps is looked at once.
struct CheckedScript {
  std::string dialect, text;
  std::set<std::string> names;  // that stand in its environment
  auto operator<=>(const CheckedScript&) const = default;
};
struct Use {
  const TextMap* map;
  Place at;
};
using Scripts = std::map<CheckedScript, std::vector<Use>>;

std::string_view dialect_of(const Action& action) {
  if (action.kind == nullptr || (action.kind->name != "shell" && action.kind->name != "ssh")) return "";
  const auto interpreter = action.fields.find("interpreter");
  if (interpreter == action.fields.end()) return action.kind->name == "shell" ? "bash" : "sh";
  const auto* text = std::get_if<Text>(&interpreter->second.is);
  if (text == nullptr) return "";
  const auto name = program_of(text->text.text());
  return name == "bash" || name == "sh" ? name : "";
}

// Whose variables stand in the environment of a script: those of its file, and of the step if it is one's.
struct Surroundings {
  const Unit& unit;
  const Step* step;

  bool has(const std::string& name) const {
    const auto is_required = [&](const auto& required) { return required.first == name; };
    const auto& required = unit.requires_.env;
    return unit.variables.count(name) != 0 || unit.env.count(name) != 0 || (step != nullptr && step->env.count(name) != 0) ||
           std::any_of(required.begin(), required.end(), is_required);
  }
  std::set<std::string> names() const {
    std::set<std::string> out;
    for (const auto& [name, variable] : unit.variables) out.insert(name);
    for (const auto& [name, value] : unit.env) out.insert(name);
    for (const auto& [name, place] : unit.requires_.env) out.insert(name);
    if (step != nullptr)
      for (const auto& [name, value] : step->env) out.insert(name);
    return out;
  }
};

void collect(const Action& action, const Surroundings& around, Scripts& into) {
  const auto dialect = dialect_of(action);
  const auto script = script_of(action);
  if (dialect.empty() || script.map == nullptr) return;
  if (is_plain_script(script.text, [&](std::string_view name) { return around.has(std::string(name)); })) return;
  into[{std::string(dialect), std::string(script.text), around.names()}].push_back({script.map, script.at});
}

Scripts scripts_of(const Plan& plan) {
  Scripts out;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.at(i).step;
    collect(step.action, {plan.unit_of(i), &step}, out);
    if (step.undo) collect(step.undo->action, {plan.unit_of(i), step.undo.get()}, out);
  }
  for (const auto& unit : plan.runbook.units)
    for (const auto& [name, variable] : unit.variables)
      if (variable.candidates) collect(*variable.candidates, {unit, nullptr}, out);
  return out;
}

// A first line that says how the script is run: variables are set from outside, to values that nobody knows.
std::string first_line(const CheckedScript& script) {
  std::string out = script.dialect == "bash" ? "set -euo pipefail" : "set -eu";
  if (!script.names.empty()) out += fmt::format("; read -r {}", fmt::join(script.names, " "));
  return out + "\n";
}

class Folder {
 public:
  Folder() {
    std::error_code error;
    const auto base = std::filesystem::temp_directory_path(error);
    if (error) return;
    std::string name = (base / "runbook-lint-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() {
    std::error_code ignored;  // what is left behind lies where the system tidies up
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<void, Failure> run_program(TimedChildren& children, const std::string& folder, const std::string& path,
                                  Shellcheck shellcheck) {
  const auto shell = open_file("/bin/sh", O_RDONLY);
  if (!shell) return failure(shell.error());
  ChildSpec spec;
  spec.executable = shell->get();
  spec.arguments = {"sh", "-c", std::string(program), "sh", folder, shellcheck == Shellcheck::asked ? "asked" : ""};
  spec.environment = {"PATH=" + path, "LC_ALL=C.UTF-8"};
  const auto nowhere = open_file("/dev/null", O_WRONLY);
  if (nowhere) spec.standard_output = spec.standard_error = nowhere->get();
  const auto ended = children.run(spec);
  if (!ended) return failure(ended.error());
  return {};
}

using Files = std::map<std::string, Scripts::const_iterator>;

constexpr const char* not_written = "temporary files cannot be written: scripts were not looked at";

Result<void, Failure> write_file(const std::string& path, std::string_view text) {
  const auto file = open_file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file || !write_all(file->get(), text)) return failure(not_written);
  return {};
}

Result<Files, Failure> write_scripts(const Scripts& scripts, const std::string& folder) {
  Files out;
  for (auto script = scripts.begin(); script != scripts.end(); ++script) {
    const auto name = fmt::format("{}.{}", out.size() + 1, script->first.dialect);
    if (auto written = write_file(folder + "/" + name, first_line(script->first) + script->first.text); !written)
      return failure(written.error());
    out.emplace(name, script);
  }
  return out;
}

// The error: why not all of them were looked at.
Result<void, Failure> look_at(const Files& files, const std::string& folder, const std::string& path, Shellcheck shellcheck) {
  TimedChildren children(longest);
  std::vector<std::string> names;
  std::vector<std::string_view> texts;
  for (const auto& [name, script] : files)
    if (script->first.dialect == "bash") {
      names.push_back(name);
      texts.emplace_back(script->first.text);
    }
  const auto doubtful = doubtful_scripts(texts, children, folder, path);
  if (!doubtful) return failure(doubtful.error());
  std::string list;
  for (const auto i : *doubtful) list += names[i] + "\n";
  if (auto written = write_file(folder + "/doubtful", list); !written) return written;
  return run_program(children, folder, path, shellcheck);
}

struct Span {
  std::size_t offset = 0, length = 0;
};

std::size_t bytes_of(std::string_view line, std::size_t characters) {
  std::size_t at = 0;
  for (; at < line.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(line[at]) & 0xC0U) != 0x80U;
    if (begins && characters-- == 0) break;
  }
  return at;
}

// Where in the script it is; `number` counts the lines of the script from 1, and the last one when there are not so many.
Span span_of(const std::string& script, std::size_t number, const ScriptFinding& found) {
  std::size_t begin = 0;
  for (std::size_t n = 1; n < number; ++n) {
    const auto end = script.find('\n', begin);
    if (end == std::string::npos || end + 1 >= script.size()) break;
    begin = end + 1;
  }
  const auto line = std::string_view(script).substr(begin, std::min(script.find('\n', begin), script.size()) - begin);
  if (found.column > 0) {
    const auto from = bytes_of(line, found.column - 1);
    const auto to = found.end_column > found.column ? bytes_of(line, found.end_column - 1) : line.size();
    return {begin + from, std::max<std::size_t>(to > from ? to - from : 0, 1)};
  }
  if (const auto at = found.near.empty() ? std::string_view::npos : line.find(found.near); at != std::string_view::npos)
    return {begin + at, found.near.size()};
  const auto first = std::min(line.find_first_not_of(" \t"), line.size());
  return {begin + first, std::max<std::size_t>(line.size() - first, 1)};
}

Diagnostic diagnostic_of(const ScriptFinding& found, Place at) {
  switch (found.kind) {
    case ScriptFinding::Kind::syntax: return diagnose(messages::shell_syntax, at, found.text);
    case ScriptFinding::Kind::warning: return diagnose(messages::shell_warning, at, found.text);
    case ScriptFinding::Kind::shellcheck: break;
  }
  const std::string page = "https://www.shellcheck.net/wiki/" + found.code;
  return diagnose(messages::shellcheck, at, found.code, found.text).helped({page, page});
}

}  // namespace

ScriptCheck check_scripts(const Plan& plan, const std::string& path, Shellcheck shellcheck) {
  const auto scripts = scripts_of(plan);
  if (scripts.empty()) return {};
  const Folder folder;
  if (folder.path().empty()) return {{}, "there is no place for temporary files: scripts were not looked at"};
  const auto by_file = write_scripts(scripts, folder.path());
  if (!by_file) return {{}, by_file.error()};
  ScriptCheck out;
  if (auto looked = look_at(*by_file, folder.path(), path, shellcheck); !looked) out.trouble = looked.error();
  const auto printed = [&](const char* name) { return read_file(folder.path() + "/" + name, largest_output).value_or(""); };
  auto findings = read_syntax_errors(printed("syntax"));
  std::set<std::string> unreadable;  // shellcheck would say the same in other words
  for (const auto& found : findings) unreadable.insert(found.file);
  for (const char* name : {"bash.json", "sh.json"})
    for (auto& found : read_shellcheck(printed(name)))
      if (unreadable.count(found.file) == 0) findings.push_back(std::move(found));
  for (const auto& found : findings) {
    const auto script = by_file->find(found.file);
    if (script == by_file->end() || found.line < 2) continue;  // our own first line
    const auto& [written, uses] = *script->second;
    const auto span = span_of(written.text, found.line - 1, found);
    for (const auto& use : uses) out.diagnostics.push_back(diagnostic_of(found, use.map->at(span.offset, span.length)));
  }
  return out;
}

}  // namespace runbook

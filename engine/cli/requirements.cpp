#include "cli/requirements.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/program_search.h"
#include "cli/messages.h"
#include "plan/step_code.h"
#include "runbook/declarations.h"
#include "view/sentences.h"

namespace runbook {
namespace {

constexpr Sentence not_set{"the environment variable {} is not set", "환경 변수 {} 이(가) 설정되어 있지 않습니다"},
    not_in_path{"the command {} is not in PATH", "명령 {} 이(가) PATH 에 없습니다"};

// The words of a script that begin with `./`, each once, up to a character that no plain path holds.
std::vector<std::string> named_paths(const std::string& script) {
  std::vector<std::string> out;
  for (auto at = script.find("./"); at != std::string::npos; at = script.find("./", at + 2)) {
    if (at > 0 && std::string_view(" \t\n;&|(").find(script[at - 1]) == std::string_view::npos) continue;
    const auto end = std::min(script.find_first_of(" \t\n;&|()<>\"'$*?[{", at), script.size());
    if (end < script.size() && std::string_view("$*?[{").find(script[end]) != std::string_view::npos) continue;
    std::string path = script.substr(at, end - at);
    if (path.size() > 2 && std::find(out.begin(), out.end(), path) == out.end()) out.push_back(std::move(path));
  }
  return out;
}

bool is_missing(const std::string& path) {
  std::error_code error;
  return !std::filesystem::exists(path, error);
}

// What the steps run, for what they may make: `git clone https://host/app`, `pg_dump >before.sql`. Read once, when it is asked.
class MadeByAStep {
 public:
  explicit MadeByAStep(const Plan& plan) : plan_(plan) {}

  // Some step names its last part.
  bool operator()(const std::string& path) {
    auto name = std::filesystem::path(path).lexically_normal();
    if (!name.has_filename()) name = name.parent_path();
    const auto [known, is_new] = known_.emplace(name.filename().string(), false);
    if (is_new) known->second = code().find(known->first) != std::string::npos;
    return known->second;
  }

 private:
  const std::string& code() {
    if (!code_.empty()) return code_;
    for (const auto& planned : plan_.steps)
      for (const Step* step : {&planned.step, planned.step.undo.get()})
        if (step != nullptr) code_ += code_of(step->action).text + "\n";
    return code_;
  }

  const Plan& plan_;
  std::string code_;
  std::map<std::string, bool> known_;
};

// `cwd` of a whole file, as it is written there in one line; empty: it is not.
std::string_view written_folder(std::string_view file, Place& at) {
  constexpr std::string_view key = "cwd: ";
  std::size_t line = file.starts_with(key) ? 0 : file.find("\ncwd: ");
  if (line == std::string_view::npos) return {};
  if (file[line] == '\n') ++line;
  auto value = file.substr(line + key.size());
  value = value.substr(0, std::min(value.find_first_of("\r\n#"), value.size()));
  const auto begin = std::min(value.find_first_not_of(" '\""), value.size());
  value = value.substr(begin, value.find_last_not_of(" '\"") + 1 - begin);
  at.line = static_cast<std::uint32_t>(std::count(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(line), '\n')) + 1;
  at.column = static_cast<std::uint32_t>(key.size() + begin) + 1;
  at.length = static_cast<std::uint32_t>(value.size());
  return value;
}

}  // namespace

MissingRequirements missing_requirements(const Context& context, const Plan& plan) {
  const auto environment = context.environment_map();
  const auto path = environment.find("PATH");
  MissingRequirements out;
  const auto once = [](std::vector<std::string>& list, const std::string& name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  };
  for (const auto& unit : plan.runbook.units) {
    for (const auto& [name, at] : unit.requires_.env)
      if (environment.count(name) == 0) once(out.environment, name);
    for (const auto& [name, at] : unit.requires_.commands)
      if (!is_program(name, path == environment.end() ? "" : path->second)) once(out.commands, name);
  }
  return out;
}

void tell_missing(const Context& context, const MissingRequirements& missing) {
  const auto tell = [&](const Sentence& sentence, const std::string& name) {
    context.terminal.line(mark(Mark::bad, context.style) + " " + say(context.style.language, sentence, name));
  };
  for (const auto& name : missing.environment) tell(not_set, name);
  for (const auto& name : missing.commands) tell(not_in_path, name);
}

Diagnostics missing_files(const Plan& plan, bool strict) {
  Diagnostics out;
  MadeByAStep is_made(plan);
  const auto tell = [&](Place at, const std::string& path, const std::string& folder) {
    Diagnostic d = diagnose(messages::no_script, at, path, folder);
    if (strict) d.severity = Severity::error;
    out.push_back(std::move(d));
  };
  const auto look = [&](const PlannedStep& planned, const Step& step) {
    const auto& unit = plan.runbook.units[planned.step.unit];
    if (unit.unread.has(Part::folder) || step.unread.has(Part::folder)) return;
    const bool is_sql = step.action.kind->name == "sql";
    std::string folder = unit.cwd;
    if (step.cwd) {
      const auto& own = step.cwd->text;
      if (!own.is_literal() || own.text().starts_with('~') || own.text().starts_with('$')) return;  // lint says what these are
      folder = path_in(unit.cwd, own.text());
      if (own.text().empty() || own.text()[0] == '/') {
        if (is_sql && is_missing(folder)) return;  // whoever makes it makes the file
      } else if (is_missing(folder)) {
        if (!is_made(own.text())) tell(step.cwd->map.at(0, own.text().size()), own.text(), unit.cwd);
        return;
      }
    }
    const auto& fields = step.action.fields;
    if (is_sql) {
      const auto file = fields.find("file");
      const auto* text = file != fields.end() ? std::get_if<Text>(&file->second.is) : nullptr;
      if (text == nullptr || !text->text.is_literal() || text->text.text().empty()) return;
      const auto& name = text->text.text();
      if (is_missing(path_in(folder, name)) && !is_made(name)) tell(file->second.at, name, folder);
    } else if (const auto script = fields.find("script"); script != fields.end() && &step == &planned.step) {
      const auto* text = std::get_if<Value>(&script->second.is);
      if (text == nullptr || text->string() == nullptr) return;
      for (const auto& path : named_paths(*text->string()))
        if (is_missing(folder + "/" + path)) tell(script->second.at, path, folder);
    }
  };
  std::set<std::uint16_t> files;  // one that is used twice has two units
  for (const auto& unit : plan.runbook.units) {
    if (unit.unread.has(Part::folder) || !files.insert(unit.file).second || !is_missing(unit.cwd)) continue;
    const auto& source = plan.runbook.sources[unit.file];
    Place at{unit.file};
    const std::string written(written_folder(source.text, at));
    if (written.empty() || written[0] == '/' || written.find("${") != std::string::npos || is_made(written)) continue;
    tell(at, written, std::filesystem::path(source.path).parent_path().string());
  }
  for (const auto& planned : plan.steps)
    for (const Step* step : {&planned.step, planned.step.undo.get()}) {
      const auto* kind = step != nullptr ? step->action.kind : nullptr;
      if (kind != nullptr && (kind->name == "shell" || kind->name == "sql")) look(planned, *step);
    }
  return out;
}

}  // namespace runbook

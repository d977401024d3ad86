#include "cli/requirements.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/program_search.h"
#include "cli/messages.h"
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

Diagnostics missing_scripts(const Plan& plan, bool strict) {
  Diagnostics out;
  for (const auto& planned : plan.steps) {
    const auto* kind = planned.step.action.kind;
    if (kind == nullptr || kind->name != "shell") continue;
    const auto script = planned.step.action.fields.find("script");
    if (script == planned.step.action.fields.end()) continue;
    const auto* text = std::get_if<Value>(&script->second.is);
    if (text == nullptr || text->string() == nullptr) continue;
    const auto& unit = plan.runbook.units[planned.step.unit];
    if (unit.unread.has(Part::folder) || planned.step.unread.has(Part::folder)) continue;
    std::string folder = unit.cwd;
    if (planned.step.cwd) {
      if (!planned.step.cwd->text.is_literal()) continue;
      folder = (std::filesystem::path(folder) / planned.step.cwd->text.text()).lexically_normal().string();
    }
    for (const auto& path : named_paths(*text->string())) {
      std::error_code error;
      if (std::filesystem::exists(std::filesystem::path(folder) / path, error)) continue;
      Diagnostic d = diagnose(messages::no_script, script->second.at, path, folder);
      if (strict) d.severity = Severity::error;
      out.push_back(std::move(d));
    }
  }
  return out;
}

}  // namespace runbook

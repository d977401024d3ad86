#include "plan/step_code.h"

namespace runbook {
namespace {

const std::string* literal(const Field& field) {
  const auto* value = std::get_if<Value>(&field.is);
  return value != nullptr ? value->string() : nullptr;
}

bool runs_scripts(const ActionKind& kind) { return kind.name == "shell" || kind.name == "ssh"; }

StepCode code_of_argv(const Field& argv) {
  StepCode out;
  out.at = argv.at;
  ShellCommand command;
  if (const auto* list = std::get_if<Field::List>(&argv.is))
    for (const auto& item : *list) {
      const auto* text = std::get_if<Text>(&item.is);
      if (text == nullptr) continue;
      command.words.push_back({text->text.text(), out.text.size(), text->text.text().size(), {}});
      out.text += text->text.text() + " ";
    }
  out.commands.push_back(std::move(command));
  return out;
}

bool is_shell(std::string_view program) { return program == "bash" || program == "sh" || program == "dash" || program == "ksh"; }

}  // namespace

std::string_view program_of(std::string_view interpreter) {
  std::string_view program = interpreter.substr(0, interpreter.find(' '));
  program.remove_prefix(program.rfind('/') == std::string_view::npos ? 0 : program.rfind('/') + 1);
  return program;
}

Script script_of(const Action& action) {
  Script out;
  const auto& fields = action.fields;
  if (action.kind == nullptr || fields.find("argv") != fields.end()) return out;
  for (const auto& row : action.kind->keys) {
    if (row.type != FieldType::code) continue;
    const auto field = fields.find(row.name);
    const auto* text = field != fields.end() ? literal(field->second) : nullptr;
    if (text != nullptr) out = {*text, &field->second.map, field->second.at};
  }
  return out;
}

StepCode code_of(const Action& action) {
  if (action.kind == nullptr) return {};
  const auto& fields = action.fields;
  if (const auto argv = fields.find("argv"); argv != fields.end()) return code_of_argv(argv->second);
  const auto script = script_of(action);
  StepCode out{std::string(script.text), {}, script.map, script.at};
  const auto interpreter = fields.find("interpreter");
  const auto* named = interpreter != fields.end() ? std::get_if<Text>(&interpreter->second.is) : nullptr;
  if (runs_scripts(*action.kind) && (named == nullptr || is_shell(program_of(named->text.text()))))
    out.commands = shell_commands(out.text);
  return out;
}

}  // namespace runbook

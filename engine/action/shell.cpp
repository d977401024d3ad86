#include "action/shell.h"

#include <algorithm>
#include <array>

#include "action/supervised.h"

namespace runbook {
namespace {

// Words between blanks; the language has no quoting here: a path with a blank belongs into `argv`.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (true) {
    const auto begin = text.find_first_not_of(" \t\n");
    if (begin == std::string_view::npos) return out;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(" \t\n"), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// Where `# ...` is a comment, the attempt's nonce can stand in the script.
bool has_hash_comments(std::string_view interpreter) {
  static constexpr std::array<std::string_view, 9> known{"bash", "sh", "dash", "zsh", "ksh", "python", "perl", "ruby", "env"};
  interpreter.remove_prefix(interpreter.rfind('/') == std::string_view::npos ? 0 : interpreter.rfind('/') + 1);
  const auto name = interpreter.substr(0, interpreter.find_first_of("0123456789."));
  return std::find(known.begin(), known.end(), name) != known.end();
}

const std::string* text_of(const Record& fields, std::string_view key) {
  const auto found = fields.find(key);
  return found == fields.end() ? nullptr : found->second.string();
}

Result<Command, Failure> command_of(const AttemptContext& context) {
  Command command;
  if (const auto argv = context.fields.find("argv"); argv != context.fields.end() && argv->second.list() != nullptr) {
    for (const auto& word : *argv->second.list()) command.arguments.push_back(to_text(word));
    if (command.arguments.empty()) return failure(Failure("`argv` is empty"));
    return command;
  }
  const auto* script = text_of(context.fields, "script");
  if (script == nullptr) return failure(Failure("there is neither `script` nor `argv`"));
  command.script = *script;
  command.takes = Command::Script::last_argument;
  const auto* interpreter = text_of(context.fields, "interpreter");
  command.arguments = interpreter != nullptr ? words_of(*interpreter) : std::vector<std::string>{"bash", "-euo", "pipefail"};
  if (command.arguments.empty()) return failure(Failure("`interpreter` is empty"));
  // `env` only where it starts one that we know.
  const auto& program = command.arguments.front() == "env" || command.arguments.front() == "/usr/bin/env"
                            ? command.arguments.back()
                            : command.arguments.front();
  command.hash_comments = has_hash_comments(program);
  return command;
}

}  // namespace

std::unique_ptr<Executor> make_shell_executor(int supervisor) {
  static constexpr SupervisedKind kind{command_of,
                                       [](const AttemptContext&, const ExitRecord& record, const KeptStream& out,
                                          const KeptStream& err) { return report_of(record, out, err); },
                                       [](const AttemptContext&) { return true; }};
  return make_supervised_executor(supervisor, kind);
}

}  // namespace runbook

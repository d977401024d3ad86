// The static side of `shell`: its keys, its results, its line in a plan.
#include <algorithm>
#include <array>

#include "action/shell.h"

namespace runbook {
namespace {

using Need = KeyRow::Need;
using From = ResultRow::From;

constexpr std::array<KeyRow, 3> keys{{
    KeyRow{"script", FieldType::code, Need::optional,
           "The script, run as `bash -euo pipefail FILE`. Variables arrive as environment variables; `${}` is the shell's own.",
           "스크립트. `bash -euo pipefail FILE`로 실행됩니다. 변수는 환경 변수로 전달되며, `${}`는 셸의 것입니다."}
        .like("kubectl get pods"),
    KeyRow{"interpreter", FieldType::text, Need::optional,
           "Another interpreter for the script: `python3`, `sh -e`. The script's file is its last argument.",
           "스크립트를 실행할 다른 인터프리터: `python3`, `sh -e`. 스크립트 파일이 마지막 인수가 됩니다."}
        .by_default("bash -euo pipefail")
        .like("python3"),
    KeyRow{"argv", FieldType::texts, Need::optional, "A program and its arguments, without a shell.",
           "셸 없이 실행할 프로그램과 인수."}
        .like(R"(["git", "checkout", "${vars.tag}"])"),
}};

constexpr std::array<ResultRow, 7> result{{
    {"exit", "int", From::action, {}, true},
    {"stdout", "string"},
    {"stderr", "string"},
    {"json", "dyn", From::json_of, "stdout"},
    {"lines", "list", From::lines_of, "stdout"},
    {"duration", "duration", From::action, {}, true},
    {"left", "string"},
}};

constexpr std::array<Choice, 1> choices{{{Choice::Take::exactly_one, "script argv"}}};

Diagnostic wrong_shape(Place at, std::string_view en, std::string_view ko) {
  static constexpr Message message{"RB601", Severity::error, "{}", "{}"};
  auto out = diagnose(message, at, "");
  out.text = phrase(en, ko);
  return out;
}

void check(const Fields& fields, Place action, Diagnostics& wrong) {
  const auto script = fields.find("script"), argv = fields.find("argv"), interpreter = fields.find("interpreter");
  const auto none = fields.end();
  if (script == none && argv == none)
    wrong.push_back(wrong_shape(action, "`shell` needs a script or `argv`", "`shell`에는 스크립트나 `argv`가 필요합니다"));
  if (script != none && argv != none)
    wrong.push_back(wrong_shape(argv->second.at, "`shell` takes a script or `argv`, not both",
                                "`shell`에는 스크립트와 `argv` 중 하나만 쓸 수 있습니다"));
  if (interpreter != none && script == none)
    wrong.push_back(
        wrong_shape(interpreter->second.at, "`interpreter` needs a `script`", "`interpreter`에는 `script`가 필요합니다"));
  if (argv != none)
    if (const auto* list = std::get_if<Field::List>(&argv->second.is); list != nullptr && list->empty())
      wrong.push_back(wrong_shape(argv->second.at, "`argv` names no program", "`argv`에 프로그램이 없습니다"));
}

// The first line that does something.
std::string describe(const Record& fields) {
  if (const auto argv = fields.find("argv"); argv != fields.end() && argv->second.list() != nullptr) {
    std::string out;
    for (const auto& word : *argv->second.list()) out += (out.empty() ? "" : " ") + to_text(word);
    return out;
  }
  const auto script = fields.find("script");
  if (script == fields.end() || script->second.string() == nullptr) return "";
  std::string_view rest = *script->second.string();
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos || line[begin] == '#') continue;
    line = line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
    if (line.substr(0, 4) == "set " || line == ":") continue;
    return std::string(line);
  }
  return "";
}

Effect effect(const Fields&) { return Effect::unknown; }

}  // namespace

const ActionKind shell_kind{
    "shell",
    "Runs a script or a program on this machine.",
    "이 컴퓨터에서 스크립트나 프로그램을 실행합니다.",
    "script",
    keys,
    {},
    result,
    "exit == 0",
    check,
    describe,
    effect,
    false,
    choices,
};

}  // namespace runbook

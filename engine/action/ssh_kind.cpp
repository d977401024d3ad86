// The static side of `ssh`: its keys, its results, its line in a plan.
#include <array>

#include "action/shell.h"
#include "action/ssh.h"
#include "action/ssh_messages.h"
#include "action/ssh_target.h"

namespace runbook {
namespace {

using Need = KeyRow::Need;

constexpr std::array<KeyRow, 6> keys{{
    KeyRow{"host", FieldType::text, Need::required,
           "The host, as `ssh` knows it: a name, an address, or an alias of your ssh configuration.",
           "`ssh`가 아는 호스트: 이름, 주소, 또는 ssh 설정의 별칭."}
        .like("web1"),
    KeyRow{"user", FieldType::text, Need::optional, "The user there; by default as your ssh configuration says.",
           "그곳의 사용자. 기본값은 ssh 설정을 따릅니다."}
        .like("deploy"),
    KeyRow{"port", FieldType::text, Need::optional, "The port; by default as your ssh configuration says.",
           "포트. 기본값은 ssh 설정을 따릅니다."}
        .like("2222"),
    KeyRow{"script", FieldType::code, Need::required,
           "The script, run there as `sh -eu FILE`. Variables arrive as environment variables; `${}` is the shell's own.",
           "그곳에서 `sh -eu FILE`로 실행되는 스크립트. 변수는 환경 변수로 전달되며, `${}`는 셸의 것입니다."}
        .like("systemctl is-active nginx"),
    KeyRow{"interpreter", FieldType::text, Need::optional,
           "Another interpreter that is there: `bash -euo pipefail`, `python3`. The script's file is its last argument.",
           "그곳에 있는 다른 인터프리터: `bash -euo pipefail`, `python3`. 스크립트 파일이 마지막 인수가 됩니다."}
        .by_default("sh -eu")
        .like("bash -euo pipefail"),
    KeyRow{
        "unreachable", FieldType::duration, Need::optional,
        "How long a step that changes something waits for a host that cannot be reached; after it has begun, it is in doubt then. What only reads waits as long as its `timeout`.",
        "무언가 바꾸는 단계가 연결되지 않는 호스트를 기다리는 시간. 이미 시작했다면 그 뒤에는 불확실해집니다. 읽기만 하는 것은 `timeout` 만큼 기다립니다."}
        .by_default("10m"),
}};

struct Checked {
  const char* key;
  const Message& message;
};
constexpr std::array<Checked, 3> checked{
    {{"host", messages::ssh_host}, {"user", messages::ssh_user}, {"port", messages::ssh_port}}};

// What is written out is looked at now; what holds `${}`, when it is known.
void check(const Fields& fields, Place, Diagnostics& wrong) {
  for (const auto& [key, message] : checked) {
    const auto field = fields.find(key);
    if (field == fields.end()) continue;
    const auto* text = std::get_if<Text>(&field->second.is);
    if (text == nullptr || !text->text.is_literal()) continue;
    Record alone{{"host", Value("host")}};
    alone[key] = Value(text->text.text());
    if (!ssh_target(alone)) wrong.push_back(diagnose(message, field->second.at, text->text.text()));
  }
}

std::string describe(const Record& fields) {
  const auto text = [&fields](const char* key) {
    const auto found = fields.find(key);
    return found == fields.end() ? std::string() : to_text(found->second);
  };
  const auto user = text("user"), port = text("port");
  return (user.empty() ? "" : user + "@") + text("host") + (port.empty() ? "" : ":" + port) + "  " + shell_kind.describe(fields);
}

Effect effect(const Fields&) { return Effect::unknown; }

// It has a supervisor there, which needs no engine.
Aftermaths aftermaths(const Fields&) { return {Aftermath::effects, Aftermath::effects, Aftermath::goes_on}; }

}  // namespace

const ActionKind ssh_kind{
    "ssh",
    "Runs a script on another host, through your OpenSSH.",
    "다른 호스트에서 OpenSSH를 통해 스크립트를 실행합니다.",
    "",
    keys,
    {},
    shell_kind.result,
    "exit == 0",
    check,
    describe,
    effect,
    false,
    {},
    aftermaths,
};

}  // namespace runbook

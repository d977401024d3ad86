#include "runbook/keys.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace runbook {
namespace {

constexpr unsigned bit(Where w) { return static_cast<unsigned>(w); }
template <class... W>
constexpr unsigned in(W... where) {
  return (bit(where) | ...);
}

using enum Where;
using T = ValueType;

constexpr unsigned checks = in(precondition, criterion, guard, baseline);
constexpr unsigned looks = checks | in(watch);
constexpr unsigned steps = in(step, group);
constexpr unsigned acting = in(step, undo);

constexpr Key table[] = {
    // The file.
    Key{"runbook", in(top), T::version, "", "version of the language: 1", "언어 버전: 1"}.required(in(top)).like("1"),
    Key{"id", in(top), T::id, "", "name in commands and the history", "명령과 기록에 쓰이는 이름"}.like("full-rollback"),
    {"title", in(top), T::text, "", "name for people", "사람이 읽는 이름"},
    {"description", in(top), T::text, "", "what it does", "하는 일"},
    {"use_when", in(top), T::text, "", "when to use it", "조건"},
    Key{"expected", in(top), T::duration_range, "", "how long it takes: 3m or 2m..3m", "예상 소요 시간: 3m 또는 2m..3m"}.like(
        "3m..5m"),
    {"owner", in(top), T::text, "", "who is responsible", "담당자"},
    {"approver", in(top), T::text, "", "who approves", "승인자"},
    {"contact", in(top), T::text, "", "whom to call", "긴급 연락처"},
    {"risk", in(top), T::word, "low medium high critical", "how dangerous it is", "위험도"},
    {"impact", in(top), T::text, "", "what users notice", "영향"},
    Key{"source", in(top), T::source, "", "the document it came from", "원본 문서"}.like(
        R"({"document": "docs/rollback.md", "section": "2"})"),
    Key{"references", in(top), T::literals, "", "related documents", "참고 문서"}.like(R"(["docs/restore.md"])"),
    Key{"lock", in(top), T::text_or_texts, "", "one open run at a time for each name", "이름마다 열린 실행은 하나"}.like(
        "production"),
    {"cwd", in(top), T::text, "", "folder of the steps, relative to this file's", "단계의 작업 폴더 (이 파일 기준)"},
    Key{"vars", in(top), T::variables, "", "variables", "변수"}.like(R"({"tag": {"type": "string", "ask": "Which tag?"}})"),
    Key{"secrets", in(top), T::secrets, "", "where secrets come from", "비밀 값의 출처"}.like(
        R"({"token": {"env": "API_TOKEN"}})"),
    Key{"requires", in(top), T::requirements, "", "environment variables and commands that must be there",
        "필요한 환경 변수와 명령"}
        .like(R"({"env": ["KUBECONFIG"], "commands": ["kubectl"]})"),
    Key{"env", in(top), T::texts_by_name, "", "environment variables set for every step", "모든 단계에 정하는 환경 변수"}.like(
        R"({"PGTZ": "UTC"})"),
    Key{"connections", in(top), T::connections, "", "databases and HTTP services by name", "데이터베이스와 HTTP 서비스"}.like(
        R"({"db": {"service": "reports"}, "api": {"url": "http://collector:8080"}})"),
    Key{"defaults", in(top), T::defaults, "", "timeout, check_timeout, every", "timeout, check_timeout, every"}.like(
        R"({"timeout": "10m"})"),
    {"preconditions", in(top), T::precondition_list, "", "must hold before anything changes", "시작하기 전에 맞아야 하는 것"},
    {"steps", in(top), T::step_list, "", "what is done", "단계"},
    {"success", in(top), T::criterion_list, "", "how success is told", "성공 기준"},
    {"finally", in(top), T::step_list, "", "done once when the run closes", "실행을 닫을 때 한 번"},
    Key{"after", in(top), T::follow_ups, "", "follow-ups for people", "후속 조치"}.like(R"(["Write the post-mortem"])"),
    Key{"outputs", in(top), T::expressions_by_name, "", "what a caller sees of this file", "이 파일을 쓰는 쪽이 보는 값"}.like(
        R"({"revision": "steps.look.revision"})"),
    {"baseline", in(top), T::baseline_list, "", "values before step 1, seen later as `was.ID`",
     "1단계 전의 값. 나중에 `was.ID` 로 봄"},
    {"watch", in(top), T::watch_list, "", "must stay true while the steps run", "단계가 도는 동안 계속 맞아야 하는 것"},
    {"notify", in(top), T::channels, "", "who is told what the run waits for and how it ends", "기다리는 것과 끝을 알릴 곳"},
    // A variable.
    Key{"type", in(variable), T::word, "string int number bool duration path enum list", "what it holds", "담는 값의 형"}
        .required(in(variable))
        .like("string"),
    {"default", in(variable), T::value, "", "its value when not given", "주어지지 않았을 때의 값"},
    {"ask", in(variable), T::text, "", "the question when not given", "주어지지 않았을 때의 질문"},
    Key{"required", in(variable), T::boolean, "", "must be given", "반드시 주어야 함"}.by_default("false"),
    Key{"pattern", in(variable), T::regex, "", "what the whole value must match (RE2)", "값 전체가 맞아야 하는 정규식 (RE2)"}
        .like("v[0-9]+[.][0-9]+"),
    {"help", in(variable), T::text, "", "what it is for", "설명"},
    Key{"choices", in(variable), T::choices, "",
        "the values to choose from, or an action whose lines are offered (--var may differ)",
        "고를 값, 또는 줄마다 후보를 내는 동작 (--var 로는 다른 값도 줄 수 있음)"}
        .like(R"(["canary", "stable"])"),
    // A secret.
    Key{"env", in(secret), T::literal, "", "name of an environment variable", "환경 변수 이름"}.like("API_TOKEN"),
    {"file", in(secret), T::literal, "", "a file that holds it", "값이 든 파일"},
    Key{"command", in(secret), T::literals, "", "a command that prints it", "값을 출력하는 명령"}.like(
        R"(["pass", "show", "api"])"),
    Key{"late", in(secret), T::boolean, "", "it comes into being during the run", "실행 중에 생김"}.by_default("false"),
    Key{"env", in(requirements), T::literals, "", "environment variables", "환경 변수"}.like(R"(["KUBECONFIG"])"),
    Key{"commands", in(requirements), T::literals, "", "commands in PATH", "PATH 의 명령"}.like(R"(["kubectl", "gzip"])"),
    Key{"timeout", in(defaults), T::duration, "", "of steps", "단계"}.by_default("5m"),
    Key{"check_timeout", in(defaults), T::duration, "", "of checks", "검사"}.by_default("10s"),
    Key{"every", in(defaults), T::duration, "", "between tries", "다시 볼 때까지"}.by_default("5s"),
    {"document", in(source), T::literal, "", "path of the document, from cwd", "문서 경로 (cwd 기준)"},
    {"section", in(source), T::literal, "", "its heading", "문서의 절"},
    Key{"hash", in(source), T::literal, "", "of that section; lint warns when it is another, and says which",
        "그 절의 해시. 바뀌었으면 lint 가 경고하고 새 값을 알려 줍니다"}
        .like("3f29c0d1a4b7"),
    // Steps, groups, checks, probes, undos.
    Key{"id", steps | looks, T::id, "", "name in expressions, commands and logs", "식과 명령, 로그에 쓰이는 이름"}
        .required(steps | looks)
        .like("db_restore"),
    {"title", steps | looks | in(undo, probe), T::text, "", "name for people", "사람이 읽는 이름"},
    Key{"needs", steps, T::names, "", "steps that must have ended; default: all above", "먼저 끝나야 하는 단계 (기본: 위의 모두)"}
        .like(R"(["stop_writes", "snapshot"])"),
    Key{"when", steps | checks, T::expression, "", "otherwise it is skipped", "아니면 건너뜀"}.like("vars.tag != \"\""),
    {"steps", in(group), T::step_list, "", "the steps of a group", "묶음의 단계"},
    Key{"use", in(group, spliced), T::used_file, "", "another file's steps or checks", "다른 파일의 단계나 검사"}
        .required(in(spliced))
        .like("verify.yaml"),
    {"preconditions", acting, T::guard_list, "", "must hold before every attempt", "시도할 때마다 먼저 맞아야 하는 것"},
    Key{"expect", acting | looks | in(probe), T::expression, "", "what must be true of its result", "결과가 만족해야 하는 식"}
        .required(in(probe))
        .like("exit == 0 && json.ready"),
    Key{"outputs", acting | checks, T::expressions_by_name, "", "values for later steps", "뒤의 단계가 쓰는 값"}.like(
        R"({"revision": "lines[0]"})"),
    Key{"retry", acting | checks | in(probe), T::retry, "", "tries again: {every, for}", "다시 시도: {every, for}"}.like(
        R"({"every": "5s", "for": "1m"})"),
    Key{"hold", acting | looks | in(probe), T::duration, "", "must stay true for this long", "이 시간 동안 계속 참이어야 함"}
        .like("30s"),
    Key{"timeout", acting | looks | in(probe), T::duration, "", "limit of one attempt", "한 번 시도의 제한 시간"}.like("10m"),
    Key{"expected", acting | checks, T::duration_range, "", "how long it takes: 3m or 2m..3m", "예상 소요 시간"}.like("2m..3m"),
    Key{"changes", acting | looks | in(probe), T::text, "", "what it changes, or `none`", "바꾸는 것, 또는 `none`"}.like("none"),
    Key{"undo", in(step), T::undo, "", "takes the effect back", "되돌리는 동작"}.like(
        R"({"shell": "kubectl scale --replicas=4 deploy/collector"})"),
    Key{"confirm", acting, T::text, "", "a word to type before each start", "시작하기 전에 입력할 말"}.like("production"),
    Key{"optional", steps, T::text, "", "a question: is it needed?", "질문: 필요합니까? (필요시)"}.like(
        "Is the database damaged?"),
    {"rerun", acting, T::word, "safe", "running it again does no harm", "다시 실행해도 안전함"},
    Key{"probe", in(step), T::probe, "", "tells whether the effect is there", "효과가 있는지 알아보는 동작"}.like(
        R"({"shell": "kubectl get deploy/collector", "expect": "exit == 0"})"),
    Key{"on_fail", steps, T::word, "stop continue", "what follows a failure", "실패한 다음"}.by_default("stop"),
    {"background", acting, T::word, "allow", "what it leaves running may live on", "남긴 프로세스를 그대로 둠"},
    Key{"env", acting | looks | in(probe), T::texts_by_name, "", "environment variables of this step", "이 단계의 환경 변수"}
        .like(R"({"REVISION": "${steps.look.revision}"})"),
    {"cwd", acting | looks | in(probe), T::text, "", "its folder", "작업 폴더"},
    Key{"no_data", in(criterion), T::word, "fail ask", "when there is no data", "데이터가 없을 때"}.by_default("fail"),
    Key{"every", in(watch), T::duration, "", "from the end of a look to the next", "한 번 보고 다음까지"}.like("5s"),
    Key{"then", in(watch), T::word, "stop pause", "when it is not true: what runs is ended, or left to end",
        "맞지 않으면: 실행 중인 것을 끝냄, 또는 끝까지 둠"}
        .by_default("stop"),
    {"rescue", steps, T::step_list, "", "steps when it failed; if all succeed, the failure is handled",
     "실패했을 때의 단계. 모두 성공하면 처리된 실패"},
    Key{"for_each", steps, T::list_or_expression, "", "once for every element: `item`, `index`",
        "요소마다 한 번씩: `item`, `index`"}
        .like("steps.nodes.names"),
    Key{"at_once", steps, T::integer, "", "how many elements at once", "동시에 몇 개"}.by_default("1").like("2"),
    Key{"max_failures", steps, T::integer, "", "how many elements may fail", "실패해도 되는 수"}.by_default("0").like("1"),
    Key{"every", in(retry), T::duration, "", "from the end of a try to the next", "한 번 끝나고 다음까지"}.like("5s"),
    Key{"for", in(retry), T::duration, "", "limit of all tries", "모든 시도의 제한 시간"}.required(in(retry)).like("1m"),
    Key{"file", in(use), T::literal, "", "the file, relative to this one", "이 파일 기준의 경로"}.required(in(use)).like(
        "verify.yaml"),
    Key{"vars", in(use), T::values_by_name, "", "values for its variables", "변수에 줄 값"}.like(
        R"({"deployment": "collector"})"),
    {"title", in(follow_up), T::text, "", "heading", "제목"},
    {"items", in(follow_up), T::texts, "", "what is to be done", "할 일"},
    Key{"url", in(channel), T::text, "", "the webhook that is sent a POST", "POST 를 보낼 웹훅"}
        .required(in(channel))
        .like("${secrets.slack_webhook}"),
    Key{"format", in(channel), T::word, "slack json", "what is sent: a Slack message, or all of it as JSON",
        "보내는 형식: Slack 메시지, 또는 모든 것을 JSON 으로"}
        .by_default("slack"),
    Key{"tell", in(channel), T::words, "waiting failed in_doubt finished", "what of; default: all of these",
        "알릴 것 (기본: 모두)"}
        .like(R"(["waiting", "failed"])"),
    Key{"headers", in(channel), T::headers, "", "headers of the request", "요청의 헤더"}.like(
        R"({"Authorization": "Bearer ${secrets.token}"})"),
    Key{"use", in(follow_up), T::used_file, "", "another file's `after`", "다른 파일의 `after`"}.like("follow-ups.yaml"),
};

struct PlaceRow {
  Where where;
  std::string_view id;
};
constexpr PlaceRow places[] = {
    {top, "runbook"},
    {variable, "variable"},
    {secret, "secret"},
    {requirements, "requirements"},
    {defaults, "defaults"},
    {source, "source"},
    {step, "step"},
    {group, "group"},
    {precondition, "precondition"},
    {criterion, "criterion"},
    {guard, "guard"},
    {baseline, "baseline"},
    {watch, "watch"},
    {probe, "probe"},
    {undo, "undo"},
    {retry, "retry"},
    {use, "use"},
    {spliced, "spliced"},
    {candidates, "candidates"},
    {channel, "channel"},
    {follow_up, "follow_up"},
};

struct ChoiceRow {
  Where where;
  Choice choice;
};
constexpr ChoiceRow choices[] = {
    {variable, {Choice::Take::at_most_one, "default ask"}},
    {secret, {Choice::Take::exactly_one, "env file command"}},
    {group, {Choice::Take::exactly_one, "steps use"}},
    {follow_up, {Choice::Take::at_least_one, "title items use"}},
};

const std::unordered_map<std::string_view, std::vector<const Key*>>& by_name() {
  static const auto index = [] {
    std::unordered_map<std::string_view, std::vector<const Key*>> made;
    for (const Key& key : table) made[key.name].push_back(&key);
    return made;
  }();
  return index;
}

struct Familiar {
  std::string_view theirs, ours;
};
constexpr Familiar familiar[] = {
    {"name", "title"},
    {"run", "shell"},
    {"command", "shell"},
    {"cmd", "shell"},
    {"script", "shell"},
    {"bash", "shell"},
    {"depends_on", "needs"},
    {"depends", "needs"},
    {"dependsOn", "needs"},
    {"if", "when"},
    {"condition", "when"},
    {"variables", "vars"},
    {"inputs", "vars"},
    {"params", "vars"},
    {"environment", "env"},
    {"tasks", "steps"},
    {"jobs", "steps"},
    {"register", "outputs"},
    {"assert", "expect"},
    {"until", "expect"},
    {"retries", "retry"},
    {"ignore_errors", "on_fail"},
    {"continue_on_error", "on_fail"},
    {"loop", "for_each"},
    {"with_items", "for_each"},
    {"rollback", "undo"},
    {"working_directory", "cwd"},
    {"workdir", "cwd"},
    {"dir", "cwd"},
    {"query", "sql"},
    {"request", "http"},
    {"include", "use"},
    {"version", "runbook"},
    {"criteria", "success"},
    {"prerequisites", "preconditions"},
    {"cleanup", "finally"},
};

}  // namespace

std::span<const Key> all_keys() { return table; }

const Key* find_key(std::string_view name, Where where) {
  const auto found = by_name().find(name);
  if (found == by_name().end()) return nullptr;
  for (const Key* key : found->second)
    if (key->in(where)) return key;
  return nullptr;
}

std::vector<Where> places_of(std::string_view name) {
  std::vector<Where> out;
  for (unsigned place = 1; place <= bit(candidates); place <<= 1U)
    if (find_key(name, static_cast<Where>(place)) != nullptr) out.push_back(static_cast<Where>(place));
  return out;
}

std::span<const Where> all_places() {
  static const auto all = [] {
    std::vector<Where> made;
    for (const auto& place : places) made.push_back(place.where);
    return made;
  }();
  return all;
}

std::string_view place_id(Where where) {
  for (const auto& place : places)
    if (place.where == where) return place.id;
  return {};
}

std::vector<Choice> choices_in(Where where) {
  std::vector<Choice> out;
  for (const auto& row : choices)
    if (row.where == where) out.push_back(row.choice);
  return out;
}

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const auto word = list.substr(0, list.find(' '));
    if (!word.empty()) out.emplace_back(word);
    list.remove_prefix(std::min(word.size() + 1, list.size()));
  }
  return out;
}

std::span<const std::string_view> reserved_names() {
  static constexpr std::array<std::string_view, 9> reserved{"in",    "true",       "false",       "null",    "state",
                                                            "items", "http_proxy", "https_proxy", "no_proxy"};
  return reserved;
}

std::vector<std::string> key_names(Where where) {
  std::vector<std::string> names;
  for (const Key& key : table)
    if (key.in(where)) names.emplace_back(key.name);
  return names;
}

bool lists_checks(Where where) {
  return where == precondition || where == criterion || where == guard || where == baseline || where == watch;
}

bool asks_nobody(Where where) { return where == baseline || where == watch; }

Phrase where_name(Where where) {
  switch (where) {
    case top: return phrase("the top level", "파일의 최상위");
    case variable: return phrase("a variable", "변수");
    case secret: return phrase("a secret", "비밀 값");
    case requirements: return phrase("`requires`", "`requires`");
    case defaults: return phrase("`defaults`", "`defaults`");
    case source: return phrase("`source`", "`source`");
    case step: return phrase("a step", "단계");
    case group: return phrase("a group (`steps` or `use`)", "묶음 (`steps` 나 `use`)");
    case precondition: return phrase("a precondition", "사전 조건");
    case criterion: return phrase("a success criterion", "성공 기준");
    case guard: return phrase("a step's precondition", "단계의 사전 조건");
    case baseline: return phrase("an entry of `baseline`", "`baseline` 의 항목");
    case watch: return phrase("a watch", "watch");
    case probe: return phrase("a probe", "probe");
    case undo: return phrase("an undo", "undo");
    case retry: return phrase("`retry`", "`retry`");
    case use: return phrase("`use`", "`use`");
    case spliced: return phrase("a `use` in a list of checks", "검사 목록의 `use`");
    case candidates: return phrase("`choices`", "`choices`");
    case channel: return phrase("an entry of `notify`", "`notify` 의 항목");
    case follow_up: return phrase("an entry of `after`", "`after` 의 항목");
  }
  return {};
}

std::string_view familiar_name(std::string_view name) {
  for (const auto& [theirs, ours] : familiar)
    if (theirs == name) return ours;
  return {};
}

}  // namespace runbook

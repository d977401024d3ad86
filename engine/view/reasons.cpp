#include "view/reasons.h"

#include <array>
#include <optional>
#include <vector>

namespace runbook {
namespace {

// {} stands for what is quoted, {~} for a reason inside the reason; in Korean they come in the same order. A later row is tried
// only when none before it fits.
struct Known {
  std::string_view en, ko;
};
constexpr auto known = std::to_array<Known>({
    // decide
    {"when: {}", "when: {}"},
    {"left out by --without", "--without 로 제외함"},
    {"all its steps were skipped", "안의 단계를 모두 건너뜀"},
    {"not started", "시작하지 않음"},
    {"could not be started five times", "다섯 번 시작하지 못함"},
    {"true, but not for {}", "참이었으나 {} 동안 유지되지 않음"},
    {"its precondition `{}` does not hold: {~}", "전제 조건 `{}` 이(가) 성립하지 않음: {~}"},
    {"it was started before, and may have changed something: {~}", "전에 시작되어 무언가 바꾸었을 수 있음: {~}"},
    {"it was started before, and may have changed something", "전에 시작되어 무언가 바꾸었을 수 있음"},
    {"{}: no data ({~}). Accept it?", "{}: 데이터 없음 ({~}). 이대로 인정합니까?"},
    {"a person said no", "사람이 아니라고 답함"},
    {"a person said it failed", "사람이 실패로 판단함"},
    {"nobody answered in time", "제한 시간 안에 아무도 답하지 않음"},
    {"not needed: {~}", "필요 없음: {~}"},
    {"done by hand: {}", "손으로 처리함: {}"},
    {"left out: {}", "하지 않음: {}"},
    {"rejected: {~}", "거절: {~}"},
    {"its probe finds the effect there", "probe 로 효과를 확인함"},
    {"in doubt, and not run again after a failure: {~}", "불확실하며, 실패 뒤라 다시 실행하지 않음: {~}"},
    {"settled by hand", "사람이 정함"},
    {"for_each: the list is empty", "for_each: 목록이 비어 있음"},
    {"for_each: elements {} and {} are both `{}`", "for_each: {}번째와 {}번째 요소가 모두 `{}`"},
    {"for_each: {} elements: at most {} can be run through", "for_each: 요소가 {}개: 많아야 {}개까지 가능"},
    {"for_each: it gives {}, not a list", "for_each: 목록이 아니라 {}"},
    {"for_each: element {} is empty", "for_each: {}번째 요소가 비어 있음"},
    {"for_each: element {} is longer than {} bytes", "for_each: {}번째 요소가 {}바이트보다 김"},
    {"for_each: element `{}`: {~}", "for_each: 요소 `{}`: {~}"},
    {"for_each: element {} holds a control character", "for_each: {}번째 요소에 제어 문자가 있음"},
    {"{} of {} failed, first {}: {~}", "{}개 실패 (전체 {}개), 처음은 {}: {~}"},
    {"{~}; its rescue failed, too: {~}", "{~}. 복구도 실패함: {~}"},
    {"stopped", "중단됨"},
    // judge
    {"timed out", "제한 시간이 지남"},
    {"timed out: {~}", "제한 시간이 지남: {~}"},
    {"cancelled", "취소됨"},
    {"cancelled: {~}", "취소됨: {~}"},
    {"never started", "시작되지 않음"},
    {"never started: {~}", "시작되지 않음: {~}"},
    {"could not start", "시작할 수 없음"},
    {"could not start: {~}", "시작할 수 없음: {~}"},
    {"the effect is done, but output `{}`: {~}", "효과는 있었으나 output `{}`: {~}"},
    {"output `{}`: {~}", "output `{}`: {~}"},
    {"the outputs of a step hold at most 64 KiB", "한 단계의 output 은 64 KiB 까지입니다"},
    // accept and fit_answer
    {"the run has ended ({})", "실행이 이미 끝남 ({})"},
    {"the follow-ups are after/1 to after/{}", "이후 할 일은 after/1 부터 after/{} 까지입니다"},
    {"the run is closing already", "실행을 이미 마치는 중"},
    {"there is no such step", "그런 단계가 없음"},
    {"step `{}` waits for nobody", "단계 `{}` 은(는) 아무도 기다리지 않음"},
    {"the question it answers is no longer asked", "이미 지나간 질문에 대한 답"},
    {"it is not an approval that is asked for: use `runbook confirm`", "승인을 묻는 질문이 아님: `runbook confirm` 을 쓰십시오"},
    {"it is an approval that is asked for: use `runbook approve`", "승인을 묻는 질문임: `runbook approve` 를 쓰십시오"},
    {"use `runbook resolve ... {}", "다음을 쓰십시오: `runbook resolve ... {}"},
    {"whoever runs it may not approve it: another OS user must", "실행한 사람은 승인할 수 없음: 다른 OS 사용자가 해야 함"},
    {"the same person has approved it already", "같은 사람이 이미 승인함"},
    {"it may be approved by {}", "승인할 수 있는 사람: {}"},
    {"it is running", "실행 중임"},
    {"its time has run out: `runbook resume` fails the step, and the next one asks again",
     "시간이 지났음: `runbook resume` 은 단계를 실패로 끝내고, 그다음 resume 이 다시 묻습니다"},
    {"the rescue of `{}` is not under way: resolve `{}` itself, or let it run again, and its rescue with it",
     "`{}` 의 복구는 진행 중이 아님: `{}` 자체를 정하거나, 복구와 함께 다시 실행하십시오"},
    {"its effect is there, and it is not run again: say what it leaves behind, --as done --output NAME=VALUE",
     "효과가 있었으므로 다시 실행하지 않음: 남긴 값을 정하십시오, --as done --output 이름=값"},
    {"its rescue is running: resolve the step of that which waits", "복구 중임: 복구 단계 가운데 기다리는 것을 정하십시오"},
    {"nothing runs that could be paused", "일시 중지할 것이 실행 중이 아님"},
    {"it has been started again since", "그 뒤 다시 시작됨"},
    {"it was meant for an engine that has ended meanwhile", "그 사이에 끝난 엔진에 대한 요청임"},
    {"it needs a reason", "이유가 필요함"},
    {"as done, not-done, failed or skipped", "done, not-done, failed, skipped 중 하나여야 함"},
    {"it has ended: nothing is to be resolved; it can run again: {}", "이미 끝남: 정할 것이 없음. 다시 실행하려면: {}"},
    {"it has ended: nothing is to be resolved", "이미 끝남: 정할 것이 없음"},
    {"its failure does not stop the run, and what follows it has begun; it can run again: {}",
     "실패해도 계속하는 단계이고, 뒤의 단계가 이미 시작됨. 다시 실행하려면: {}"},
    {"its failure does not stop the run, and what follows it has begun", "실패해도 계속하는 단계이고, 뒤의 단계가 이미 시작됨"},
    {"no step was left to run", "남은 단계가 없음"},
    {"it has not been started", "시작된 적이 없음"},
    {"it asks for a value ({}): --answer VALUE", "값이 필요함 ({}): --answer VALUE"},
    {"name one of its {} items by number", "{}개 항목 중 하나를 번호로 지정하십시오"},
    {"it asks one question, not a list of items", "항목 목록이 아니라 질문 하나임"},
    {"the word is not the one to be typed", "입력할 단어와 다름"},
    {"the answer must be one of: {}", "답은 다음 중 하나여야 함: {}"},
    {"the answer is yes or no", "예 또는 아니요로 답해야 함"},
    // what became of an attempt
    {"capped at {}: {} bytes were written; its head and tail are kept", "{} 까지만 남김: {}바이트 출력. 처음과 끝만 남음"},
    {"the output could not be kept", "출력을 남기지 못함"},
    {"{}: the output could not be kept", "{}: 출력을 남기지 못함"},
    {"it had not begun yet", "아직 시작되지 않음"},
    {"it had not begun", "시작되지 않음"},
    {"cannot change to the step's directory: {}", "단계의 디렉터리로 갈 수 없음: {}"},
    {"cannot start the step's program: {}", "단계의 프로그램을 시작할 수 없음: {}"},
    {"cannot make a process: {}", "프로세스를 만들 수 없음: {}"},
    {"left running after its end: {} (killed)", "끝난 뒤 남아 있던 프로세스: {} (종료시킴)"},
    {"left running, as allowed: {}", "허용대로 남겨 둔 프로세스: {}"},
    {"timed out, still alive: {}", "제한 시간이 지났으나 아직 살아 있음: {}"},
    {"cancelled, still alive: {}", "취소했으나 아직 살아 있음: {}"},
    {"ended, still alive: {}", "끝났으나 아직 살아 있음: {}"},
    {"{} is damaged: {}", "{} 이(가) 손상됨: {}"},
    {"its supervisor died", "감시 프로세스가 죽음"},
    {"its supervisor died while it was under way; still alive: {}", "실행 중에 감시 프로세스가 죽음. 아직 살아 있음: {}"},
    {"its supervisor died while it was under way; what it had left running was killed",
     "실행 중에 감시 프로세스가 죽음. 남아 있던 것은 종료시킴"},
    {"it was under way when the machine or the container stopped", "실행 중에 시스템이나 컨테이너가 멈춤"},
    {"its files are missing, foreign or copied from another place; it is not started again",
     "파일이 없거나 다른 곳의 것임. 다시 시작하지 않음"},
    {"still running, long past its deadline{}", "제한 시간이 한참 지났으나 아직 실행 중{}"},
    // sql and http
    {"rolled back", "롤백됨"},
    {"nothing was changed", "아무것도 바뀌지 않음"},
    {"nothing was sent", "아무것도 보내지 않음"},
    {"{}: connected, and nothing was sent: that it is sent could not be recorded on disk",
     "{}: 접속했으나 아무것도 보내지 않음: 보낸다는 사실을 디스크에 기록하지 못함"},
    {"not connected in time", "제한 시간 안에 접속하지 못함"},
    {"statement {}: {~}", "{}번째 문장: {~}"},
    {"the statement ended the transaction", "문장이 트랜잭션을 끝냄"},
    {"the statement gives {}: add a LIMIT", "문장의 결과가 {}: LIMIT 을 붙이십시오"},
    {"the request was sent; no whole answer came before its deadline", "요청을 보냈으나 제한 시간 안에 온전한 응답이 없음"},
    {"the request was sent; it was cancelled before a whole answer came", "요청을 보냈으나 온전한 응답 전에 취소됨"},
    {"the request was sent; the process that sent it ended without a word", "요청을 보낸 프로세스가 말없이 끝남"},
    {"the request was sent, and no whole answer came: {}", "요청을 보냈으나 온전한 응답이 없음: {}"},
    {"it was sent and answered with {}: whether it was carried out, the answer does not say",
     "요청에 {} 응답이 옴: 처리되었는지는 응답으로 알 수 없음"},
    {"{}; outside a transaction nobody can tell whether it took effect", "{}. 트랜잭션 밖이라 효과가 있었는지 알 수 없음"},
    {"outside a transaction nobody can tell whether it took effect", "트랜잭션 밖이라 효과가 있었는지 알 수 없음"},
    // ssh
    {"{}: its host key is not known or has changed: connect once by hand and compare it: {}",
     "{}: 호스트 키를 모르거나 바뀌었음. 한 번 직접 접속해 비교하십시오: {}"},
    {"{}: it does not let this user in: {}", "{}: 이 사용자로 들어갈 수 없음: {}"},
    {"{}: there is no such host: {}", "{}: 그런 호스트가 없음: {}"},
    {"{}: the ssh configuration is wrong: {}", "{}: ssh 설정이 잘못됨: {}"},
    {"{}: it and this ssh have no method in common: {}", "{}: 이 ssh 와 공통된 방식이 없음: {}"},
    {"{}: it is another kind of machine ({}); this runbook brings its supervisor for {} only",
     "{}: 다른 종류의 컴퓨터({}). 감시 프로그램은 {} 용뿐임"},
    {"{}: our supervisor cannot be put there or run there (exit {}): {}",
     "{}: 감시 프로그램을 그곳에 두거나 실행할 수 없음 (종료 {}): {}"},
    {"{}: our supervisor was put there and does not answer: {}", "{}: 감시 프로그램을 두었으나 응답이 없음: {}"},
    {"`{}` is no name of a host", "`{}` 은(는) 호스트 이름이 될 수 없음"},
    {"`{}` is no name of a user", "`{}` 은(는) 사용자 이름이 될 수 없음"},
    {"`{}` is no port: 1 to 65535", "`{}` 은(는) 포트가 될 수 없음: 1 에서 65535"},
    {"{} could not be reached for {}: {}", "{} 에 {} 동안 연결하지 못함: {}"},
    {"it had not begun; {} cannot be reached: {}", "시작되지 않음. {} 에 연결할 수 없음: {}"},
    {"it was under way when the link to {} was lost; not reached for {}: {}",
     "실행 중에 {} 와(과) 연결이 끊김. {} 동안 다시 연결하지 못함: {}"},
    {"it was to be killed, and {} cannot be reached: {}", "강제 종료해야 하나 {} 에 연결할 수 없음: {}"},
    {"the attempt could not be recorded on {}", "{} 의 디스크에 기록하지 못함"},
    {"{} could not start it: {}", "{} 에서 시작하지 못함: {}"},
    {"still running on {}, long past its deadline", "{} 에서 제한 시간이 한참 지났으나 아직 실행 중"},
    // expressions
    {"no such key: {}", "없는 키: {}"},
    {"unknown name: {}", "없는 이름: {}"},
    {"{}: not JSON at byte {}: {}", "{}: {}번째 바이트에서 JSON 이 아님: {}"},
    {"the action gave no `{}`", "동작의 결과에 `{}` 이(가) 없음"},
    {"index {} out of range: the list is empty", "색인 {} 이(가) 범위를 벗어남: 목록이 비어 있음"},
    {"not evaluated", "확인하지 않음"},
    // the store
    {"the lock {} is held by run {}, which is still open", "잠금 {} 은(는) 아직 열려 있는 실행 {} 이(가) 가지고 있음"},
    {"there is no run {}", "실행 {} 이(가) 없음"},
    {"run {} is being run by process {} of {} on {}", "실행 {} 을(를) 프로세스 {} (사용자 {}, 호스트 {})이(가) 진행하고 있음"},
    {"an engine works on run {} now: stop it first", "엔진이 지금 실행 {} 을(를) 진행 중: 먼저 멈추십시오"},
    // Any text before a reason: of a group "data/restore: timed out", of an expression "json.a == 1: no such key: a".
    {"{}: {~}", "{}: {~}"},
});

// What fills the holes; `inner` is the reason inside the reason.
struct Filling {
  std::string text;
  bool is_reason = false;
};

std::optional<std::vector<Filling>> match(std::string_view pattern, std::string_view text) {
  std::vector<Filling> out;
  for (;;) {
    const auto hole = pattern.find('{');
    const auto literal = pattern.substr(0, hole);
    if (!text.starts_with(literal)) return {};
    text.remove_prefix(literal.size());
    if (hole == std::string_view::npos) return text.empty() ? std::optional(out) : std::nullopt;
    const bool is_reason = pattern.substr(hole).starts_with("{~}");
    pattern.remove_prefix(hole + (is_reason ? 3 : 2));
    const auto next = pattern.substr(0, pattern.find('{'));
    // What follows the last hole stands at the end; before another one the first place counts.
    const bool is_last = next.size() == pattern.size();
    const auto end = next.empty() ? text.size() : is_last ? text.rfind(next) : text.find(next);
    if (end == std::string_view::npos) return {};
    out.push_back({std::string(text.substr(0, end)), is_reason});
    text.remove_prefix(end);
  }
}

}  // namespace

std::string reason_in(std::string_view english, Language language) {
  if (language == Language::english || english.empty()) return std::string(english);
  for (const auto& [en, ko] : known) {
    const auto filled = match(en, english);
    if (!filled) continue;
    std::string out;
    std::string_view rest = ko;
    for (const auto& [text, is_reason] : *filled) {
      const auto hole = rest.find('{');
      out += rest.substr(0, hole);
      out += is_reason ? reason_in(text, language) : text;
      rest.remove_prefix(rest.find('}', hole) + 1);
    }
    return out + std::string(rest);
  }
  return std::string(english);
}

}  // namespace runbook

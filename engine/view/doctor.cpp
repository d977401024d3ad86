#include "view/doctor.h"

#include "base/quoted_word.h"
#include "view/reasons.h"
#include "view/sentences.h"

namespace runbook {
namespace {

using Weight = Finding::Weight;

constexpr Sentence state_ok{"state directory {}: can be written", "상태 디렉터리 {}: 쓸 수 있습니다"},
    state_bad{"state directory {}: {}", "상태 디렉터리 {}: {}"},
    state_means{"no run can be recorded, so none is started", "기록할 수 없으므로 아무것도 실행하지 않습니다"},
    state_remedy{"give --state-dir or RUNBOOK_STATE_DIR a directory on a local disk that you own",
                 "--state-dir 나 RUNBOOK_STATE_DIR 로 소유한 로컬 디스크의 디렉터리를 지정하십시오"},
    damage_means{"no run can be read, started or gone on with; nothing there is changed",
                 "실행을 읽거나 시작하거나 이어 갈 수 없습니다. 그곳의 것은 바꾸지 않습니다"},
    files_ok{"file system {}: keeps what was synced", "파일 시스템 {}: 동기화한 것을 지킵니다"},
    files_weak{"file system {}: loses what it holds at a power cut or a restart",
               "파일 시스템 {}: 정전이나 재시작 때 내용을 잃습니다"},
    files_means{"after the machine or the container stops, nobody knows what a run did",
                "기계나 컨테이너가 멈추면 무엇이 실행되었는지 알 수 없습니다"},
    files_bad{"file system {}: is not known to keep what was synced", "파일 시스템 {}: 동기화한 것을 지키는지 알 수 없습니다"},
    files_remedy{"put the state directory on ext4, xfs, btrfs, zfs or f2fs, in a container on a volume",
                 "상태 디렉터리를 ext4, xfs, btrfs, zfs, f2fs 에, 컨테이너에서는 볼륨에 두십시오"},
    supervisor_ok{"supervisor: lies beside the engine", "감독 프로그램: 엔진 옆에 있습니다"},
    supervisor_bad{"supervisor: {}", "감독 프로그램: {}"},
    supervisor_means{"no step can be started", "어떤 단계도 시작할 수 없습니다"},
    supervisor_remedy{"install `runbook` and `runbook-supervisor` of one build into one folder",
                      "같은 빌드의 `runbook` 과 `runbook-supervisor` 를 한 폴더에 설치하십시오"},
    network_ok{"sql and http: their module lies beside the engine", "sql 과 http: 모듈이 엔진 옆에 있습니다"},
    network_bad{"sql and http: {}", "sql 과 http: {}"},
    network_means{"`sql` and `http` steps cannot run", "`sql` 과 `http` 단계를 실행할 수 없습니다"},
    network_remedy{"install `runbook-net.so` of the same build beside `runbook`",
                   "같은 빌드의 `runbook-net.so` 를 `runbook` 옆에 설치하십시오"},
    first_ok{"process 1: somebody else", "프로세스 1: 다른 프로그램입니다"},
    first_weak{"process 1 of this container would be the engine", "이 컨테이너의 프로세스 1 이 엔진입니다"},
    first_means{"when it ends, the kernel kills every supervisor with it: what ran is in doubt",
                "엔진이 끝나면 커널이 감독 프로그램까지 모두 죽입니다: 실행 중이던 것은 불확실해집니다"},
    first_remedy{"start the container with an init: `docker run --init`, or `tini -- runbook ...`",
                 "init 과 함께 시작하십시오: `docker run --init`, 또는 `tini -- runbook ...`"},
    service_ok{"service: not inside one", "서비스: 서비스 안이 아닙니다"},
    service_weak{"service: this is inside {}", "서비스: {} 안에서 실행 중입니다"},
    service_means{"stopping or restarting that service kills every step and its supervisor (KillMode=control-group)",
                  "그 서비스를 멈추거나 다시 시작하면 모든 단계와 감독 프로그램이 죽습니다 (KillMode=control-group)"},
    service_remedy{"start it as `systemd-run --scope runbook ...`, or set KillMode=process in the unit",
                   "`systemd-run --scope runbook ...` 으로 시작하거나 유닛에 KillMode=process 를 쓰십시오"},
    session_ok{"logging out: what runs goes on", "로그아웃: 실행 중인 것은 계속됩니다"},
    session_weak{"logging out: KillUserProcesses=yes ends everything that the session started",
                 "로그아웃: KillUserProcesses=yes 라서 세션이 시작한 것이 모두 끝납니다"},
    manager_weak{"logging out: the user's service manager ends with the last session, and this with it",
                 "로그아웃: 마지막 세션과 함께 사용자 서비스 관리자와 이 프로세스가 끝납니다"},
    session_means{"a lost ssh connection kills the step that it was to survive", "끊긴 ssh 연결이 실행 중인 단계를 죽입니다"},
    session_remedy{"`loginctl enable-linger`, and `systemd-run --user --scope runbook ...`",
                   "`loginctl enable-linger`, 그리고 `systemd-run --user --scope runbook ...`"},
    memory_ok{"memory running out: the kernel picks single processes", "메모리 부족: 커널이 프로세스를 하나씩 고릅니다"},
    memory_weak{"memory running out: the kernel kills all of {} at once (memory.oom.group)",
                "메모리 부족: 커널이 {} 전체를 한 번에 죽입니다 (memory.oom.group)"},
    memory_means{"a step that takes too much takes engine and supervisors along: in doubt",
                 "메모리를 많이 쓰는 단계가 엔진과 감독 프로그램까지 데려갑니다: 불확실해집니다"},
    memory_remedy{"OOMPolicy=continue in the unit; in Kubernetes give the step a container of its own",
                  "유닛에 OOMPolicy=continue; Kubernetes 에서는 단계를 별도 컨테이너로 실행하십시오"},
    group_ok{"deadlines: what a step starts can be killed, whoever it becomes",
             "제한 시간: 단계가 시작한 것은 누가 되든 죽일 수 있습니다"},
    group_weak{"deadlines: no control group is delegated to us", "제한 시간: 위임받은 컨트롤 그룹이 없습니다"},
    group_means{"a child that became another user (sudo) cannot be killed at a deadline: the step is then in doubt, and names it",
                "다른 사용자가 된 자식(sudo)은 제한 시간에 죽일 수 없습니다: 그 단계는 불확실해지고 이름이 표시됩니다"},
    group_remedy{"`systemd-run --user --scope -p Delegate=yes runbook ...`, or run as root",
                 "`systemd-run --user --scope -p Delegate=yes runbook ...`, 또는 root 로 실행하십시오"},
    all_good{"Nothing here weakens what is promised.", "약속을 약하게 하는 것이 없습니다."};

class Doctor {
 public:
  Doctor(const Surroundings& found, Language language) : found_(found), language_(language) {}

  std::vector<Finding> look() {
    const auto& f = found_;
    if (!f.state_damage.empty())
      bad(Weight::broken, reason_in(f.state_damage, language_), damage_means, words::damaged_state,
          quoted_word(f.state_directory));
    else if (f.state_problem.empty()) good(say(language_, state_ok, f.state_directory));
    else bad(Weight::broken, say(language_, state_bad, f.state_directory, f.state_problem), state_means, state_remedy);
    using Keeps = Surroundings::Keeps;
    if (f.keeps == Keeps::synced) good(say(language_, files_ok, f.file_system));
    else if (f.keeps == Keeps::doubtful) bad(Weight::weak, say(language_, files_weak, f.file_system), files_means, files_remedy);
    else bad(Weight::broken, say(language_, files_bad, f.file_system), state_means, files_remedy);
    if (f.supervisor_problem.empty()) good(say(language_, supervisor_ok));
    else bad(Weight::broken, say(language_, supervisor_bad, f.supervisor_problem), supervisor_means, supervisor_remedy);
    if (f.network_problem.empty()) good(say(language_, network_ok));
    else bad(Weight::broken, say(language_, network_bad, f.network_problem), network_means, network_remedy);
    if (!f.is_first_process) good(say(language_, first_ok));
    else bad(Weight::weak, say(language_, first_weak), first_means, first_remedy);
    if (f.service.empty()) good(say(language_, service_ok));
    else bad(Weight::weak, say(language_, service_weak, f.service), service_means, service_remedy);
    if (f.in_session && f.kills_user_processes) bad(Weight::weak, say(language_, session_weak), session_means, session_remedy);
    else if (f.in_user_manager && !f.lingers) bad(Weight::weak, say(language_, manager_weak), session_means, session_remedy);
    else good(say(language_, session_ok));
    if (f.oom_group.empty()) good(say(language_, memory_ok));
    else bad(Weight::weak, say(language_, memory_weak, f.oom_group), memory_means, memory_remedy);
    if (f.can_delegate) good(say(language_, group_ok));
    else bad(Weight::weak, say(language_, group_weak), group_means, group_remedy);
    return std::move(list_);
  }

 private:
  void good(std::string about) { list_.push_back({Weight::good, std::move(about), "", ""}); }
  void bad(Weight weight, std::string about, const Sentence& means, const Sentence& remedy, const std::string& of_remedy = {}) {
    list_.push_back({weight, std::move(about), say(language_, means), say(language_, remedy, of_remedy)});
  }

  const Surroundings& found_;
  Language language_;
  std::vector<Finding> list_;
};

Mark mark_of(Weight weight) { return weight == Weight::good ? Mark::good : weight == Weight::weak ? Mark::unknown : Mark::bad; }
std::string_view word_of(Weight weight) { return weight == Weight::good ? "good" : weight == Weight::weak ? "weak" : "broken"; }

}  // namespace

std::vector<Finding> findings(const Surroundings& found, Language language) { return Doctor(found, language).look(); }

std::string doctor_screen(const std::vector<Finding>& list, const Style& style) {
  std::vector<std::string> lines;
  bool all_is_good = true;
  for (const auto& finding : list) {
    const auto m = mark_of(finding.weight);
    lines.push_back(ink(mark(m, style) + " " + finding.about, ink_of(m), style));
    if (finding.weight == Weight::good) continue;
    all_is_good = false;
    for (const auto& line : wrap(finding.means, static_cast<std::size_t>(style.width) - 4)) lines.push_back("    " + line);
    for (const auto& line : labelled("  -->", finding.remedy, 6, style)) lines.push_back(line);
  }
  if (all_is_good) lines.emplace_back(all_good.in(style.language));
  return join_lines(lines);
}

Value doctor_value(const std::vector<Finding>& list) {
  Value::List out;
  for (const auto& finding : list)
    out.push_back(Value::Map{
        {"weight", word_of(finding.weight)}, {"about", finding.about}, {"means", finding.means}, {"remedy", finding.remedy}});
  return out;
}

}  // namespace runbook

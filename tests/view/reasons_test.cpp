#include "view/reasons.h"

#include <catch2/catch.hpp>

using namespace runbook;

TEST_CASE("what the engine wrote is told in Korean, and what it quotes stays") {
  struct Case {
    const char* english;
    const char* korean;
  };
  const auto c = GENERATE(values<Case>({
      {"timed out", "제한 시간이 지남"},
      {"data/restore: timed out: it had not begun yet", "data/restore: 제한 시간이 지남: 아직 시작되지 않음"},
      {"its precondition `tree` does not hold: exit == 0: 1 == 0", "전제 조건 `tree` 이(가) 성립하지 않음: exit == 0: 1 == 0"},
      {"left running after its end: pid 4711 sleep (killed)", "끝난 뒤 남아 있던 프로세스: pid 4711 sleep (종료시킴)"},
      {"ready: no data (no such key: pods). Accept it?", "ready: 데이터 없음 (없는 키: pods). 이대로 인정합니까?"},
      {"the lock db/main is held by run k7f3, which is still open",
       "잠금 db/main 은(는) 아직 열려 있는 실행 k7f3 이(가) 가지고 있음"},
      {"run k7f3 is being run by process 12 of kim on db1",
       "실행 k7f3 을(를) 프로세스 12 (사용자 kim, 호스트 db1)이(가) 진행하고 있음"},
      {"true, but not for 30s", "참이었으나 30s 동안 유지되지 않음"},
      {"it has ended: nothing is to be resolved", "이미 끝남: 정할 것이 없음"},
      {"it has ended: nothing is to be resolved; it can run again: runbook rerun k7f3 a --reason \"...\"",
       "이미 끝남: 정할 것이 없음. 다시 실행하려면: runbook rerun k7f3 a --reason \"...\""},
      {"exit == 0: 1 == 0", "exit == 0: 1 == 0"},
      {"담당자가 거절함", "담당자가 거절함"},
      {"too early", "too early"},
      {"", ""},
  }));
  CHECK(reason_in(c.english, Language::korean) == c.korean);
  CHECK(reason_in(c.english, Language::english) == c.english);
}

// What the words of a plan mean.
#include "draft/plan_words.h"

#include <catch2/catch.hpp>

using namespace runbook;
using namespace runbook::draft;

TEST_CASE("headings are understood in Korean and English") {
  struct Case {
    const char* heading;
    Meaning meaning;
  };
  const auto one = GENERATE(values<Case>({
      {"사전 조건", Meaning::before},
      {"롤백 전 확인사항", Meaning::before},
      {"Prerequisites", Meaning::before},
      {"절차", Meaning::procedure},
      {"Steps", Meaning::procedure},
      {"롤백 성공 기준", Meaning::criteria},
      {"Success Criteria", Meaning::criteria},
      {"롤백 체크리스트", Meaning::checklist},
      {"사후 분석", Meaning::after},
      {"Post-mortem", Meaning::after},
      {"예상 소요 시간", Meaning::expected},
      {"조건", Meaning::condition},
      {"When to use", Meaning::condition},
      {"참고 문서", Meaning::references},
      {"긴급 연락처", Meaning::contact},
      {"담당자", Meaning::owner},
      {"시나리오 1: Kubernetes 롤아웃 되돌리기", Meaning::nothing},
  }));
  INFO(one.heading);
  CHECK(meaning_of_heading(one.heading) == one.meaning);
}

TEST_CASE("how long something takes") {
  struct Case {
    const char* text;
    const char* range;
  };
  const auto one = GENERATE(values<Case>({
      {"2-3분", "2m..3m"},
      {"5-10분 (백업 크기에 따라 다름)", "5m..10m"},
      {"약 30초", "30s..30s"},
      {"1시간 30분", "1h30m..1h30m"},
      {"10~15 minutes", "10m..15m"},
      {"about 5 min", "5m..5m"},
      {"30 sec to 2 min", "30s..2m"},
      {"soon", ""},
      {"5", ""},
      {"3-2분", ""},
      {"0분", ""},
      {"99999999999999분", ""},
  }));
  INFO(one.text);
  const auto range = duration_in(one.text);
  CHECK((range ? format_duration(range->low) + ".." + format_duration(range->high) : "") == one.range);
}

TEST_CASE("a command is taken to read only when it is known to") {
  for (const char* reads :
       {"kubectl get pods -l app=a", "git tag | grep \"v5.3\"", "ls -lh backups/*.gz", "curl http://a/health",
        "psql -h $H -c \"SELECT count(*) FROM t;\"", "kubectl rollout status deployment/a # wait", "df -h; date",
        "journalctl -u a --since today", "journalctl -o short --no-pager", "date -u +%s", "date -d yesterday", "date '+%F %T'"}) {
    INFO(reads);
    CHECK(only_reads(reads));
  }
  for (const char* changes : {"kubectl rollout undo deployment/a",
                              "git tag v1",
                              "git checkout v1",
                              "echo a > b",
                              "ls $(rm a)",
                              "ls; rm a",
                              "ls \"`rm a`\"",
                              "curl -X POST http://a",
                              "curl http://a -d x",
                              "psql -c \"SELECT 1; DELETE FROM t;\"",
                              "psql -f a.sql",
                              "./smoke.sh",
                              "",
                              "ls && ./deploy",
                              "cat <<E\nE",
                              "ls 'open",
                              "lsof-and-kill",
                              "journalctl --vacuum-size=100M",
                              "journalctl -u a --vacuum-time 2d",
                              "journalctl --rotate",
                              "journalctl --flush",
                              "date -s 12:00",
                              "date -us 12:00",
                              "date --set=12:00",
                              "date -u 11271200"}) {
    INFO(changes);
    CHECK_FALSE(only_reads(changes));
  }
}

TEST_CASE("what is only needed sometimes is marked, and the mark taken out") {
  std::string text = "서비스 재시작 (필요시)";
  CHECK(take_optional_mark(text));
  CHECK(text == "서비스 재시작");
  CHECK_FALSE(take_optional_mark(text));
}

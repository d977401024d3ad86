// The words that screens share, each in both languages. Keys, ids, codes and JSON stay English.
#pragma once
#include <fmt/core.h>

#include <string>
#include <string_view>

#include "base/particles.h"
#include "run/event.h"

namespace runbook {

// A sentence as a constant: fmt texts that take the same arguments in both languages.
struct Sentence {
  std::string_view en, ko;
  std::string_view in(Language language) const { return language == Language::korean ? ko : en; }
};

template <class... A>
std::string say(Language language, const Sentence& sentence, const A&... args) {
  auto text = fmt::format(fmt::runtime(sentence.in(language)), args...);
  return language == Language::korean ? with_particles(std::move(text)) : text;
}

std::string_view word_of(StepStatus status, Language language);
std::string_view word_of(RunStatus status, Language language);
std::string_view word_of(cel::Verdict verdict, Language language);
std::string_view notice_words(Notice notice, Language language);
// A recorded reason on one line: "exit == 0: 1 == 0".
std::string why_words(std::string_view why, Language language);
// What a question says: the engine's own sentence, or the runbook's as it is written.
std::string asked_words(Ask what, std::string_view sentence, Language language);
// "kim (uid 1000, from the command line)"; a flag or a terminal is named because it tells how sure the name is.
std::string person_words(const Person& person, Language language);

namespace words {

// Headings.
inline constexpr Sentence plan{"PLAN", "계획"}, variables{"VARIABLES", "변수"}, secrets{"SECRETS", "비밀 값"},
    uses{"USES", "쓰는 파일"}, needed{"REQUIRES", "필요한 것"}, preconditions{"PRECONDITIONS", "전제 조건"},
    baseline{"BASELINE", "기준값"}, watches{"WATCH", "지켜보는 것"}, channels{"NOTIFY", "알림"}, steps{"STEPS", "단계"},
    graph{"GRAPH", "순서"}, criteria{"SUCCESS CRITERIA", "성공 기준"}, undo{"UNDO", "되돌리기"}, finally{"FINALLY", "마무리"},
    after{"AFTER", "이후 할 일"}, warnings{"WARNINGS", "경고"}, totals{"TIME", "시간"}, how_to_run{"RUN IT", "실행 방법"};
// Header fields.
inline constexpr Sentence digest{"digest", "다이제스트"}, digest_before{"began as", "처음 계획"}, file{"file", "파일"},
    use_when{"use when", "조건"}, impact{"impact", "영향"}, owner{"owner", "담당자"}, approver{"approver", "승인자"},
    contact{"contact", "긴급 연락처"}, risk{"risk", "위험도"}, locks{"locks", "잠금"}, source{"source", "출처"},
    references{"references", "참고 문서"}, description{"description", "설명"}, expected{"expected", "예상 소요 시간"},
    title{"title", "제목"};
// {0}: the state directory, quoted. Its files go together: a log that stays behind would be taken for a new file's.
inline constexpr Sentence damaged_state{
    "put {0} back from a backup; or, with no engine running, move it away (mv {0} {0}.damaged): the history then begins anew, "
    "nobody knows of the runs that were open, and what their steps printed lies in {0}.damaged/runs",
    "{0} 을(를) 백업에서 되돌리거나, 엔진이 없을 때 옮기십시오 (mv {0} {0}.damaged). 그러면 기록이 새로 시작되고, "
    "열려 있던 실행은 아무도 모르게 되며, 단계의 출력은 {0}.damaged/runs 에 있습니다"};
inline constexpr Sentence none{"none", "없음"}, not_named{"(not named)", "(적혀 있지 않음)"};

}  // namespace words
}  // namespace runbook

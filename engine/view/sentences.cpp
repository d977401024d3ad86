#include "view/sentences.h"

#include <algorithm>
#include <array>

#include "view/reasons.h"
#include "view/style.h"

namespace runbook {
namespace {

// In the order of the enums in run/event.h.
constexpr std::array<Sentence, 10> step_words{{{"pending", "대기"},
                                               {"running", "실행 중"},
                                               {"waiting for a person", "사람을 기다림"},
                                               {"in doubt", "불확실"},
                                               {"being rescued", "복구 중"},
                                               {"succeeded", "성공"},
                                               {"failed", "실패"},
                                               {"skipped", "건너뜀"},
                                               {"cancelled", "취소됨"},
                                               {"failed, and rescued", "실패, 복구됨"}}};
constexpr std::array<Sentence, 8> run_words{{{"running", "실행 중"},
                                             {"waiting for a person", "사람을 기다림"},
                                             {"interrupted", "중단됨"},
                                             {"succeeded", "성공"},
                                             {"failed", "실패"},
                                             {"success criteria not met", "성공 기준 미충족"},
                                             {"refused", "거부됨"},
                                             {"cancelled", "취소됨"}}};
constexpr std::array<Sentence, 3> verdict_words{{{"met", "충족"}, {"not met", "미충족"}, {"no data", "데이터 없음"}}};

constexpr Sentence by_flag{"by a flag", "옵션으로"}, by_command{"from the command line", "명령으로"},
    by_terminal{"at the terminal", "터미널에서"};

std::string_view how_words(std::string_view how, Language language) {
  if (how == "flag") return by_flag.in(language);
  if (how == "command") return by_command.in(language);
  if (how == "terminal") return by_terminal.in(language);
  return how;
}

}  // namespace

std::string_view word_of(StepStatus status, Language language) {
  return step_words[static_cast<std::size_t>(status)].in(language);
}
std::string_view word_of(RunStatus status, Language language) { return run_words[static_cast<std::size_t>(status)].in(language); }
std::string_view word_of(cel::Verdict verdict, Language language) {
  return verdict_words[static_cast<std::size_t>(verdict)].in(language);
}

std::string_view notice_words(Notice notice, Language language) {
  static constexpr std::array<Sentence, 4> all{
      {{"it waits", "기다리는 중"}, {"a failure", "실패"}, {"a doubt", "불확실"}, {"its end", "끝"}}};
  return all[static_cast<std::size_t>(notice)].in(language);
}

std::string why_words(std::string_view why, Language language) {
  static constexpr std::string_view gap = "      ";  // stands between an expression and its values where a reason was made
  std::string out = shown(reason_in(why, language));
  for (auto at = out.find(gap); at != std::string::npos; at = out.find(gap)) {
    const auto end = std::min(out.find_first_not_of(' ', at), out.size());
    out.replace(at, end - at, ": ");
  }
  return out;
}

std::string asked_words(Ask what, std::string_view sentence, Language language) {
  const bool is_own = what == Ask::again || what == Ask::in_doubt || what == Ask::no_data;
  return is_own ? why_words(sentence, language) : shown(sentence);
}

std::string person_words(const Person& person, Language language) {
  std::string details;
  if (person.uid >= 0) details = fmt::format("uid {}", person.uid);
  if (const auto how = how_words(person.how, language); !how.empty()) details += (details.empty() ? "" : ", ") + std::string(how);
  const std::string name = person.name.empty() ? "?" : person.name;
  return details.empty() ? name : fmt::format("{} ({})", name, details);
}

}  // namespace runbook

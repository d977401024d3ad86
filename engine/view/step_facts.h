// What a document says of one step beside its action, in the order in which a reader asks for it.
#pragma once
#include <string>
#include <vector>

#include "plan/plan.h"
#include "view/action_words.h"
#include "view/sentences.h"

namespace runbook {

struct Fact {
  std::string label, text;
  bool is_code = false;
};
std::vector<Fact> facts_of(const Plan& plan, StepIndex step, Language language);

// One field of a question to people, as a sentence.
std::string question_words(const ActionText& field, Language language);

// The head of a document that is read as prose: when to use it, how long it takes, whom to ask. What is not said is left out.
std::vector<Fact> head_facts(const Plan& plan, Language language);

// The headings of such a document.
namespace document_words {
inline constexpr Sentence variables{"Variables", "변수"}, needed{"Needed", "필요한 것"}, procedure{"Procedure", "절차"},
    criteria{"Success criteria", "성공 기준"}, preconditions{"Preconditions", "전제 조건"}, baseline{"Baseline", "기준값"},
    watches{"Watched while the steps run", "단계가 도는 동안 지켜볼 것"}, finally{"Finally", "마무리"},
    follow_up{"Afterwards", "이후 할 일"}, references{"References", "참고 문서"}, order{"Order", "순서"};
}  // namespace document_words

}  // namespace runbook

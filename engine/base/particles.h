// The Korean particles that depend on the word before them.
#pragma once
#include <string>

namespace runbook {

// "단계은(는)" becomes "단계는", "끝이(가)" "끝이": of `이(가)`, `은(는)`, `을(를)`, `와(과)`, `(으)로`, `(이)라` the form that the
// Hangul syllable right before it takes. Behind anything else, which may be read in more than one way, both stay.
std::string with_particles(std::string text);

}  // namespace runbook

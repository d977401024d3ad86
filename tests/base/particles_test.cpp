#include "base/particles.h"

#include <catch2/catch.hpp>

using runbook::with_particles;

TEST_CASE("a particle takes the form that the syllable before it asks for; behind anything else both stay") {
  struct Case {
    const char *text, *becomes;
  };
  const auto c = GENERATE(values<Case>({
      {"단계은(는) 끝이(가) 값을(를) 수와(과) 글와(과)", "단계는 끝이 값을 수와 글과"},
      {"이름이(가) 오류이(가) 목록은(는) 지도을(를)", "이름이 오류가 목록은 지도를"},
      {"서울(으)로 집(으)로 뒤(으)로", "서울로 집으로 뒤로"},
      {"단계(이)라는 값(이)라고", "단계라는 값이라고"},
      {"`a` 이(가) string와(과) int은(는) 5(으)로", "`a` 이(가) string와(과) int은(는) 5(으)로"},
      {"이(가)", "이(가)"},
      {"은(는", "은(는"},
      {"(으)로", "(으)로"},
      {"단계 (하나) f() 값(2)이(가)", "단계 (하나) f() 값(2)이(가)"},
      {"", ""},
  }));
  CHECK(with_particles(c.text) == c.becomes);
}

#include "base/particles.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace runbook {
namespace {

struct Particle {
  std::string_view both, behind_consonant, behind_vowel;
};

constexpr std::array<Particle, 6> particles{{
    {"이(가)", "이", "가"},
    {"은(는)", "은", "는"},
    {"을(를)", "을", "를"},
    {"와(과)", "과", "와"},
    {"(으)로", "으로", "로"},
    {"(이)라", "이라", "라"},
}};

// The last consonant of the Hangul syllable (U+AC00 to U+D7A3) that ends at `end`, 0 for none, as its code point counts them:
// The Unicode Standard, 3.12 "Conjoining Jamo Behavior".
std::optional<unsigned> last_consonant(std::string_view text, std::size_t end) {
  if (end < 3) return {};
  const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(text[at])); };
  if ((byte(end - 3) & 0xF0U) != 0xE0U) return {};
  const unsigned point = (byte(end - 3) & 0x0FU) << 12U | (byte(end - 2) & 0x3FU) << 6U | (byte(end - 1) & 0x3FU);
  if (point < 0xAC00 || point > 0xD7A3) return {};
  return (point - 0xAC00) % 28;
}

}  // namespace

std::string with_particles(std::string text) {
  for (std::size_t bracket = text.find('('); bracket != std::string::npos; bracket = text.find('(', bracket + 1)) {
    for (const auto& [both, behind_consonant, behind_vowel] : particles) {
      const auto begin = bracket - std::min(bracket, both.find('('));
      if (std::string_view(text).substr(begin, both.size()) != both) continue;
      const auto last = last_consonant(text, begin);
      if (!last) break;
      constexpr unsigned rieul = 8;  // 서울로, though 집으로
      const bool is_open = *last == 0 || (*last == rieul && both == "(으)로");
      const auto chosen = is_open ? behind_vowel : behind_consonant;
      text.replace(begin, both.size(), chosen);
      bracket = begin + chosen.size() - 1;
      break;
    }
  }
  return text;
}

}  // namespace runbook

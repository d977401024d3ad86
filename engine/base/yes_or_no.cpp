#include "base/yes_or_no.h"

namespace runbook {

std::optional<bool> parse_yes(std::string_view text) {
  for (const std::string_view yes : {"y", "Y", "yes", "Yes", "YES", "ㅛ", "네", "예"})
    if (text == yes) return true;
  for (const std::string_view no : {"n", "N", "no", "No", "NO", "ㅜ", "아니오", "아니요"})
    if (text == no) return false;
  return {};
}

}  // namespace runbook

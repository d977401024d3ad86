#include "base/digest.h"
#include "store/store.h"

namespace runbook {
namespace {

bool small_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::optional<RunId> RunId::parse(std::string_view text) {
  if (text.empty() || text.size() > 64 || !small_or_digit(text.front())) return std::nullopt;
  for (const char c : text)
    if (!small_or_digit(c) && c != '-') return std::nullopt;
  return RunId(std::string(text));
}

RunId RunId::fresh() { return RunId(random_word(5)); }

}  // namespace runbook

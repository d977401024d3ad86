#include "runbook/element_times.h"

#include "base/duration.h"
#include "runbook/messages.h"

namespace runbook {
namespace {

Result<Duration, Phrase> length_of(const Text& text, const cel::Scope& scope) {
  const auto value = resolve(text, scope);
  if (!value) return failure(Phrase{value.error(), value.error()});
  if (value->is_null()) return failure(phrase("it is null", "null 임"));
  std::optional<Duration> length;
  if (const auto* known = value->duration()) {
    length = std::chrono::duration_cast<Duration>(*known);
  } else {
    const auto parsed = parse_duration(to_text(*value));
    if (!parsed) return failure(parsed.error());
    length = *parsed;
  }
  if (length->count() <= 0) return failure(phrase("it is not longer than 0", "0 보다 길지 않음"));
  return *length;
}

}  // namespace

Result<void, Phrase> take_times(Step& step, const cel::Scope& scope) {
  if (!step.of_element) return {};
  const auto& written = *step.of_element;
  std::optional<Phrase> wrong;
  const auto take = [&](const char* key, const std::optional<Text>& text, const auto& give) {
    if (!text || wrong) return;
    const auto length = length_of(*text, scope);
    if (length) give(*length);
    else wrong = phrase("its `{}`: {}", "`{}`: {}", key, length.error().en);
    if (!length) wrong->ko = fmt::format("`{}`: {}", key, length.error().ko);
  };
  take("timeout", written.timeout, [&](Duration d) { step.timeout = d; });
  take("expected", written.expected, [&](Duration d) { step.expected = DurationRange{d, d}; });
  take("hold", written.hold, [&](Duration d) { step.hold = d; });
  take("every", written.every, [&](Duration d) { step.retry->every = d; });
  take("for", written.limit, [&](Duration d) { step.retry->limit = d; });
  if (!wrong && step.hold && step.retry && step.retry->limit && *step.retry->limit <= *step.hold)
    wrong = phrase(messages::hold_too_long.en, messages::hold_too_long.ko, format_duration(*step.retry->limit),
                   format_duration(*step.hold));
  if (wrong) return failure(*wrong);
  return {};
}

}  // namespace runbook

// What the words of a plan mean: headings and labels, Korean and English; how long something takes; which commands only read.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/duration.h"

namespace runbook::draft {

enum class Meaning {
  nothing,
  procedure,
  before,     // what must hold before anything changes
  during,     // boxes that are ticked beside the steps
  after,      // what is left to do
  checklist,  // its parts say when
  criteria,
  references,
  condition,
  expected,
  impact,
  risk,
  owner,
  approver,
  contact,
};
Meaning meaning_of_heading(std::string_view heading);
// Of a part of a checklist: "before", "during", "after".
Meaning meaning_of_part(std::string_view heading);
// Of the word before a colon: "Condition", "Owner". `nothing` when it is no label.
Meaning meaning_of_label(std::string_view label);

// A part that is only done when the rest failed: "롤백 절차", "If the upgrade failed"; its number taken out.
bool is_way_back(std::string_view heading);
// Of a whole plan: all of it is a way back, "롤백 플랜".
bool is_plan_of_way_back(std::string_view title);

// "Expected output", "결과 예시 (web1)": what stands below such a label was printed.
bool is_output_label(std::string_view label);

// "2-3 minutes", "about 5 min", "10-15분 (...)", "1시간 30분".
std::optional<DurationRange> duration_in(std::string_view text);
// "low", "medium", "high", "critical"; empty: no such word.
std::string_view risk_in(std::string_view text);
// "(if needed)", "(optional)", "(필요시)": taken out of `text`.
bool take_optional_mark(std::string& text);

// True only where every command of this script is known to change nothing.
bool only_reads(std::string_view script);

}  // namespace runbook::draft

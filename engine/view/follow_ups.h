// `after`: what remains to be done when the run is over, numbered as `runbook confirm RUN after/N` names it.
#pragma once
#include "run/state.h"

namespace runbook {

// number from 1, across all lists
struct FollowUpItem {
  std::size_t number = 0;
  std::string title, text;
};
std::vector<FollowUpItem> follow_ups(const Plan& plan);
// As far as the state lets their texts be known.
std::vector<FollowUpItem> follow_ups(const Plan& plan, const State& state);
std::string follow_up_summary(const Plan& plan);  // "체크리스트 - 롤백 후 (5), 재배포 계획 (3)"

}  // namespace runbook

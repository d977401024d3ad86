// Every way in which a step's state can change. The simulation goes all of them and no other.
#pragma once
#include <string>
#include <vector>

namespace runbook::tests {

// A step's state, the event, its state after it.
inline const std::vector<std::string> ways_of_a_step{
    "pending step_admitted pending",
    "pending step_admitted running",  // a group
    "pending step_skipped skipped",
    "pending waiting waiting",
    "pending attempt_starting running",
    "pending step_finished failed",
    "waiting answered waiting",  // in part, or with what ends it
    "waiting answered pending",
    "waiting step_skipped skipped",
    "waiting step_finished succeeded",
    "waiting step_finished failed",
    "running attempt_starting running",  // once more
    "running attempt_cancelling running",
    "running attempt_finished running",
    "running polled running",
    "running expanded running",  // a for_each, once
    "running in_doubt in_doubt",
    "running waiting waiting",  // a criterion without data
    "running step_finished succeeded",
    "running step_finished failed",
    "running step_finished skipped",  // a group of nothing but skipped steps
    "running step_finished cancelled",
    "running step_skipped skipped",  // a for_each of nothing; a watch whose first look was lost, and no step was left
    "in_doubt attempt_starting running",
    "in_doubt waiting in_doubt",
    "in_doubt answered in_doubt",
    "in_doubt answered pending",
    "in_doubt step_finished succeeded",
    "in_doubt step_finished failed",
    "in_doubt step_skipped skipped",
    "pending rescuing rescuing",  // what fails, and says what then
    "running rescuing rescuing",
    "waiting rescuing rescuing",
    "in_doubt rescuing rescuing",
    "rescuing step_finished rescued",
    "rescuing step_finished failed",
};

// So rare that few random runs go it; tests/run/decide_test.cpp does.
inline const std::string rare_way_of_a_step = "in_doubt step_finished cancelled";

}  // namespace runbook::tests

// Progress while a run lives: lines that scroll away, and on a terminal a block below them that is drawn anew.
#pragma once
#include "run/state.h"
#include "view/style.h"

namespace runbook {

// `after` is the state with the event folded in. Several lines where a step failed: its explanation; where a question is
// asked: the commands that answer it. None where the event says nothing to people.
std::vector<std::string> plain_lines(const Plan& plan, const State& after, const Event& event, const Style& style);
// How long ago the steps that run wrote something, where that is known.
using OutputAges = std::map<StepIndex, Duration>;
// "still data/restore 2m0s last-output=1s-ago": for plain progress, once a minute.
std::vector<std::string> heartbeat_lines(const Plan& plan, const State& state, Instant now, const OutputAges& ages,
                                         const Style& style);
// What runs and what waits, then the footer: time, steps, what is left, what Ctrl-C does to the run; nothing where it is only
// watched.
enum class Beholder { operates, watches };
std::vector<std::string> live_block(const Plan& plan, const State& state, Instant now, const Style& style,
                                    Beholder beholder = Beholder::operates);
// Along the critical path, by what its authors expect; never negative.
Duration expected_left(const Plan& plan, const State& state, Instant now);

}  // namespace runbook

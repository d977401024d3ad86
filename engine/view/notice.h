// What a channel of `notify` is told: for Slack one text that a person reads on a phone, else all of it as JSON.
#pragma once
#include "run/state.h"
#include "view/style.h"

namespace runbook {

// Of one of the state's untold news.
Value notice(const Channel& channel, const State& state, const News& news, Language language);

// "slack: waiting, failed -> https://hooks.example/${secrets.hook}", for the plan's screen.
std::string channel_words(const Plan& plan, const Channel& channel);

}  // namespace runbook

// `--progress json`: each stored event as one line of JSON, and the same object as a value.
#pragma once
#include "run/event.h"

namespace runbook {

// {"run":"k7f3","seq":12,"at":"2026-11-24T03:00:00.000000Z","type":"step_finished", ...the event's fields}. No newline.
// Times are RFC 3339; values of kinds that JSON does not have are their plain text.
std::string event_json(const std::string& run, const Event& event);
// Is this field of an event kept as microseconds, and printed as a time?
bool is_printed_time(std::string_view field);
Value event_value(const Event& event);  // the fields alone

}  // namespace runbook

#include "view/event_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/invariant.h"
#include "base/json.h"

namespace runbook {
namespace {

// The fields that the store keeps as microseconds since 1970.
constexpr std::array<std::string_view, 4> times{"deadline", "started", "ended", "until"};

}  // namespace

bool is_printed_time(std::string_view field) { return std::find(times.begin(), times.end(), field) != times.end(); }

Value event_value(const Event& event) {
  const auto stored = parse_json(encode_body(event.body));
  invariant(stored && stored->map(), "an event's JSON cannot be read back");
  Value::Map out;
  for (const auto& [name, value] : *stored->map()) {
    const bool is_time = value.integer() && is_printed_time(to_text(name));
    out.emplace(name, is_time ? Value(format_utc(Instant(Duration(*value.integer())))) : unpack(value));
  }
  return out;
}

std::string event_json(const std::string& run, const Event& event) {
  const auto fields = to_json(event_value(event));
  return fmt::format(R"({{"run":{},"seq":{},"at":"{}","type":"{}"{}{})", json_quote(run), event.seq, format_utc(event.at),
                     event_type(event.body), fields == "{}" ? "" : ",", std::string_view(fields).substr(1));
}

}  // namespace runbook

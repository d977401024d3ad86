#include "view/event_json.h"

#include <fmt/format.h>

#include <array>

#include "base/invariant.h"
#include "base/json.h"

namespace runbook {
namespace {

// The fields that the store keeps as microseconds since 1970.
constexpr std::array<std::string_view, 4> times{"deadline", "started", "ended", "until"};

}  // namespace

Value event_value(const Event& event) {
  const auto stored = parse_json(encode_body(event.body));
  invariant(stored && stored->map(), "an event's JSON cannot be read back");
  Value::Map out;
  for (const auto& [name, value] : *stored->map()) {
    const bool is_time = value.integer() && std::find(times.begin(), times.end(), to_text(name)) != times.end();
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

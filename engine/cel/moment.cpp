#include "cel/moment.h"

#include <fmt/format.h>

#include <chrono>

#include "cel/zone.h"

namespace runbook::cel {
namespace {

using namespace std::chrono;

__extension__ typedef __int128 Wide;  // ten thousand years of nanoseconds

constexpr std::int64_t first_second = -62135596800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t last_second = 253402300799;   // 9999-12-31T23:59:59Z
constexpr std::int64_t billion = 1'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Exactly `digits` digits at the front, cut off.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return {};
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return {};
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Digits behind a point as nanoseconds; more than nine are cut.
std::optional<std::int32_t> take_fraction(std::string_view& text) {
  if (text.empty() || !is_digit(text[0])) return {};
  std::int32_t nanos = 0;
  std::size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i)
    if (i < 9) nanos = nanos * 10 + (text[i] - '0');
  for (std::size_t n = i; n < 9; ++n) nanos *= 10;
  text.remove_prefix(i);
  return nanos;
}

std::string fraction(std::int64_t nanos) {
  if (nanos == 0) return {};
  auto digits = fmt::format(".{:09}", nanos);
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits;
}

struct Unit {
  std::string_view name;
  std::int64_t nanos;
};
constexpr Unit units[] = {{"ns", 1},         {"us", 1000},          {"µs", 1000},        {"μs", 1000},
                          {"ms", 1'000'000}, {"h", 3600 * billion}, {"m", 60 * billion}, {"s", billion}};

std::optional<std::int64_t> take_unit(std::string_view& text) {
  for (const auto& unit : units)
    if (take(text, unit.name)) return unit.nanos;
  return {};
}

}  // namespace

std::optional<Length> parse_length(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text == "0") return Length(0);
  if (text.empty()) return {};
  Wide total = 0;
  while (!text.empty()) {
    Wide whole = 0;
    bool digits = false;
    for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1)) {
      whole = whole * 10 + (text[0] - '0');
      digits = true;
      if (whole > INT64_MAX) return {};
    }
    // The fraction is kept as a number of 10^-18, so that "0.5h" and "1.000000001s" are exact.
    std::int64_t part = 0, scale = 1;
    if (take(text, ".")) {
      for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1)) {
        digits = true;
        if (scale < billion * billion) {
          part = part * 10 + (text[0] - '0');
          scale *= 10;
        }
      }
    }
    const auto unit = take_unit(text);
    if (!digits || !unit) return {};
    total += whole * *unit + static_cast<Wide>(part) * *unit / scale;
    if (total > static_cast<Wide>(INT64_MAX) + (negative ? 1 : 0)) return {};
  }
  return Length(static_cast<std::int64_t>(negative ? -total : total));
}

std::string write_length(Length length) {
  const std::int64_t n = length.count();
  const std::int64_t whole = n / billion, nanos = n % billion;
  return fmt::format("{}{}{}s", n < 0 && whole == 0 ? "-" : "", whole, fraction(nanos < 0 ? -nanos : nanos));
}

std::optional<Timestamp> timestamp_of(std::int64_t second) {
  if (second < first_second || second > last_second) return {};
  return Timestamp{second, 0};
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  const auto y = take_number(text, 4);
  if (!y || !take(text, "-")) return {};
  const auto mo = take_number(text, 2);
  if (!mo || !take(text, "-")) return {};
  const auto d = take_number(text, 2);
  if (!d || !(take(text, "T") || take(text, "t"))) return {};
  const auto h = take_number(text, 2);
  if (!h || !take(text, ":")) return {};
  const auto mi = take_number(text, 2);
  if (!mi || !take(text, ":")) return {};
  const auto s = take_number(text, 2);
  if (!s) return {};
  std::int32_t nanos = 0;
  if (take(text, ".")) {
    const auto f = take_fraction(text);
    if (!f) return {};
    nanos = *f;
  }
  std::int64_t offset = 0;
  if (!(take(text, "Z") || take(text, "z"))) {
    const auto zone = fixed_offset(text);
    if (!zone) return {};
    offset = *zone;
    text = {};
  }
  const year_month_day date{year(*y), month(static_cast<unsigned>(*mo)), day(static_cast<unsigned>(*d))};
  if (!text.empty() || !date.ok() || *h > 23 || *mi > 59 || *s > 59) return {};
  const std::int64_t second = sys_days(date).time_since_epoch().count() * std::int64_t{86400} + std::int64_t{3600} * *h +
                              std::int64_t{60} * *mi + *s - offset;
  auto t = timestamp_of(second);
  if (t) t->nanos = nanos;
  return t;
}

std::string write_timestamp(Timestamp t) {
  const sys_seconds moment{seconds(t.seconds)};
  const auto midnight = floor<days>(moment);
  const year_month_day date(midnight);
  const auto rest = (moment - midnight).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), rest / 3600, rest / 60 % 60, rest % 60, fraction(t.nanos));
}

std::optional<Timestamp> add(Timestamp t, Length length) {
  const Wide total = static_cast<Wide>(t.seconds) * billion + t.nanos + length.count();
  Wide second = total / billion, nanos = total % billion;
  if (nanos < 0) {
    nanos += billion;
    --second;
  }
  auto sum = timestamp_of(static_cast<std::int64_t>(second));
  if (sum) sum->nanos = static_cast<std::int32_t>(nanos);
  return sum;
}

std::optional<Length> subtract(Timestamp a, Timestamp b) {
  const Wide nanos = (static_cast<Wide>(a.seconds) - b.seconds) * billion + (a.nanos - b.nanos);
  if (nanos > INT64_MAX || nanos < INT64_MIN) return {};
  return Length(static_cast<std::int64_t>(nanos));
}

std::optional<std::int64_t> component(Function which, Timestamp t, std::string_view zone) {
  const auto offset = zone_offset(zone, t.seconds);
  if (!offset) return {};
  const sys_seconds moment{seconds(t.seconds + *offset)};
  const auto midnight = floor<days>(moment);
  const year_month_day date(midnight);
  const std::int64_t rest = (moment - midnight).count();
  switch (which) {
    case Function::full_year: return static_cast<int>(date.year());
    case Function::month: return static_cast<unsigned>(date.month()) - 1;
    case Function::date: return static_cast<unsigned>(date.day());
    case Function::day_of_month: return static_cast<unsigned>(date.day()) - 1;
    case Function::day_of_week: return weekday(midnight).c_encoding();
    case Function::day_of_year: return (midnight - sys_days(date.year() / January / 1)).count();
    case Function::hours: return rest / 3600;
    case Function::minutes: return rest / 60 % 60;
    case Function::seconds: return rest % 60;
    case Function::milliseconds: return t.nanos / 1'000'000;
    default: return {};
  }
}

std::int64_t component(Function which, Length length) {
  const std::int64_t n = length.count();
  switch (which) {
    case Function::hours: return n / (3600 * billion);
    case Function::minutes: return n / (60 * billion);
    case Function::seconds: return n / billion;
    default: return n / 1'000'000 % 1000;  // alone among them it is a part, not the whole (langdef.md, getMilliseconds)
  }
}

}  // namespace runbook::cel

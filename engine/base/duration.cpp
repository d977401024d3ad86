#include "base/duration.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace runbook {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t micros;
};
constexpr std::array<Unit, 6> units{
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};

bool all_digits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos; }

// "2-3m" is how people write a range.
std::optional<std::string> dash_range(std::string_view text) {
  const auto dash = text.find_first_of("-~");
  if (dash == std::string_view::npos || dash == 0) return {};
  const auto low = text.substr(0, dash), high = text.substr(dash + 1);
  const auto unit = high.find_first_not_of("0123456789");
  if (unit == std::string_view::npos || unit == 0) return {};
  const std::string with_unit = all_digits(low) ? std::string(low) + std::string(high.substr(unit)) : std::string(low);
  if (!parse_duration(with_unit) || !parse_duration(high)) return {};
  return with_unit + ".." + std::string(high);
}

// "5분", "1시간 30분", "5 min": the same in the letters that are understood.
std::optional<std::string> from_words(std::string_view text) {
  // A longer word stands before one that it begins with.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 21> words{
      {{"시간", "h"}, {"밀리초", "ms"}, {"분", "m"},      {"초", "s"},     {"일", "d"},   {"minutes", "m"}, {"minute", "m"},
       {"mins", "m"}, {"min", "m"},     {"seconds", "s"}, {"second", "s"}, {"secs", "s"}, {"sec", "s"},     {"hours", "h"},
       {"hour", "h"}, {"hrs", "h"},     {"hr", "h"},      {"days", "d"},   {"day", "d"},  {"msec", "ms"},   {" ", ""}}};
  std::string out;
  bool is_word = false;
  while (!text.empty()) {
    const auto word = std::find_if(words.begin(), words.end(), [&](const auto& w) { return text.starts_with(w.first); });
    is_word = is_word || (word != words.end() && !word->second.empty());
    out += word == words.end() ? text.substr(0, 1) : word->second;
    text.remove_prefix(word == words.end() ? 1 : word->first.size());
  }
  if (!is_word || !parse_duration(out)) return {};
  return out;
}

std::tm local_fields(Instant t) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(std::chrono::floor<std::chrono::seconds>(t)));
  return fmt::localtime(seconds);
}

}  // namespace

Result<Duration, Phrase> parse_duration(std::string_view text) {
  const auto wrong = [whole = text] {
    return failure(phrase("`{}` is not a duration; write for instance 500ms, 30s, 10m or 1h30m",
                          "`{}` 는 시간이 아닙니다. 예: 500ms, 30s, 10m, 1h30m", whole));
  };
  if (text.empty()) return wrong();
  if (all_digits(text))
    return failure(phrase("a duration needs a unit: did you mean `{0}s` or `{0}m`?",
                          "시간에는 단위가 필요합니다: `{0}s` 또는 `{0}m` 입니까?", text));
  if (const auto range = dash_range(text))
    return failure(
        phrase("a range is written with two dots: did you mean `{}`?", "범위는 점 두 개로 씁니다: `{}` 입니까?", *range));
  if (const auto meant = from_words(text))
    return failure(phrase("`{}` is not a duration: did you mean `{}`?", "`{}` 는 시간이 아닙니다: `{}` 입니까?", text, *meant));
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end == text.data() || count < 0 || text.front() == '-') return wrong();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit_length = std::min(text.find_first_of("0123456789"), text.size());
    const auto name = text.substr(0, unit_length);
    while (next_unit < units.size() && units[next_unit].name != name) ++next_unit;
    if (next_unit == units.size()) return wrong();
    std::int64_t micros = 0;
    if (__builtin_mul_overflow(count, units[next_unit].micros, &micros) || __builtin_add_overflow(total, micros, &total))
      return failure(phrase("`{}` is too long a duration", "`{}` 는 너무 깁니다", text));
    ++next_unit;
    text.remove_prefix(unit_length);
  }
  return Duration(total);
}

Result<DurationRange, Phrase> parse_duration_range(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) return parse_duration(text).map([](Duration d) { return DurationRange{d, d}; });
  const auto low = parse_duration(text.substr(0, dots));
  if (!low) return failure(low.error());
  const auto high = parse_duration(text.substr(dots + 2));
  if (!high) return failure(high.error());
  if (*high < *low) return failure(phrase("the range `{}` ends before it begins", "범위 `{}` 의 끝이 시작보다 작습니다", text));
  return DurationRange{*low, *high};
}

std::string format_duration(Duration d) {
  if (d == Duration::zero()) return "0s";
  std::string out = d < Duration::zero() ? "-" : "";
  auto left = d < Duration::zero() ? -d.count() : d.count();
  for (const auto& unit : units) {
    if (left < unit.micros) continue;
    out += fmt::format("{}{}", left / unit.micros, unit.name);
    left %= unit.micros;
  }
  return out;
}

std::string brief_duration(Duration d) {
  using namespace std::chrono;
  if (d == Duration::zero()) return "0s";
  if (d < seconds(1)) return fmt::format("{}ms", duration_cast<milliseconds>(d).count());
  if (d < seconds(10) && d % seconds(1) != Duration::zero()) return fmt::format("{:.1f}s", static_cast<double>(d.count()) / 1e6);
  const auto s = round<seconds>(d).count();
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  return fmt::format("{}h{:02}m", s / 3600, s % 3600 / 60);
}

std::string format_utc(Instant t) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", fmt::gmtime(seconds.time_since_epoch().count()), (t - seconds).count());
}

std::optional<Instant> parse_utc(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0;
  if (std::sscanf(std::string(text).c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ", &year, &month, &day, &hour, &minute, &second,
                  &micros) != 7)
    return {};
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return {};
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + Duration(micros);
}

std::string format_local_clock(Instant t) { return fmt::format("{:%H:%M:%S}", local_fields(t)); }
std::string format_local(Instant t) { return fmt::format("{:%Y-%m-%d %H:%M:%S %z}", local_fields(t)); }

}  // namespace runbook

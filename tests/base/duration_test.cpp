#include "base/duration.h"

#include <catch2/catch.hpp>

using namespace runbook;
using namespace std::chrono_literals;

TEST_CASE("a duration carries its unit, and is written back as it was meant") {
  struct Case {
    const char* text;
    Duration value;
    const char* canonical;
  };
  const auto c = GENERATE(values<Case>({{"500ms", 500ms, "500ms"},
                                        {"30s", 30s, "30s"},
                                        {"90s", 90s, "1m30s"},
                                        {"10m", 10min, "10m"},
                                        {"1h30m", 90min, "1h30m"},
                                        {"2d", 48h, "2d"},
                                        {"0s", 0s, "0s"}}));
  const auto parsed = parse_duration(c.text);
  REQUIRE(parsed);
  CHECK(*parsed == c.value);
  CHECK(format_duration(*parsed) == c.canonical);
}

TEST_CASE("what is no duration is refused with what was probably meant") {
  struct Case {
    const char* text;
    const char* said;
  };
  const auto c = GENERATE(values<Case>({{"10", "did you mean `10s` or `10m`?"},
                                        {"2-3m", "did you mean `2m..3m`?"},
                                        {"", "is not a duration"},
                                        {"5분", "did you mean `5m`?"},
                                        {"5 min", "did you mean `5m`?"},
                                        {"10 seconds", "did you mean `10s`?"},
                                        {"1 hour 30 minutes", "did you mean `1h30m`?"},
                                        {"5 ages", "`5 ages` is not a duration; write"},
                                        {"1시간 30분", "did you mean `1h30m`?"},
                                        {"5개", "is not a duration; write"},
                                        {"-3s", "is not a duration"},
                                        {"3m1h", "is not a duration"},
                                        {"3x", "is not a duration"},
                                        {"9999999999999d", "too long"}}));
  const auto parsed = parse_duration(c.text);
  REQUIRE_FALSE(parsed);
  CHECK_THAT(parsed.error().en, Catch::Contains(c.said));
}

TEST_CASE("a range goes from low to high") {
  CHECK(parse_duration_range("2m..3m") == DurationRange{2min, 3min});
  CHECK(parse_duration_range("3m") == DurationRange{3min, 3min});
  CHECK_FALSE(parse_duration_range("3m..2m"));
}

TEST_CASE("a point of time survives being written") {
  const Instant t = Instant(1'795'000'000s) + 123456us;
  CHECK(parse_utc(format_utc(t)) == t);
  CHECK_FALSE(parse_utc("2026-02-30T00:00:00.000000Z"));
}

#include "cli/limit_flag.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "cli/arguments.h"

namespace runbook {
namespace {

struct Unit {
  std::string_view name;
  std::size_t bytes;
};
constexpr Unit units[] = {{"", 1}, {"KiB", 1U << 10U}, {"MiB", 1U << 20U}};

struct Row {
  std::string_view name;
  std::size_t yaml::Limits::*limit;
  bool takes_units;
  std::size_t most;
};
// Deeper than 500 yaml-cpp does not go.
constexpr Row rows[] = {{"size", &yaml::Limits::bytes, true, 64U << 20U},
                        {"nodes", &yaml::Limits::nodes, false, 100'000'000},
                        {"depth", &yaml::Limits::depth, false, 400}};

std::optional<std::size_t> parse_amount(std::string_view text, const Row& row) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return {};
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& unit : units)
    if (unit.name == rest && (row.takes_units || rest.empty()) && number > 0 && number <= row.most / unit.bytes)
      return number * unit.bytes;
  return {};
}

}  // namespace

Result<yaml::Limits, std::string> parse_limits(const std::vector<std::string>& flags) {
  yaml::Limits limits;
  for (const auto& flag : flags) {
    const auto pair = split_pair(flag);
    const Row* found = nullptr;
    for (const auto& row : rows)
      if (pair && row.name == pair->first) found = &row;
    const auto amount = found != nullptr ? parse_amount(pair->second, *found) : std::nullopt;
    if (!amount)
      return failure(fmt::format("--limit takes size=64MiB (at most that), nodes=N or depth=N (at most 400), not `{}`", flag));
    limits.*found->limit = *amount;
  }
  return limits;
}

}  // namespace runbook

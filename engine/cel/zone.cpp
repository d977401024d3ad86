#include "cel/zone.h"

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <string>

#include "base/safe_file.h"

namespace runbook::cel {
namespace {

// Big-endian numbers of a tzfile, read with a check of every bound: the file is not ours.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool skip(std::size_t count) {
    if (count > bytes_.size()) return false;
    bytes_.remove_prefix(count);
    return true;
  }
  std::optional<std::int64_t> number(std::size_t size) {
    if (size > bytes_.size()) return {};
    std::uint64_t value = (static_cast<unsigned char>(bytes_[0]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8U | static_cast<unsigned char>(bytes_[i]);
    bytes_.remove_prefix(size);
    return static_cast<std::int64_t>(value);
  }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

struct Header {
  std::size_t utc, standard, leap, times, types, letters;
};

std::optional<Header> read_header(Reader& in) {
  if (!in.rest().starts_with("TZif") || !in.skip(20)) return {};
  std::size_t counts[6];
  for (auto& count : counts) {
    const auto n = in.number(4);
    if (!n || *n < 0) return {};
    count = static_cast<std::size_t>(*n);
  }
  return Header{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

// Behind the last transition the rules of summer time go on: a year of the table with the same calendar stands for it.
std::int64_t within_table(std::int64_t second) {
  using namespace std::chrono;
  constexpr int last = 2036;
  const auto midnight = floor<days>(sys_seconds(seconds(second)));
  const year wanted = year_month_day(midnight).year();
  if (static_cast<int>(wanted) <= last) return second;
  const auto first_day = [](year y) { return sys_days(y / January / 1); };
  for (int candidate = last; candidate > last - 28; --candidate) {
    const year y(candidate);
    if (y.is_leap() == wanted.is_leap() && weekday(first_day(y)) == weekday(first_day(wanted)))
      return second - duration_cast<seconds>(first_day(wanted) - first_day(y)).count();
  }
  return second;
}

// tzfile(5): a version 1 block, which is skipped, then the same with 64-bit times.
std::optional<std::int64_t> offset_in(std::string_view file, std::int64_t second) {
  Reader in(file);
  const auto old = read_header(in);
  if (!old || !in.skip(old->times * 5 + old->types * 6 + old->letters + old->leap * 8 + old->standard + old->utc)) return {};
  const auto header = read_header(in);
  if (!header || header->types == 0) return {};
  Reader kinds = in;
  if (!kinds.skip(header->times * 8)) return {};
  std::size_t before = 0;  // transitions not after the second
  for (std::size_t i = 0; i < header->times; ++i) {
    const auto at = in.number(8);
    if (!at) return {};
    if (*at <= second) before = i + 1;
  }
  Reader types = kinds;
  if (!types.skip(header->times)) return {};
  std::size_t type = 0;
  if (before > 0) {
    if (!kinds.skip(before - 1) || kinds.rest().empty()) return {};
    type = static_cast<unsigned char>(kinds.rest()[0]);
  }
  if (type >= header->types || !types.skip(type * 6)) return {};
  return types.number(4);
}

bool is_zone_name(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find("..") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' ||
           c == '+';
  });
}

}  // namespace

std::optional<std::int64_t> fixed_offset(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.size() != 5 || text[2] != ':') return {};
  for (const std::size_t i : {0U, 1U, 3U, 4U})
    if (text[i] < '0' || text[i] > '9') return {};
  const int hours = (text[0] - '0') * 10 + (text[1] - '0'), minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return {};
  const std::int64_t offset = hours * 3600 + minutes * 60;
  return negative ? -offset : offset;
}

std::optional<std::int64_t> zone_offset(std::string_view zone, std::int64_t second) {
  if (zone.empty() || zone == "UTC") return 0;
  if (const auto fixed = fixed_offset(zone)) return fixed;
  if (!is_zone_name(zone)) return {};
  const auto file = read_file("/usr/share/zoneinfo/" + std::string(zone), 1 << 20);
  if (!file) return {};
  return offset_in(*file, within_table(second));
}

}  // namespace runbook::cel
